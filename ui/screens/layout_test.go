package screens

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

func envOf(t testing.TB, g [2]int, v kiosk.View) Env {
	t.Helper()
	languages, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	language, err := languages.Language(v.Language)
	if err != nil {
		t.Fatal(err)
	}
	return Env{
		Look: theme.NewLook(float32(g[0]), float32(g[1]), theme.PanelMM(g[0], g[1]), v), Lang: language,
		Next: NextLanguage{"en", "English"}, Now: now,
		Pages: &Pages{}, Send: func(kiosk.Event) {}, Redraw: func() {}, Speak: func() {},
	}
}

var geometries = [][2]int{{1080, 1920}, {1920, 1080}, {1280, 1024}}

// TestNothingIsClippedAnywhere draws every state of every screen at every size, in every language, text size, height
// and contrast, and holds each page against the goals of the terminal: all inside the page, no text wider than its
// place, none over another, none cut short, capitals and targets large enough, targets apart from the next, every
// text standing out from what it lies on.
func TestNothingIsClippedAnywhere(t *testing.T) {
	test.NewTempApp(t)
	for _, tag := range []string{"ru", "en"} {
		for _, g := range geometries {
			for _, v := range viewsOf(tag) {
				t.Run(variant(g, v), func(t *testing.T) {
					env := envOf(t, g, v)
					for name, s := range states(v) {
						checkPage(t, name, env, s)
					}
				})
			}
		}
	}
}

// viewsOf are the ways in which a patient can set up the screen.
func viewsOf(tag string) []kiosk.View {
	var all []kiosk.View
	for _, low := range []bool{false, true} {
		for size := kiosk.TextNormal; size <= kiosk.TextExtra; size++ {
			for contrast := kiosk.ContrastCalm; contrast <= kiosk.ContrastWhiteOnBlack; contrast++ {
				all = append(
					all,
					kiosk.View{Language: tag, Text: size, Low: low, Contrast: contrast},
					kiosk.View{Language: tag, Text: size, Low: low, Contrast: contrast, Aloud: true},
				)
			}
		}
	}
	return all
}

func checkPage(t *testing.T, name string, env Env, s kiosk.State) {
	t.Helper()
	page := Draw(env, s)
	if page.Text != env.Look.Text {
		t.Logf("%s: set in text %d", name, page.Text)
	}
	if page.tight {
		t.Errorf("%s: has no room, even in the smallest text", name)
	}
	set := env.Look
	set.Text = page.Text
	in := inspect(page.Object, set, env.Lang)
	for _, problem := range in.problems() {
		t.Errorf("%s: %s", name, problem)
	}
	wantWays(t, name, s, in)
}

// wantWays checks that the ways out that the design promises are on the screen.
func wantWays(t *testing.T, name string, s kiosk.State, in *inspection) {
	t.Helper()
	var want []string
	switch {
	case s.Warning:
		want = []string{"idle.stay"}
	case s.Step == kiosk.StepWelcome:
		want = []string{"start"}
	case s.Step >= kiosk.StepAge && s.Step <= kiosk.StepCheck:
		want = []string{"nav.back", "nav.home"}
	case s.Step == kiosk.StepReserving || s.Step == kiosk.StepClosed:
	default:
		want = []string{"nav.home"}
	}
	for _, id := range want {
		if !in.has(id) {
			t.Errorf("%s: there is no %s", name, id)
		}
	}
}

// thing is something that was drawn, in pixels of the page.
type thing struct {
	what       string
	x, y, w, h float32
}

func (a thing) overlaps(b thing, apart float32) bool {
	return a.x+a.w+apart > b.x && b.x+b.w+apart > a.x && a.y+a.h+apart > b.y && b.y+b.h+apart > a.y
}

// ground is a filled area, in the order in which it was drawn.
type ground struct {
	thing
	fill color.Color
}

// inspection is what a page was made of.
type inspection struct {
	look    theme.Look
	words   Language
	texts   []thing
	targets []thing
	all     []thing
	grounds []ground
	said    []string // problems seen on the way
}

func inspect(o fyne.CanvasObject, l theme.Look, words Language) *inspection {
	in := &inspection{look: l, words: words}
	if l.Contrast == kiosk.ContrastCalm { // the toolkit's own filling of the window, see theme.Fyne
		page := thing{"the window", 0, 0, l.Width, l.Height}
		in.grounds = append(
			in.grounds,
			ground{page, theme.NewFyne().Color(fynetheme.ColorNameBackground, fynetheme.VariantLight)},
		)
	}
	in.visit(o, fyne.Position{})
	return in
}

func (in *inspection) visit(o fyne.CanvasObject, at fyne.Position) {
	at = at.Add(o.Position())
	here := thing{fmt.Sprintf("%T", o), at.X, at.Y, o.Size().Width, o.Size().Height}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			in.visit(child, at)
		}
		return
	case *widgets.Button:
		here.what = o.ID
		in.targets = append(in.targets, here)
		for _, child := range test.WidgetRenderer(o).Objects() {
			in.visit(child, at)
		}
	case *canvas.Rectangle:
		in.grounds = append(in.grounds, ground{here, o.FillColor})
	case *canvas.Circle:
		in.grounds = append(in.grounds, ground{here, o.FillColor})
	case *canvas.Text:
		in.text(o, here)
	}
	in.all = append(in.all, here)
}

func (in *inspection) text(o *canvas.Text, place thing) {
	width := fyne.MeasureText(o.Text, o.TextSize, fyne.TextStyle{}).Width
	if o.FontSource != nil {
		size, _ := fyne.CurrentApp().Driver().RenderedTextSize(o.Text, o.TextSize, fyne.TextStyle{}, o.FontSource)
		width = size.Width
	}
	place.what = fmt.Sprintf("%q", o.Text)
	if width > place.w+1 {
		in.said = append(in.said, fmt.Sprintf("%s is %.0f wide in a place of %.0f", place.what, width, place.w))
	}
	if strings.HasSuffix(o.Text, "…") && !in.ownWords(o.Text) {
		in.said = append(in.said, place.what+" is cut short")
	}
	if mm := capital * o.TextSize / in.look.PxMM; mm < [...]float32{4.8, 7.3, 8.5}[in.look.Text]-0.01 {
		in.said = append(in.said, fmt.Sprintf("%s has capitals of %.2f mm", place.what, mm))
	}
	in.standsOut(o, place)
	if o.TextSize < in.look.Size(theme.Small)-0.1 {
		in.said = append(
			in.said,
			fmt.Sprintf("%s is set in %.1f, below the least of %.1f", place.what, o.TextSize, in.look.Size(theme.Small)),
		)
	}
	switch o.Alignment {
	case fyne.TextAlignCenter:
		place.x += (place.w - width) / 2
	case fyne.TextAlignTrailing:
		place.x += place.w - width
	case fyne.TextAlignLeading:
	}
	place.w = width
	// Letters fill the middle of their line: 0.7 of the size for capitals, less for what hangs below.
	place.y, place.h = place.y+0.2*o.TextSize, 0.9*o.TextSize
	in.texts = append(in.texts, place)
}

// capital is the height of a capital of the type family in parts of the font's size.
const capital = 0.7

// standsOut holds the text's colour against the ground that was drawn last below its middle.
func (in *inspection) standsOut(o *canvas.Text, place thing) {
	x, y := place.x+place.w/2, place.y+place.h/2
	for _, g := range slices.Backward(in.grounds) {
		if x < g.x || x > g.x+g.w || y < g.y || y > g.y+g.h {
			continue
		}
		least := 7.0
		if in.look.Contrast != kiosk.ContrastCalm {
			least = 20
		}
		if c := theme.Ratio(o.Color, g.fill); c < least {
			in.said = append(in.said, fmt.Sprintf("%s stands out by %.1f:1, want %.0f:1", place.what, c, least))
		}
		if place.x < g.x-1 || place.y < g.y-1 || place.x+place.w > g.x+g.w+1 || place.y+place.h > g.y+g.h+1 {
			in.said = append(in.said, place.what+" sticks out of what it lies on")
		}
		return
	}
	in.said = append(in.said, place.what+" lies on nothing")
}

// ownWords reports whether a text of the language files ends so.
func (in *inspection) ownWords(end string) bool {
	words, ok := in.words.(*lang.Language)
	return ok && slices.ContainsFunc(
		words.IDs(), func(id string) bool { return strings.HasSuffix(words.Text(id, nil), end) },
	)
}

func (in *inspection) has(id string) bool {
	for _, t := range in.targets {
		if t.what == id {
			return true
		}
	}
	return false
}

// tabs are the ids of the tabs above a long list that can be tapped.
func (in *inspection) tabs() (ids []string) {
	for _, t := range in.targets {
		if strings.HasPrefix(t.what, "letters.") {
			ids = append(ids, t.what)
		}
	}
	return ids
}

// tap taps a target of a page.
func tap(t *testing.T, o fyne.CanvasObject, id string) {
	t.Helper()
	found := false
	var look func(fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		case *widgets.Button:
			if o.ID == id {
				found = true
				o.Tapped(nil)
			}
		}
	}
	look(o)
	if !found {
		t.Fatalf("there is no %s", id)
	}
}

func (in *inspection) problems() []string {
	said := in.said
	l := in.look
	for _, x := range in.all {
		if x.x < -1 || x.y < -1 || x.x+x.w > l.Width+1 || x.y+x.h > l.Height+1 {
			said = append(said, fmt.Sprintf("%s stands outside the page: %.0f,%.0f %.0f×%.0f", x.what, x.x, x.y, x.w, x.h))
		}
	}
	for i, a := range in.texts {
		for _, b := range in.texts[i+1:] {
			if a.overlaps(b, -1) {
				said = append(said, fmt.Sprintf("%s and %s lie over each other", a.what, b.what))
			}
		}
	}
	for i, a := range in.targets {
		if a.w < l.MM(theme.TargetMM)-1 || a.h < l.MM(theme.TargetMM)-1 {
			said = append(said, fmt.Sprintf("%s is %.1f×%.1f mm", a.what, a.w/l.PxMM, a.h/l.PxMM))
		}
		if l.Low && a.y < l.Height/2-1 {
			said = append(said, fmt.Sprintf("%s stands in the upper half", a.what))
		}
		for _, b := range in.targets[i+1:] {
			if a.overlaps(b, l.MM(3)-1) {
				said = append(said, fmt.Sprintf("%s and %s are less than 3 mm apart", a.what, b.what))
			}
		}
		for _, text := range in.texts {
			if text.overlaps(
				a, -1,
			) && (text.x < a.x-1 || text.y < a.y-1 || text.x+text.w > a.x+a.w+1 || text.y+text.h > a.y+a.h+1) {
				said = append(said, fmt.Sprintf("%s sticks out of %s", text.what, a.what))
			}
		}
	}
	return said
}

var now = time.Date(2026, 11, 23, 10, 24, 0, 0, time.Local)
