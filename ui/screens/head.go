package screens

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// clinicText returns the clinic's name.
func (f *frame) clinicText(s kiosk.State) widgets.Text {
	return widgets.Text{
		String: s.Overview.Clinic.Name, Role: theme.Small, Weight: theme.SemiBold, Color: f.Look.Ink, Lines: 2,
	}
}

// clockText returns the time of day.
func (f *frame) clockText() widgets.Text {
	return widgets.Text{
		String: clock(f.Now), Role: theme.Small, Weight: theme.Bold, Color: f.Look.Ink,
		Align: fyne.TextAlignTrailing, Lines: 1,
	}
}

// head draws the clinic's name and the clock, and the date if there is room for it. At its right it keeps a place free
// for the button of the view.
func (f *frame) head(page *widgets.Area, s kiosk.State) {
	l := f.Look
	now, name := f.clockText(), f.clinicText(s)
	date := now
	date.String, date.Weight, date.Color = f.shortDate(f.Now), theme.Regular, l.SoftInk
	clockWidth, dateWidth := f.Width(now)+l.MM(1), f.Width(date)+l.MM(4)
	room, tool := page.W-clockWidth-l.MM(5), float32(0)
	if f.hasHeadTool() {
		tool = l.MM(theme.TargetMM)
		room -= tool + f.gap()
	}
	withDate := f.Width(name) <= room-dateWidth
	a := page.CutTop(max(l.MM(10), tool, f.Height(room, name)))
	if tool > 0 {
		f.keepTool(a.CutRight(tool))
		a.CutRight(f.gap())
	}
	f.follow(f.Line(a.CutRight(clockWidth), now), clock)
	if withDate {
		dateArea := a.CutRight(dateWidth)
		dateArea.W -= l.MM(3)
		f.follow(f.Line(dateArea, date), f.shortDate)
	}
	a.CutRight(l.MM(5))
	f.Middle(a, name)
}

// withTool adds to the foot the place for the button of the view in the low mode, in which the head cannot be reached.
func (f *frame) withTool(foot []choice) []choice {
	if f.Look.Low {
		return append(foot, choice{tool: true})
	}
	return foot
}

// keepTool keeps a place free for the button of the view; see Page.Tool.
func (f *frame) keepTool(a widgets.Area) {
	side := f.Look.MM(theme.TargetMM)
	f.tool = widgets.Area{X: a.X + a.W - side, Y: a.Y + (a.H-side)/2, W: side, H: side}
}

// hasHeadTool reports whether the head keeps the place for the button of the view. In the low mode the foot does.
func (f *frame) hasHeadTool() bool { return f.hasTool && !f.Look.Low }

// follow updates a line whenever the text for the current time changes.
func (f *frame) follow(line *canvas.Text, say func(time.Time) string) {
	f.live = append(f.live, func(t time.Time) {
		if text := say(t); text != line.Text {
			line.Text = text
			line.Refresh()
		}
	})
}

// progress draws a bar with the number of answered questions, and the names of the questions if they fit.
func (f *frame) progress(page *widgets.Area) {
	l := f.Look
	a := page.CutTop(l.MM(6))
	if f.done < 0 {
		return
	}
	names := f.stepNames((a.W - l.MM(barGapMM)*float32(len(questions)-1)) / float32(len(questions)))
	if len(names) > 0 {
		page.CutTop(f.Height(a.W, names[0]) - l.MM(1))
	}
	a.H = l.MM(2)
	f.bars(a, names)
}

// barGapMM is the distance between two bars of the progress in millimetres.
const barGapMM = 2.5

// bars draws a bar for each question, with its name below it if there are names.
func (f *frame) bars(a widgets.Area, names []widgets.Text) {
	l := f.Look
	steps := len(questions)
	gap := l.MM(barGapMM)
	w := (a.W - gap*float32(steps-1)) / float32(steps)
	for i := range steps {
		c := l.Ahead
		switch {
		case i < f.done:
			c = l.Accent
		case i == f.done:
			c = l.Doing
		}
		bar := widgets.Area{X: a.X + float32(i)*(w+gap), Y: a.Y, W: w, H: a.H}
		f.Box(bar, c, nil)
		if len(names) > 0 {
			f.Text(widgets.Area{X: bar.X, Y: bar.Y + bar.H + l.MM(1), W: w}, names[i])
		}
	}
}

// stepNames returns the names of the questions with the current one emphasised, or nil if a name does not fit.
func (f *frame) stepNames(width float32) []widgets.Text {
	if f.plain {
		return nil
	}
	var names []widgets.Text
	for i, step := range questions {
		t := widgets.Text{String: f.t("steps." + step.String()), Role: theme.Small, Color: f.Look.SoftInk, Lines: 1}
		if i == f.done {
			t.Weight, t.Color = theme.SemiBold, f.Look.Ink
		}
		if f.Width(t) > width {
			return nil
		}
		names = append(names, t)
	}
	return names
}
