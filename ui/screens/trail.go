package screens

import (
	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// mark is a question on the way: answered, being asked, or still to come.
type mark struct {
	name  widgets.Text
	value widgets.Text // the answer; blank: none yet, or no room for it
	done  bool
	now   bool
}

// trail is the way from the first question to the last, with the answers given so far.
func (f *frame) trail(s kiosk.State) []mark {
	if f.done < 0 || f.done >= len(questions) {
		return nil
	}
	var marks []mark
	for i, step := range questions {
		m := mark{
			name: widgets.Text{String: f.t("steps." + step.String()), Role: theme.Body, Color: f.Look.SoftInk, Lines: 1},
			done: i < f.done, now: i == f.done,
		}
		if m.now {
			m.name.Weight, m.name.Color = theme.SemiBold, f.Look.Ink
		}
		if m.done {
			m.value = widgets.Text{
				String: byStep[step].answer(f.Env, s),
				Role:   theme.Small,
				Weight: theme.SemiBold,
				Color:  f.Look.Ink,
				Lines:  2,
			}
		}
		marks = append(marks, m)
	}
	return marks
}

// Measures of the trail in millimetres.
const (
	discMM     = 9
	discGapMM  = 4
	trailGapMM = 4
)

func (f *frame) markHeight(width float32, m mark) float32 {
	room := width - f.Look.MM(discMM+discGapMM)
	return max(f.Look.MM(discMM), f.Height(room, m.name)+f.Height(room, m.value))
}

func (f *frame) trailHeight(width float32, way []mark) (h float32) {
	for _, m := range way {
		h += f.markHeight(width, m) + f.Look.MM(trailGapMM)
	}
	return h
}

// drawTrail draws the marks from the area's top: a tick where the question is answered, a full disc where it is
// asked, an empty one where it comes later.
func (f *frame) drawTrail(a widgets.Area, way []mark) {
	l := f.Look
	for _, m := range way {
		at := a.CutTop(f.markHeight(a.W, m))
		a.CutTop(l.MM(trailGapMM))
		disc := at.CutLeft(l.MM(discMM))
		disc.H = disc.W
		disc.Y += max(0, (f.Height(at.W, m.name)-disc.H)/2) // beside the name's middle
		at.CutLeft(l.MM(discGapMM))
		switch {
		case m.done:
			f.Disc(disc, l.Tint, nil)
			f.Icon(disc.Inset(disc.W*0.12, disc.W*0.12), "check", l.Accent)
		case m.now:
			f.Disc(disc.Inset(disc.W*0.12, disc.W*0.12), l.Accent, nil)
		default:
			f.Disc(disc.Inset(disc.W*0.12, disc.W*0.12), l.Ground, l.SoftInk)
		}
		if m.value.String == "" {
			f.Middle(at, m.name)
			continue
		}
		at.CutTop(f.Text(at, m.name))
		f.Text(at, m.value)
	}
}
