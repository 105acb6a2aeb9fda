package machine

import (
	"bufio"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// entry is a line of the terminal's journal.
type entry struct {
	Kind      string
	Operation uuid.UUID
	Stage     string
	Num       string
	Ticket    uuid.UUID `json:"ticketGuid"`
	Copy      bool
	Subject   string
	State     string
	Detail    string
}

// journal returns the terminal's journal.
func (h *hall) journal(t *testing.T) (all []entry) {
	t.Helper()
	out := h.ask(t, "infomat journal --config /etc/infomat/infomat.toml --json 2>/dev/null")
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatalf("the journal: %v: %s", err, lines.Text())
		}
		all = append(all, e)
	}
	return all
}

// stages returns the stages of the newest booking.
func (h *hall) stages(t *testing.T) (stages []string, last entry) {
	t.Helper()
	var newest uuid.UUID
	all := h.journal(t)
	for _, e := range all {
		if e.Kind == "booking" && e.Stage == "INTENT" {
			newest = e.Operation
		}
	}
	for _, e := range all {
		if e.Kind == "booking" && e.Operation == newest {
			stages = append(stages, e.Stage)
			last = e
		}
	}
	return stages, last
}

// lastStage is the stage of the newest booking as the terminal has written it, or blank.
func (h *hall) lastStage() string {
	out, err := h.shell.run(lookWithin, `infomat journal --config /etc/infomat/infomat.toml --json 2>/dev/null |
		grep '"kind":"booking"' | tail -n 1 | sed 's/.*"stage":"\([A-Z_]*\)".*/\1/'`)
	if err != nil {
		return ""
	}
	return out
}
