package terminal

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"infomat/kiosk/durable"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// operator is the switch with which a technician closes booking. The reason stands in a file, which outlives a restart,
// as the repair does.
type operator struct {
	file  string
	notes *noteWriter
	poke  func(parts ...health.Part)
	log   *slog.Logger
}

// reason returns why a technician has closed booking; "": he has not.
func (o *operator) reason() string {
	data, err := os.ReadFile(o.file)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// set closes booking for a reason, or opens it where the reason is blank.
func (o *operator) set(reason string) {
	state := "closed"
	var err error
	if reason == "" {
		state = "open"
		if err = os.Remove(o.file); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else {
		err = durable.WriteFile(o.file, []byte(reason+"\n"), 0o600)
	}
	o.log.Info("service by hand", "closed", reason, "error", err)
	o.notes.add(journal.KindOperator, journal.Note{Subject: "service", State: state, Detail: reason})
	o.poke(health.PartOperator)
}
