package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"infomat/kiosk/durable"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// operatorFile holds the reason for which a technician has closed booking; it outlives a restart, as the repair does.
func (p *parts) operatorFile() string {
	name, err := journalPath(p.config)
	if err != nil {
		return "" // there would be no journal either
	}
	return filepath.Join(filepath.Dir(name), "out-of-service")
}

// outOfService is the reason that was given by hand, or blank.
func (p *parts) outOfService() string {
	data, err := os.ReadFile(p.operatorFile())
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// setService closes booking for a reason, or opens it where the reason is blank.
func (p *parts) setService(reason string) {
	err := os.Remove(p.operatorFile())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if reason != "" {
		err = durable.WriteFile(p.operatorFile(), []byte(reason+"\n"), 0o600)
	}
	p.log.Info("service by hand", "closed", reason, "error", err)
	p.note(journal.KindOperator, journal.Note{Subject: "service", State: map[bool]string{true: "open", false: "closed"}[reason == ""], Detail: reason})
	p.poke(health.PartOperator)
}
