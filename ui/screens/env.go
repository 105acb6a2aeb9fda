package screens

import (
	"time"

	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// Language returns texts by their id.
type Language interface {
	Text(id string, data map[string]any) string
	Plural(id string, n int, data map[string]any) string
}

// Env is what a screen is drawn with.
type Env struct {
	Look   theme.Look
	Lang   Language
	Next   NextLanguage // where the language button leads
	Now    time.Time
	Pages  *Pages
	Send   func(kiosk.Event)
	Redraw func() // draws the same state again, after a page was turned
	Speak  func() // reads the page aloud once more; nil where the system cannot speak

	plain bool // without what is only good to have: pictures, names of the steps, larger cards
}

// NextLanguage is a language by its tag and by what it calls itself. Where there is but one language both are blank.
type NextLanguage struct{ Tag, Name string }

// Pages are the pages that the lists of a step are turned to. They begin at zero with each step.
type Pages struct {
	List int
	Days int
}

// Page is a drawn screen.
type Page struct {
	Object *fyne.Container
	Live   []func(now time.Time) // changes what changes with time: a clock, a countdown
	Ring   *widgets.Ring         // the countdown, where there is one; its figures are among Live
	Beat   func(n int)           // shows the nth sign of a progress without a known end; nil: nothing is waited for
	Said   []string              // the page's texts in the order in which a voice reads them
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

// Draw draws the screen of the state's step, or the question whether the patient is still there. Where the panel is
// too small for all that the screen has to say in the text size that the patient has chosen, it first goes without
// its pictures, and then is said in the next smaller one: nothing that matters is left out and nothing is clipped.
func Draw(e Env, s kiosk.State) Page {
	draw := byStep[s.Step].draw
	if s.Warning {
		draw = idle
	}
	for {
		page := draw(e, s)
		switch {
		case !page.tight && !page.sparse || e.plain && e.Look.Text == kiosk.TextNormal:
			page.Text = e.Look.Text
			return page
		case !e.plain:
			e.plain = true
		default:
			e.Look.Text--
		}
	}
}

// screen is how a step is shown.
type screen struct {
	draw   func(Env, kiosk.State) Page
	answer func(Env, kiosk.State) string // of a question: the answer given, as the way so far shows it
}

// byStep has a screen for each step; each question but the last has its answer. It is filled here because a screen
// shows the answers to the questions before it.
var byStep map[kiosk.Step]screen

func init() {
	//exhaustive:enforce
	byStep = map[kiosk.Step]screen{
		kiosk.StepWelcome:     {draw: welcome},
		kiosk.StepAge:         {age, ageAnswer},
		kiosk.StepSpeciality:  {speciality, specialityAnswer},
		kiosk.StepDoctor:      {doctor, doctorAnswer},
		kiosk.StepTime:        {timetable, timeAnswer},
		kiosk.StepCheck:       {draw: check},
		kiosk.StepReserving:   {draw: reserving},
		kiosk.StepTicket:      {draw: ticket},
		kiosk.StepRefused:     {draw: refused},
		kiosk.StepUnconfirmed: {draw: unconfirmed},
		kiosk.StepUnreachable: {draw: unreachable},
		kiosk.StepClosed:      {draw: closed},
		kiosk.StepOffer:       {draw: offer},
	}
}
