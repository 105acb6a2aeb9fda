package kiosk

// Settled reports whether a booking has come to its end: the registry's answer is known, or known to be unknown, and so
// is the paper's fate. Until the patient asks for something more, nothing changes but the countdown.
func (s State) Settled() bool {
	switch s.Step {
	case StepTicket, StepUnconfirmed:
		if s.Booking.Visit.Busy() || s.wantsVisit() {
			return false
		}
		if !s.Settings.Print {
			return true
		}
		return s.Booking.Print != PrintNone && !s.Booking.Print.Busy()
	case StepRefused, StepUnreachable:
		return true
	case StepTime:
		return s.Booking.Stage == StageRefused // the cell was taken: the fresh list is the answer
	default:
		return false
	}
}

// Outcome is what became of a booking, in the words of the commands' JSON.
type Outcome string

// The outcomes of a booking.
const (
	OutcomeNone        Outcome = "" // not settled yet
	OutcomeReserved    Outcome = "reserved"
	OutcomeVisited     Outcome = "visited" // reserved, and the visit was made
	OutcomeRefused     Outcome = "refused"
	OutcomeUnreachable Outcome = "unreachable" // certainly nothing was reserved
	OutcomeUnknown     Outcome = "unknown"
)

// Outcome returns what became of the booking.
func (s State) Outcome() Outcome {
	switch s.Booking.Stage {
	case StageConfirmed:
		if s.Booking.Visit == VisitMade {
			return OutcomeVisited
		}
		return OutcomeReserved
	case StageRefused:
		return OutcomeRefused
	case StageUnreachable:
		return OutcomeUnreachable
	case StageUnknown:
		return OutcomeUnknown
	case StageIntent, StageSent, StagePrinting, StagePrinted, StagePrintFailed, StagePrintUnknown, StageDone,
		StageVisitIntent, StageVisitSent, StageVisited, StageVisitRefused, StageVisitUnknown:
	}
	return OutcomeNone
}

// PrintOutcome is what became of the paper, in the words of the commands' JSON.
type PrintOutcome string

// The outcomes of a print.
const (
	PrintOutcomePrinted PrintOutcome = "printed"
	PrintOutcomeFailed  PrintOutcome = "failed"
	PrintOutcomeUnknown PrintOutcome = "unknown"
	PrintOutcomeSkipped PrintOutcome = "skipped" // none was asked for
)

// PrintOutcome returns what became of the paper.
func (s State) PrintOutcome() PrintOutcome {
	switch s.Booking.Print {
	case PrintDone:
		return PrintOutcomePrinted
	case PrintFailed:
		return PrintOutcomeFailed
	case PrintUnknown, PrintPending, PrintRunning:
		return PrintOutcomeUnknown
	case PrintNone:
	}
	return PrintOutcomeSkipped
}
