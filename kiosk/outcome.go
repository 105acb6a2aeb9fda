package kiosk

// Settled tells that a booking has come to its end: the registry's answer is known, or known to be unknown, and the paper's fate too. Until the
// patient asks for something more, nothing changes but the countdown.
func (s State) Settled() bool {
	switch s.Step {
	case StepTicket, StepUnconfirmed:
		if !s.Settings.Print {
			return true
		}
		return s.Booking.Print != PrintNone && !s.Booking.Print.Busy()
	case StepRefused, StepUnreachable:
		return true
	case StepTime:
		return s.Booking.Stage == StageRefused // the cell was taken: the fresh list is the answer
	}
	return false
}

// Outcome names what became of the booking as the commands report it: reserved, refused, unreachable or unknown; "" while it is not settled.
func (s State) Outcome() string {
	switch s.Booking.Stage {
	case StageConfirmed:
		return "reserved"
	case StageRefused:
		return "refused"
	case StageUnreachable:
		return "unreachable"
	case StageUnknown:
		return "unknown"
	}
	return ""
}

// PrintOutcome names what became of the paper: printed, failed, unknown, or skipped where none was asked for.
func (s State) PrintOutcome() string {
	switch s.Booking.Print {
	case PrintDone:
		return "printed"
	case PrintFailed:
		return "failed"
	case PrintUnknown, PrintPending, PrintRunning:
		return "unknown"
	}
	return "skipped"
}
