package health

import (
	"time"

	"infomat/kiosk"
)

// State is how a part is.
type State int

// The states, the better first.
const (
	Unknown  State = iota // not asked yet
	OK                    //
	Degraded              // works, and somebody should look at it
	Down                  // does not work
)

// String names the state as logs, the journal and diagnostics use it.
func (s State) String() string {
	return [...]string{Unknown: "unknown", OK: "ok", Degraded: "degraded", Down: "down"}[s]
}

// Finding is what one look at a part has told, and what it means to visits.
type Finding struct {
	State  State
	Reason string // one or two words that stay the same while the cause does: paper-out
	Detail string // for technicians; no personal data

	Closes  kiosk.Reason // why nothing can be booked; "": it does not keep anybody from booking
	NoPaper bool         // no ticket can be printed
}

// Fine is a part that has nothing to say.
var Fine = Finding{State: OK}

// Status is a part as it is believed to be.
type Status struct {
	Part string
	Finding
	Since   time.Time // when this state and reason began
	Checked time.Time // when it was last looked at
	Flaps   int       // how often it has lately fallen again soon after it had come back
}

// Level is the terminal's own state.
type Level int

// The levels.
const (
	OutOfService Level = iota // nothing can be booked
	Limited                   // what is booked has to be written down: there is no paper
	InService
)

// String names the level as logs, the journal and diagnostics use it.
func (l Level) String() string {
	return [...]string{OutOfService: "out of service", Limited: "limited", InService: "in service"}[l]
}

// Snapshot is everything at one moment.
type Snapshot struct {
	Level   Level
	Since   time.Time // when the level began
	Parts   []Status  // in the order in which they are watched
	Service kiosk.Service
}

// judge draws the terminal's own state from its parts: the first that closes it counts. A part that was not looked at yet closes nothing but what
// it is needed for: see [Part.Unasked].
func judge(parts []Status) (Level, kiosk.Service) {
	var s kiosk.Service
	for _, p := range parts {
		if s.Down == "" {
			s.Down = p.Closes
		}
		s.NoPaper = s.NoPaper || p.NoPaper
	}
	switch {
	case s.Down != "":
		return OutOfService, s
	case s.NoPaper:
		return Limited, s
	}
	return InService, s
}
