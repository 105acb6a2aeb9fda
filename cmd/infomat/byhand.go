package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"infomat/kiosk"
	"infomat/kiosk/durable"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// byHandFile holds the reason for which a technician has closed booking; it outlives a restart, as the repair does.
func (p *parts) byHandFile() string {
	name, err := journalPath(p.config)
	if err != nil {
		return "" // there would be no journal either
	}
	return filepath.Join(filepath.Dir(name), "out-of-service")
}

// outOfService is the reason that was given by hand, or blank.
func (p *parts) outOfService() string {
	data, err := os.ReadFile(p.byHandFile())
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// setService closes booking for a reason, or opens it where the reason is blank.
func (p *parts) setService(reason string) {
	err := os.Remove(p.byHandFile())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if reason != "" {
		err = durable.WriteFile(p.byHandFile(), []byte(reason+"\n"), 0o600)
	}
	p.log.Info("service by hand", "closed", reason, "error", err)
	p.note(journal.KindOperator, journal.Note{Subject: "service", State: map[bool]string{true: "open", false: "closed"}[reason == ""], Detail: reason})
	p.poke(partByHand)
}

func (p *parts) byHandFinding(context.Context) health.Finding {
	reason := p.outOfService()
	if reason == "" {
		return health.Fine
	}
	return health.Finding{State: health.Down, Reason: reason, Detail: "closed by a technician", Closes: kiosk.ReasonByHand}
}
