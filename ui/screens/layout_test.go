package screens

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"sync"
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

// languages are read once: it takes as long as drawing several pages.
var languages = sync.OnceValues(lang.Embedded)

// envOf returns an Env for a panel of g pixels and a view.
func envOf(t testing.TB, g [2]int, v kiosk.View) Env {
	t.Helper()
	all, err := languages()
	if err != nil {
		t.Fatal(err)
	}
	language, err := all.Language(v.Language)
	if err != nil {
		t.Fatal(err)
	}
	return Env{
		Look: theme.NewLook(float32(g[0]), float32(g[1]), theme.PanelMM(g[0], g[1]), v), Lang: language,
		Languages: []LanguageName{{"ru", "Русский"}, {"en", "English"}}, Now: now,
		Pages: &Pages{}, Send: func(kiosk.Event) {}, Redraw: func() {}, Speak: func() {},
	}
}

// geometries lists the supported panel sizes in pixels.
var geometries = [][2]int{
	{1080, 1920},
	{1920, 1080},
	{1280, 1024},
	{800, 600},
	{1024, 600},
	{1024, 768},
	{1280, 800},
	{1366, 768},
	{2160, 3840},
	{768, 1024},
}

// TestLayout draws every state at every panel size, in every language, text size, contrast and height, and checks
// the requirements for the layout. Everything is on the page; texts fit their places, do not overlap and are not
// clipped; capitals and targets have the least size; targets have the least distance; texts have the least
// contrast.
func TestLayout(t *testing.T) {
	test.NewTempApp(t)
	for _, tag := range []string{"ru", "en"} {
		for _, g := range geometries {
			for _, v := range viewsOf(g, tag) {
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

// viewsOf returns every view of a language and a panel that changes the layout. Contrast changes colours alone, so the
// contrasts take turns; TestContrastsHaveOneLayout holds that.
func viewsOf(g [2]int, tag string) []kiosk.View {
	var all []kiosk.View
	most := theme.NewLook(float32(g[0]), float32(g[1]), theme.PanelMM(g[0], g[1]), kiosk.View{}).MostText()
	for _, low := range []bool{false, true} {
		for size := kiosk.TextNormal; size <= most; size++ {
			for _, aloud := range []bool{false, true} {
				if aloud && tag != "ru" {
					continue // one more button, whose label is shorter in English
				}
				contrast := kiosk.Contrast(len(all)) % (kiosk.ContrastWhiteOnBlack + 1)
				all = append(all, kiosk.View{Language: tag, Text: size, Low: low, Aloud: aloud, Contrast: contrast})
			}
		}
	}
	return all
}

// checkPage draws a state and reports its layout problems, also those of the second and the last page if it is
// turned.
func checkPage(t *testing.T, name string, env Env, s kiosk.State) {
	t.Helper()
	for _, leaf := range []int{0, 1, 1 << 20} {
		env.Pages = &Pages{List: leaf}
		page := Draw(env, s)
		if page.Text < env.Look.Text-1 {
			t.Errorf("%s: drawn in text size %d", name, page.Text)
		}
		if page.tight {
			t.Errorf("%s: does not fit", name)
		}
		set := env.Look
		set.Text = page.Text
		in := inspect(page.Object, set, env.Lang)
		for _, problem := range append(in.problems(), in.toolProblems(page.Tool)...) {
			t.Errorf("%s: %s", name, problem)
		}
		wantExits(t, name, s, in)
		if leaf == 0 && !in.has("page.next") {
			break
		}
	}
}

// wantExits checks that the page has the buttons for leaving it.
func wantExits(t *testing.T, name string, s kiosk.State, in *inspection) {
	t.Helper()
	var want []string
	switch {
	case s.Warning:
		want = []string{"idle.stay"}
	case s.Step == kiosk.StepWelcome:
		want = []string{"start"}
	case s.Step >= kiosk.StepAge && s.Step <= kiosk.StepCheck:
		want = []string{"nav.back", "nav.home"}
	case s.Step >= kiosk.StepWho && s.Step <= kiosk.StepBirth:
		want = []string{"nav.back", "nav.home"}
	case s.Step == kiosk.StepReserving || s.Step == kiosk.StepClosed || s.Step == kiosk.StepIdentifying:
	case s.Booking.Visit.Busy(): // its answer comes within a limited time
	default:
		want = []string{"nav.home"}
	}
	for _, id := range want {
		if !in.has(id) {
			t.Errorf("%s: no button %s", name, id)
		}
	}
}

// element is a drawn object with its place in pixels of the page.
type element struct {
	what       string
	x, y, w, h float32
}

// overlaps reports whether the distance between two elements is less than apart. A negative value allows overlap.
func (a element) overlaps(b element, apart float32) bool {
	return a.x+a.w+apart > b.x && b.x+b.w+apart > a.x && a.y+a.h+apart > b.y && b.y+b.h+apart > a.y
}

// background is a filled area.
type background struct {
	element
	fill color.Color
}

// inspection holds the elements of a page. Backgrounds are in drawing order.
type inspection struct {
	look        theme.Look
	words       Language
	texts       []element
	targets     []element
	all         []element
	backgrounds []background
	issues      []string // problems found by visit
}

// inspect collects the elements of a page.
func inspect(o fyne.CanvasObject, l theme.Look, words Language) *inspection {
	in := &inspection{look: l, words: words}
	if l.Contrast == kiosk.ContrastCalm { // the toolkit fills the window; see theme.Fyne
		page := element{"the window", 0, 0, l.Width, l.Height}
		in.backgrounds = append(
			in.backgrounds,
			background{page, theme.NewFyne().Color(fynetheme.ColorNameBackground, fynetheme.VariantLight)},
		)
	}
	in.visit(o, fyne.Position{})
	return in
}

func (in *inspection) visit(o fyne.CanvasObject, at fyne.Position) {
	at = at.Add(o.Position())
	here := element{fmt.Sprintf("%T", o), at.X, at.Y, o.Size().Width, o.Size().Height}
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
		in.backgrounds = append(in.backgrounds, background{here, o.FillColor})
	case *canvas.Circle:
		in.backgrounds = append(in.backgrounds, background{here, o.FillColor})
	case *canvas.Text:
		in.text(o, here)
	}
	in.all = append(in.all, here)
}

// text records a text and checks its width, size and contrast.
func (in *inspection) text(o *canvas.Text, place element) {
	width := fyne.MeasureText(o.Text, o.TextSize, fyne.TextStyle{}).Width
	if o.FontSource != nil {
		size, _ := fyne.CurrentApp().Driver().RenderedTextSize(o.Text, o.TextSize, fyne.TextStyle{}, o.FontSource)
		width = size.Width
	}
	place.what = fmt.Sprintf("%q", o.Text)
	if width > place.w+1 {
		in.issues = append(in.issues, fmt.Sprintf("%s is %.0f pixels wide, its place %.0f", place.what, width, place.w))
	}
	if strings.HasSuffix(o.Text, "…") && !in.sourceEndsWith(o.Text) {
		in.issues = append(in.issues, place.what+" is clipped")
	}
	if mm := capital * o.TextSize / in.look.PxMM; mm < [...]float32{4.8, 7.3, 8.5, 9.6}[in.look.Text]-0.01 {
		in.issues = append(in.issues, fmt.Sprintf("%s has capitals of %.2f mm", place.what, mm))
	}
	in.checkContrast(o, place)
	if o.TextSize < in.look.Size(theme.Small)-0.1 {
		in.issues = append(
			in.issues,
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
	// Letters fill the middle of the line: 0.7 of the size above the baseline, 0.2 below.
	place.y, place.h = place.y+0.2*o.TextSize, 0.9*o.TextSize
	in.texts = append(in.texts, place)
}

// capital is the height of a capital letter as a fraction of the font size.
const capital = 0.7

// checkContrast checks the contrast between a text and the topmost background at its centre, and that the text
// does not extend beyond that background.
func (in *inspection) checkContrast(o *canvas.Text, place element) {
	x, y := place.x+place.w/2, place.y+place.h/2
	for _, g := range slices.Backward(in.backgrounds) {
		if x < g.x || x > g.x+g.w || y < g.y || y > g.y+g.h {
			continue
		}
		least := 7.0
		if in.look.Contrast != kiosk.ContrastCalm {
			least = 20
		}
		if c := theme.Ratio(o.Color, g.fill); c < least {
			in.issues = append(in.issues, fmt.Sprintf("%s has a contrast of %.1f:1, want %.0f:1", place.what, c, least))
		}
		if place.x < g.x-1 || place.y < g.y-1 || place.x+place.w > g.x+g.w+1 || place.y+place.h > g.y+g.h+1 {
			in.issues = append(in.issues, place.what+" extends beyond its background")
		}
		return
	}
	in.issues = append(in.issues, place.what+" has no background")
}

// sourceEndsWith reports whether a text of the language file ends with end.
func (in *inspection) sourceEndsWith(end string) bool {
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

// tabs returns the ids of the tabs above a long list.
func (in *inspection) tabs() (ids []string) {
	for _, t := range in.targets {
		if strings.HasPrefix(t.what, "letters.") {
			ids = append(ids, t.what)
		}
	}
	return ids
}

// tap taps the button with the given id.
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
		t.Fatalf("no button %s", id)
	}
}

// problems returns all layout problems of the page.
func (in *inspection) problems() []string {
	said := in.issues
	l := in.look
	for _, x := range in.all {
		if x.x < -1 || x.y < -1 || x.x+x.w > l.Width+1 || x.y+x.h > l.Height+1 {
			said = append(said, fmt.Sprintf("%s is outside the page: %.0f,%.0f %.0f×%.0f", x.what, x.x, x.y, x.w, x.h))
		}
	}
	for i, a := range in.texts {
		for _, b := range in.texts[i+1:] {
			if a.overlaps(b, -1) {
				said = append(said, fmt.Sprintf("%s and %s overlap", a.what, b.what))
			}
		}
	}
	for i, a := range in.targets {
		if a.w < 20*l.PxMM-1 || a.h < 20*l.PxMM-1 {
			said = append(said, fmt.Sprintf("%s is %.1f×%.1f mm", a.what, a.w/l.PxMM, a.h/l.PxMM))
		}
		if a.y < in.reach() {
			said = append(said, fmt.Sprintf("%s is out of reach", a.what))
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
				said = append(said, fmt.Sprintf("%s extends beyond %s", text.what, a.what))
			}
		}
	}
	return said
}

// reach returns the least y of what can be tapped: in the low mode the middle of the panel, on a panel lower than
// 260 mm 130 mm above its lower edge.
func (in *inspection) reach() float32 {
	if !in.look.Low {
		return 0
	}
	return min(in.look.Height/2, in.look.Height-130*in.look.PxMM) - 1
}

// toolProblems returns what is in the way of a button in the free place of the page.
func (in *inspection) toolProblems(place widgets.Area) (said []string) {
	if place.W == 0 {
		return nil
	}
	l := in.look
	tool := element{"the free place", place.X, place.Y, place.W, place.H}
	if tool.w < 20*l.PxMM-1 || tool.h < 20*l.PxMM-1 || tool.x < 0 || tool.y < in.reach() ||
		tool.x+tool.w > l.Width || tool.y+tool.h > l.Height {
		said = append(said, fmt.Sprintf("the free place is %.0f×%.0f at %.0f,%.0f", tool.w, tool.h, tool.x, tool.y))
	}
	for _, a := range in.targets {
		if tool.overlaps(a, l.MM(3)-1) {
			said = append(said, a.what+" is in the free place")
		}
	}
	for _, a := range in.texts {
		if tool.overlaps(a, -1) {
			said = append(said, a.what+" is in the free place")
		}
	}
	return said
}

var now = time.Date(2026, 11, 23, 10, 24, 0, 0, time.Local)

// TestContrastsHaveOneLayout compares the places of all objects, without the ground that the toolkit draws.
func TestContrastsHaveOneLayout(t *testing.T) {
	test.NewTempApp(t)
	for _, size := range []kiosk.TextSize{kiosk.TextNormal, kiosk.TextExtra} {
		calm := kiosk.View{Language: "ru", Text: size}
		for name, s := range states(calm) {
			want := inspect(Draw(envOf(t, geometries[6], calm), s).Object, envOf(t, geometries[6], calm).Look, nil).all
			for contrast := kiosk.ContrastBlackOnWhite; contrast <= kiosk.ContrastWhiteOnBlack; contrast++ {
				v := calm
				v.Contrast = contrast
				env := envOf(t, geometries[6], v)
				if got := inspect(Draw(env, s).Object, env.Look, nil).all; !slices.Equal(got[1:], want) {
					t.Errorf("%s: contrast %d changes the layout", name, contrast)
				}
			}
		}
	}
}
