package screens

import (
	"time"

	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/kiosk/guide"
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
	Language  string         // the tag of Lang, for texts of the clinic
	Guide     *guide.Guide   // the clinic's own knowledge; nil: there is none
	Languages []LanguageName // that the screen can have
	Now       time.Time
	Pages     *Pages
	Send      func(kiosk.Event)
	Redraw    func() // draws the same state again after a list shows another page
	Speak     func() // reads the page aloud again; nil if the system has no speech program

	layout              // set by Draw
	chosen viewed       // the view that Draw was asked for
	acts   widgets.Area // «Забронировать» of the page below this one, set by Draw; see Page.acts
}

// layout says how a page saves room.
type layout struct {
	plain  bool // no pictures, names of the steps and larger cards
	dense  bool // also in one column with narrow margins, and the foot in as few rows as possible; implies plain
	turned bool // also spread over several pages to be turned; implies dense
}

// layouts holds the layouts that show everything at once, from the most generous on.
var layouts = [...]layout{{}, {plain: true}, {plain: true, dense: true}}

// turned is the layout that remains if nothing else fits.
var turned = layout{plain: true, dense: true, turned: true}

// Pages holds the current page of each list of a step. It is reset when the step changes.
type Pages struct {
	Sheet *Sheet // the settings of the view, laid over the page; nil if they are closed

	Before Before // what the page before this step left free

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
	Passes []string              // those of them that change as time passes
	Text   kiosk.TextSize        // the text size used: the patient's, or a smaller one if that does not fit
	Beside func()                // called by a tap beside the buttons; nil if that means nothing
	Tool   widgets.Area          // free place for the button of the view; none if zero
	tight  bool                  // something does not fit
	sparse bool                  // a list shows so few cards per page that another layout is better
	acts   widgets.Area          // «Забронировать», if the page has it
	free   widgets.Area          // where the question for the time has no target, so that the next page may act
	leaves int                   // number of pages to be turned, 0 if the layout is another
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

// Draw draws the screen of the state's step, or the question whether the patient is still there. The text is as large
// as the patient chose it, or one step smaller, never less. If it does not fit, Draw tries again without pictures and
// other decoration, then in one column, and at last on several pages to be turned. It never leaves out or clips
// necessary text.
func Draw(e Env, s kiosk.State) Page {
	draw, pages := byStep[s.Step].draw, e.Pages
	switch {
	case s.Warning:
		draw = idle
	case e.Pages.Sheet != nil:
		draw, pages = viewSheet, &e.Pages.Sheet.pages
	}
	if s.Step == kiosk.StepCheck && (s.Warning || e.Pages.Sheet != nil) {
		below, under := *e.Pages, s
		below.Sheet, under.Warning = nil, false
		env := e
		env.Pages = &below
		e.acts = Draw(env, under).acts
	}
	if s.Step == kiosk.StepWelcome {
		widgets.Forget()
	}
	e.chosen = viewedIn(e.Look)
	var page Page
	before := *pages
	for _, try := range tries(e.Look.Text) {
		e.Look.Text, e.layout = try.text, try.layout
		*pages = before // what did not fit may have had fewer pages
		page = draw(e, s)
		if page.leaves > 0 && pages.List >= page.leaves { // the page that was shown has gone
			pages.List = page.leaves - 1
			page = draw(e, s)
		}
		if !page.tight && !page.sparse {
			break
		}
	}
	page.Text = e.Look.Text
	if page.free.H > 0 {
		e.Pages.Before = Before{page.free, e.chosen}
	}
	return page
}

// try is a text size and a layout in which a page may be drawn.
type try struct {
	text kiosk.TextSize
	layout
}

// tries returns what Draw tries for a chosen text size, in order. Turning a page is worse than a text that is one
// step smaller, but for who has asked for text of twice the normal size.
func tries(chosen kiosk.TextSize) []try {
	var all, last []try
	for size := chosen; size >= max(kiosk.TextNormal, chosen-1); size-- {
		for _, l := range layouts {
			all = append(all, try{size, l})
		}
		last = append(last, try{size, turned})
		if size == kiosk.TextDouble {
			all, last = append(all, last...), nil
		}
	}
	return append(all, last...)
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
		kiosk.StepWelcome:      {draw: welcome},
		kiosk.StepWho:          {draw: who},
		kiosk.StepPolicy:       {draw: policy},
		kiosk.StepBirth:        {draw: birth},
		kiosk.StepIdentifying:  {draw: identifying},
		kiosk.StepUnidentified: {draw: unidentified},
		kiosk.StepAge:          {age, ageAnswer},
		kiosk.StepSpeciality:   {speciality, specialityAnswer},
		kiosk.StepDoctor:       {doctor, doctorAnswer},
		kiosk.StepTime:         {timetable, timeAnswer},
		kiosk.StepCheck:        {draw: check},
		kiosk.StepReserving:    {draw: reserving},
		kiosk.StepTicket:       {draw: ticket},
		kiosk.StepRefused:      {draw: refused},
		kiosk.StepUnconfirmed:  {draw: unconfirmed},
		kiosk.StepUnreachable:  {draw: unreachable},
		kiosk.StepClosed:       {draw: closed},
		kiosk.StepOffer:        {draw: offer},
	}
}
