package main

import (
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"infomat/kiosk/health"
	"infomat/ui"
)

// tellSystem tells systemd how the program is (sd_notify(3)); without systemd it tells nobody.
func (p *parts) tellSystem(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		p.log.Warn("systemd could not be told", "state", state, "error", err)
	}
}

// firstFrame says when the terminal can first be seen, and that it is ready.
func (p *parts) firstFrame() func(ui.Frame) {
	var once sync.Once
	return func(f ui.Frame) {
		once.Do(func() {
			p.log.Info("first frame", "ms", f.At.Sub(started).Milliseconds(), "step", f.State.Step)
			p.tellSystem(daemon.SdNotifyReady)
		})
	}
}

// Longest silences. A screen that is drawn by the processor of a small machine under load can take seconds; a disk too.
const (
	screenSilence  = 20 * time.Second
	machineSilence = 20 * time.Second // it hears a tick each second
	journalSilence = 60 * time.Second // it is looked at every 10 seconds
)

// watchdog watches that screen, machine and journal make progress. While they do it feeds systemd's watchdog, where there is one; when they do not,
// it ends the program. Ask asks the screen's thread for a beat.
func (p *parts) watchdog(ask func(beat func())) *health.Watchdog {
	every := 5 * time.Second
	if limit, err := daemon.SdWatchdogEnabled(false); err == nil && limit > 0 {
		every = min(every, limit/3)
	}
	return &health.Watchdog{
		Sources: []health.Source{
			{Name: sourceScreen, Limit: screenSilence, Ask: ask},
			{Name: sourceMachine, Limit: machineSilence},
			{Name: sourceJournal, Limit: journalSilence},
		},
		Every:   every,
		Feed:    func() error { p.tellSystem(daemon.SdNotifyWatchdog); return nil },
		Stalled: p.stalled,
	}
}
