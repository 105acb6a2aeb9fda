package health

import (
	"time"

	"infomat/kiosk"
)

// Status is a part as it is believed to be.
type Status struct {
	Finding
	Since   time.Time // when this kind of finding began
	Checked time.Time // when the last look ended; zero: there was none yet
	Flaps   int       // how often it has lately failed again soon after a recovery
}

// Mode is the terminal's own state.
type Mode int

// The modes.
const (
	OutOfService Mode = iota // nothing can be booked
	Limited                  // booking works, and there is no paper: what is booked has to be written down
	InService                //
)

// String names the mode for logs and the journal.
func (m Mode) String() string {
	return [...]string{OutOfService: "out of service", Limited: "limited", InService: "in service"}[m]
}

// Level is how bad a mode is.
func (m Mode) Level() Level {
	return [...]Level{OutOfService: Failure, Limited: Warning, InService: OK}[m]
}

// Snapshot is the state of all parts at one moment.
type Snapshot struct {
	Mode    Mode
	Since   time.Time     // when the mode began
	Parts   []Status      // in the order in which they are watched
	Service kiosk.Service // what works for patients
}

func modeOf(s kiosk.Service) Mode {
	switch {
	case s.Down != "":
		return OutOfService
	case s.NoPaper:
		return Limited
	}
	return InService
}
