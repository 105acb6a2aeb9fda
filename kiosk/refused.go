package kiosk

// The registry's refusal.

type (
	// ChangeAge goes back to the age screen from a refusal.
	ChangeAge struct{}
	// ChangeDoctor goes back to the doctors of the speciality from a refusal.
	ChangeDoctor struct{}
)

func (ChangeAge) scope() scope    { return tap }
func (ChangeDoctor) scope() scope { return tap }

func onRefused(s *State, e Event) []Command {
	switch e.(type) {
	case ChangeAge:
		s.Booking = Booking{}
		if s.Known {
			return askWho(s)
		}
		return show(s, StepAge)
	case ChangeDoctor:
		if s.Speciality.Code == "" {
			return nil
		}
		s.Booking = Booking{}
		return show(s, StepDoctor)
	default:
		return nil
	}
}
