package escpos

import "slices"

// Marker is what tells a printer that has restarted since the beginning of a job from one that has not; profiles.toml
// explains the values.
type Marker struct {
	Kind   string `toml:"kind"` // macro, none
	Source string `toml:"source"`
	Sure   string `toml:"sure"` // manual, family, guess
}

// The kinds of markers.
const (
	MarkerMacro = "macro"
	MarkerNone  = "none"
)

// checkMarker returns an error for a marker that cannot be used. A marker of the kind none becomes nil, and so does
// that of a printer that confirms nothing.
func (p *Profile) checkMarker() *valueError {
	if p.Marker == nil {
		return nil
	}
	switch m := *p.Marker; {
	case m.Kind == MarkerNone, p.Confirm == ConfirmNone:
		p.Marker = nil
	case m.Kind != MarkerMacro:
		return wrong("write macro or none", "marker: kind = %q", m.Kind)
	case m.Sure != "" && !slices.Contains([]string{"manual", "family", "guess"}, m.Sure):
		return wrong("write manual, family or guess", "marker: sure = %q", m.Sure)
	}
	return nil
}

// InOrder returns the question that is answered in the order of the buffer, at any place between two commands: the
// macro of a marker holds it, and it stands between the parts of a job. The profile has to have a marker.
func (p Profile) InOrder() Question {
	switch p.Confirm {
	case ConfirmESCv:
		return p.Ask[0]
	case ConfirmASB:
		q := *p.ASB
		q.Ask = append(slices.Clone(q.Ask), ASBOff...)
		return q
	case ConfirmGSr, ConfirmGSH, ConfirmMotor, ConfirmNone:
	}
	return PaperSensor
}

// DefineMarker returns the definition of the marker's macro, and its question: most printers also execute the commands
// of a macro while it is defined, so that the definition may be answered. The profile has to have a marker.
func (p Profile) DefineMarker() Question {
	q := p.InOrder()
	q.Ask = slices.Concat(Hex{0x1D, ':'}, q.Ask, Hex{0x1D, ':'})
	return q
}

// ExecuteMarker returns the question that executes the marker's macro a number of times (GS ^ r t m). It is answered so
// many times, and not at all by a printer that has restarted since the definition.
func (p Profile) ExecuteMarker(times int) Question {
	q := p.InOrder()
	q.Ask = Hex{0x1D, '^', byte(times), 0, 0}
	return q
}

// ForgetMacro leaves a printer without a macro, and ends a definition that was broken off. GS : GS : defines an empty
// macro, which is none. If a definition was open, the first GS : has ended it and the second one has begun another:
// GS ^ within a definition ends and clears it. r = 0 executes nothing (Epson TM-T88III specification, GS : and GS ^).
var ForgetMacro = Hex{0x1D, ':', 0x1D, ':', 0x1D, '^', 0, 0, 0}

// TryMacro is what a macro has to outlive in every job, and what some imitations may lose it by: ESC @, and a
// movement of the paper (ESC J, by one dot).
var TryMacro = Hex{0x1B, '@', 0x1B, 'J', 1}

// ASBOff switches the automatic status off (GS a 0).
var ASBOff = Hex{0x1D, 'a', 0}
