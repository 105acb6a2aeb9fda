package screens

import (
	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// trailEntry is a question in the list of steps.
type trailEntry struct {
	name  widgets.Text
	value widgets.Text // the answer; blank if there is none yet
	done  bool         // answered
	now   bool         // being asked
}

// trail returns the list of steps: all questions, with the answers given so far.
func (f *frame) trail(s kiosk.State) []trailEntry {
	if f.done < 0 || f.done >= len(questions) {
		return nil
	}
	var entries []trailEntry
	for i, step := range questions {
		m := trailEntry{
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
		entries = append(entries, m)
	}
	return entries
}

// Measures of the list of steps in millimetres.
const (
	discMM     = 9
	discGapMM  = 4
	trailGapMM = 4
)

func (f *frame) entryHeight(width float32, m trailEntry) float32 {
	room := width - f.Look.MM(discMM+discGapMM)
	return max(f.Look.MM(discMM), f.Height(room, m.name)+f.Height(room, m.value))
}

func (f *frame) trailHeight(width float32, way []trailEntry) (h float32) {
	for _, m := range way {
		h += f.entryHeight(width, m) + f.Look.MM(trailGapMM)
	}
	return h
}

// drawTrail draws the list of steps from the top of an area. An answered question has a tick, the current one a
// filled disc, a later one an empty disc.
func (f *frame) drawTrail(a widgets.Area, way []trailEntry) {
	l := f.Look
	for _, m := range way {
		at := a.CutTop(f.entryHeight(a.W, m))
		a.CutTop(l.MM(trailGapMM))
		disc := at.CutLeft(l.MM(discMM))
		disc.H = disc.W
		disc.Y += max(0, (f.Height(at.W, m.name)-disc.H)/2) // vertically centred on the name
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
