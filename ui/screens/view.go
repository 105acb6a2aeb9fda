package screens

import (
	"time"

	"infomat/kiosk"
	"infomat/ui/focus"
	"infomat/ui/widgets"
)

// Sheet holds the settings of the view while they are laid over a page.
type Sheet struct {
	Opened time.Time
	pages  Pages
}

// LanguageName is the tag of a language and its name in that language.
type LanguageName struct{ Tag, Name string }

// openSheet lays the settings of the view over the page.
func (e Env) openSheet() {
	e.Pages.Sheet = &Sheet{Opened: time.Now()}
	e.Send(kiosk.Touch{})
	e.Redraw()
}

// viewChoice is the button that opens the settings of the view.
func (e Env) viewChoice() choice {
	name := e.t("welcome.settings")
	return choice{id: "view.open", icon: "text-size", label: name, says: name, tap: e.openSheet}
}

// AddViewButton draws the button that opens the settings of the view in the place that a page keeps for it.
func AddViewButton(e Env, page Page) {
	if page.Tool.W == 0 || e.Pages.Sheet != nil {
		return
	}
	s := widgets.NewSheet(e.Look)
	open := e.viewChoice()
	s.Button(page.Tool, widgets.Target{ID: open.id, Says: open.label, Part: focus.Head, OnTap: open.tap}, open.icon, "")
	page.Object.Add(s.Object())
}

// viewSheet draws the settings of the view, each with its state. A tap changes to the next one. The only other button
// leads back to the page below.
func viewSheet(e Env, s kiosk.State) Page {
	below := e.Pages
	e.Pages = &below.Sheet.pages
	f := newFrame(e, s, question{title: e.t("welcome.settings"), list: true, many: true, foot: []choice{{
		id: "view.close", label: e.t("view.close"), style: widgets.Filled, tap: func() {
			below.Sheet = nil
			e.Send(kiosk.Touch{})
			e.Redraw()
		},
	}}})
	f.ordered, f.side = true, widgets.Area{}
	f.skipUpperHalf()
	f.avoidActs()
	f.cards(f.viewCards(s.View), 30)
	return f.page()
}

// viewCards returns a card for each setting of the view, and one for each other language.
func (f *frame) viewCards(v kiosk.View) (all []widgets.Card) {
	text, contrast, low, aloud := v, v, v, v
	text.Text = (v.Text + 1) % (f.Look.MostText() + 1)
	contrast.Contrast = (v.Contrast + 1) % (kiosk.ContrastWhiteOnBlack + 1)
	low.Low = !v.Low
	aloud.Aloud = !v.Aloud
	card := func(id, icon, title, state string, next kiosk.View) {
		all = append(all, widgets.Card{
			Target: widgets.Target{ID: id, Style: widgets.Plain, OnTap: f.tap(kiosk.SetView{View: next})},
			Icon:   icon, Title: title, Sub: state,
		})
	}
	lower := map[bool]string{false: "low", true: "high"}[v.Low]
	card("view.text", "text-size", f.t("view.text"), f.t(textStates[v.Text]), text)
	card("view.contrast", "contrast", f.t("view.contrast"), f.t(contrastStates[v.Contrast]), contrast)
	card("view.low", lower+"er", f.t("view."+lower), f.t("view.now_"+lower), low)
	if f.Speak != nil {
		voice := map[bool]string{false: "aloud", true: "silent"}[v.Aloud]
		card("view.aloud", "speaker", f.t("view."+voice), f.t("view.now_"+voice), aloud)
	}
	if f.Speak != nil && v.Aloud {
		rate, volume := v, v
		rate.Rate, volume.Volume = v.Rate.Next(), v.Volume.Next()
		card("view.rate", "clock", f.t("view.rate"), f.t(rateStates[v.Rate]), rate)
		card("view.volume", "ear", f.t("view.volume"), f.t(volumeStates[v.Volume]), volume)
	}
	for _, l := range f.Languages {
		if l.Tag != v.Language {
			next := v
			next.Language = l.Tag
			card("view.language."+l.Tag, "globe", l.Name, "", next)
		}
	}
	return all
}

// The texts of the states of the settings with more than two.
//
//exhaustive:enforce
var (
	textStates = map[kiosk.TextSize]string{
		kiosk.TextNormal: "view.now_normal", kiosk.TextLarge: "view.now_large", kiosk.TextExtra: "view.now_extra",
		kiosk.TextDouble: "view.now_double",
	}
	contrastStates = map[kiosk.Contrast]string{
		kiosk.ContrastCalm:         "view.now_calm",
		kiosk.ContrastBlackOnWhite: "view.now_black_on_white",
		kiosk.ContrastWhiteOnBlack: "view.now_white_on_black",
	}
	rateStates = map[kiosk.Level]string{
		kiosk.LevelUsual: "view.now_usual", kiosk.LevelMore: "view.now_faster", kiosk.LevelLess: "view.now_slower",
	}
	volumeStates = map[kiosk.Volume]string{
		kiosk.VolumeUsual: "view.now_usual_volume", kiosk.VolumeMore: "view.now_louder", kiosk.VolumeMost: "view.now_loudest",
		kiosk.VolumeLeast: "view.now_softest", kiosk.VolumeLess: "view.now_softer",
	}
)

// voiceChoice returns the button that stops the voice, and lets it read the page again when it is silent. There is none
// while nothing is read aloud. It has its name if there is room for it, as there is where it stands alone.
func (f *frame) voiceChoice(v kiosk.View, alone bool) []choice {
	if !v.Aloud || f.Speak == nil {
		return nil
	}
	name := f.t("speech.repeat")
	c := choice{id: "speech.repeat", icon: "speaker", label: name, says: name, tap: f.Speak}
	if f.plain && !(f.dense && alone) {
		c.label = "" // the icon alone saves room
	}
	return []choice{c}
}

// languagesOutside is the largest number of other languages that have a button of their own on the welcome screen. The
// settings of the view have all of them.
const languagesOutside = 3

// views returns the buttons of the welcome screen for the view: the other languages, whose speakers may not be able to
// read any other label, and the settings.
func (f *frame) views(v kiosk.View) (all []choice) {
	outside := 0
	for _, l := range f.Languages {
		if l.Tag != v.Language && outside < languagesOutside {
			outside++
			next := v
			next.Language = l.Tag
			all = append(all, choice{id: "view.language." + l.Tag, label: l.Name, event: kiosk.SetView{View: next}})
		}
	}
	return append(append(all, f.viewChoice()), f.voiceChoice(v, false)...)
}
