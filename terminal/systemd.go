package terminal

import (
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// systemd sends the state of the program to systemd (sd_notify(3)). Without systemd it does nothing.
type systemd struct{ log *slog.Logger }

func (s *systemd) tell(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		s.log.Warn("systemd could not be told", "state", state, "error", err)
	}
}

func (s *systemd) ready()             { s.tell(daemon.SdNotifyReady) }
func (s *systemd) alive()             { s.tell(daemon.SdNotifyWatchdog) }
func (s *systemd) stopping()          { s.tell(daemon.SdNotifyStopping) }
func (s *systemd) status(text string) { s.tell("STATUS=" + text) }

// Waiting calls wait, which may last for days, and returns its error. Meanwhile systemd counts the program as started,
// feeds its watchdog and shows the reason. A package that is installed at night does not wait with it.
func Waiting(log *slog.Logger, reason string, wait func() error) error {
	s := &systemd{log}
	s.status(reason)
	s.ready()
	result := make(chan error, 1)
	go func() { result <- wait() }()
	every := time.NewTicker(s.watchdogEvery())
	defer every.Stop()
	for {
		s.alive()
		select {
		case err := <-result:
			s.alive()
			return err
		case <-every.C:
		}
	}
}

// watchdogEvery is how often systemd's watchdog has to be fed.
func (s *systemd) watchdogEvery() time.Duration {
	every := 5 * time.Second
	if limit, err := daemon.SdWatchdogEnabled(false); err == nil && limit > 0 {
		every = min(every, limit/3)
	}
	return every
}
