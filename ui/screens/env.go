package screens

import (
	"time"

	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/ui/theme"
)

// Language gives texts by their id.
type Language interface {
	Text(id string, data map[string]any) string
	Plural(id string, n int, data map[string]any) string
}

// Env is what a screen is drawn with.
type Env struct {
	Look   theme.Look
	Lang   Language
	Other  []kiosk.View // the views that a tap on the language button goes through, each with another language
	Now    time.Time
	Pages  *Pages
	Send   func(kiosk.Event)
	Redraw func() // draws the same state again, after a page was turned
}

// Pages are the pages that the lists of a step are turned to. They begin at zero with each step.
type Pages struct {
	List int
	Days int
}

// Page is a drawn screen.
type Page struct {
	Object *fyne.Container
	Live   []func(now time.Time) // changes what changes with time: a clock, a countdown
	Text   kiosk.TextSize        // the text size that it is set in: the patient's, or the largest that has room
	tight  bool                  // something had no room
	sparse bool                  // there was room for so little that a smaller text serves better
}

func (e Env) t(id string) string { return e.Lang.Text(id, nil) }

func (e Env) tap(event kiosk.Event) func() { return func() { e.Send(event) } }

// turn makes a tap that turns a list to another page.
func (e Env) turn(page *int, to int) func() {
	return func() {
		*page = to
		e.Send(kiosk.Touch{})
		e.Redraw()
	}
}

// Draw draws the screen of the state's step, or the question whether the patient is still there. Where the panel is too small for all that the screen
// has to say in the text size that the patient has chosen, it is said in the next smaller one: nothing is left out and nothing is clipped.
func Draw(e Env, s kiosk.State) Page {
	draw, ok := byStep[s.Step]
	switch {
	case s.Warning:
		draw = idle
	case !ok:
		draw = closed
	}
	for {
		page := draw(e, s)
		if !page.tight && !page.sparse || e.Look.Text == kiosk.TextNormal {
			page.Text = e.Look.Text
			return page
		}
		e.Look.Text--
	}
}

var byStep = map[kiosk.Step]func(Env, kiosk.State) Page{
	kiosk.StepWelcome:     welcome,
	kiosk.StepAge:         age,
	kiosk.StepSpeciality:  speciality,
	kiosk.StepDoctor:      doctor,
	kiosk.StepTime:        timetable,
	kiosk.StepCheck:       check,
	kiosk.StepReserving:   reserving,
	kiosk.StepTicket:      ticket,
	kiosk.StepRefused:     refused,
	kiosk.StepUnconfirmed: unconfirmed,
	kiosk.StepUnreachable: unreachable,
	kiosk.StepClosed:      closed,
	kiosk.StepOffer:       offer,
}
