package screens

import (
	"time"

	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// Language returns texts by id.
type Language interface {
	Text(id string, data map[string]any) string
	Plural(id string, n int, data map[string]any) string
}

// Env holds what a screen needs for drawing, apart from the state.
type Env struct {
	Look      theme.Look
	Lang      Language
	Languages []LanguageName // that the screen can have
	Now       time.Time
	Pages     *Pages
	Send      func(kiosk.Event)
	Redraw    func() // draws the same state again after a list shows another page
	Speak     func() // reads the page aloud again; nil if the system has no speech program

	plain bool // leaves out pictures, names of the steps and larger cards, to save room; see Draw
}

// Pages holds the current page of each list of a step. It is reset when the step changes.
type Pages struct {
	Sheet *Sheet // the settings of the view, laid over the page; nil if they are closed

	List int // of cards or cells, from 0
	Days int // of the strip of days, from 1; 0 means not chosen yet
}

// Page is a drawn screen.
type Page struct {
	Object *fyne.Container
	Live   []func(now time.Time) // update the parts that show time: the clock, the countdown
	Ring   *widgets.Ring         // the countdown, updated by Live; nil if there is none
	Beat   func(n int)           // shows step n of the progress animation; nil if the page waits for nothing
	Said   []string              // the page's texts in reading order, to be read aloud
	Text   kiosk.TextSize        // the text size used: the patient's, or a smaller one if that does not fit
	Beside func()                // called by a tap beside the buttons; nil if that means nothing
	Tool   widgets.Area          // free place for the button of the view; none if zero
	tight  bool                  // something does not fit
	sparse bool                  // a list shows so few cards per page that a smaller text is better
}

func (e Env) t(id string) string { return e.Lang.Text(id, nil) }

// tap returns a function that sends an event.
func (e Env) tap(event kiosk.Event) func() { return func() { e.Send(event) } }

// turn returns a function that sets the page of a list and redraws.
func (e Env) turn(page *int, to int) func() {
	return func() {
		*page = to
		e.Send(kiosk.Touch{})
		e.Redraw()
	}
}

// Draw draws the screen of the state's step, or the question whether the patient is still there. If the texts do
// not fit in the chosen text size, Draw tries again without pictures and other decoration, and then with smaller
// text. It never leaves out or clips necessary text.
func Draw(e Env, s kiosk.State) Page {
	draw := byStep[s.Step].draw
	switch {
	case s.Warning:
		draw = idle
	case e.Pages.Sheet != nil:
		draw = viewSheet
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

// screen draws a step.
type screen struct {
	draw   func(Env, kiosk.State) Page
	answer func(Env, kiosk.State) string // returns the answer to a question, for the list of steps
}

// byStep holds the screen of each step, and the answer of each question except the last. init fills it, because an
// initializer would be a cycle: screens show the answers to earlier questions.
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
