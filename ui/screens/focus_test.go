package screens

import (
	"fmt"
	"image"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// keyed draws a state as the shell does, and returns the page, its keys and the ring around the button in focus.
func keyed(env Env, s kiosk.State) (page Page, keys *widgets.Keys, ring fyne.CanvasObject) {
	page = Draw(env, s)
	AddViewButton(env, page)
	keys = &widgets.Keys{Used: func() {}}
	return page, keys, keys.Watch(page.Object, env.Look, true)
}

// TestFocusFollowsReading goes through every state at every size by keys. The focus comes to every button once, in the
// order of reading, and begins where a key that is pressed again and again loses nothing.
func TestFocusFollowsReading(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range geometries {
		for _, v := range viewsOf(g, "ru") {
			if v.Contrast != kiosk.ContrastCalm {
				continue // it moves nothing
			}
			env := envOf(t, g, v)
			for name, s := range states(v) {
				checkFocus(t, variant(g, v)+" "+name, env, s)
			}
			all := states(v)
			checkFocus(t, variant(g, v)+" settings", withSheet(env), all["age"])
		}
	}
}

// button is a button of a page with its place.
type button struct {
	id         string
	x, y, w, h float32
}

func checkFocus(t *testing.T, name string, env Env, s kiosk.State) {
	t.Helper()
	page, keys, _ := keyed(env, s)
	places, says := map[string]button{}, map[string]string{}
	var drawn []string
	widgets.Buttons(page.Object, func(b *widgets.Button, at fyne.Position) {
		if _, twice := places[b.ID]; twice {
			t.Errorf("%s: two buttons are called %s", name, b.ID)
		}
		if b.Says == "" {
			t.Errorf("%s: %s says nothing", name, b.ID)
		}
		places[b.ID] = button{b.ID, at.X, at.Y, b.Size().Width, b.Size().Height}
		drawn = append(drawn, b.ID)
		says[b.ID] = strings.ReplaceAll(b.Says, "\u00A0", " ")
	})
	first := keys.At()
	if (first == "") != (len(drawn) == 0) {
		t.Errorf("%s: the focus is on %q of %v", name, first, drawn)
	}
	if len(drawn) == 0 {
		return
	}
	if slices.Contains([]string{"reserve", "retry", "copy"}, first) || first == "nav.home" && len(drawn) > 1 {
		t.Errorf("%s: begins with the focus on %s", name, first)
	}
	var order []string
	for range drawn {
		order = append(order, keys.At())
		keys.Down(fyne.KeyRight, false)
	}
	if keys.At() != first {
		t.Errorf("%s: the focus does not come back to %s: %v", name, first, order)
	}
	if got, want := slices.Sorted(slices.Values(order)), slices.Sorted(slices.Values(drawn)); !slices.Equal(got, want) {
		t.Errorf("%s: the focus comes to %v, want %v", name, got, want)
	}
	if problem := unread(order, places); problem != "" {
		t.Errorf("%s: %s", name, problem)
	}
	if problem := unheard(order, says, page.Said); problem != "" {
		t.Errorf("%s: %s", name, problem)
	}
	back := keys.At()
	keys.Down(fyne.KeyTab, true)
	keys.Down(fyne.KeyTab, false)
	if keys.At() != back {
		t.Errorf("%s: back and forth leads from %s to %s", name, back, keys.At())
	}
}

// answers are the buttons of a list; each kind is read row by row.
var answers = []string{"age", "speciality", "doctor", "cell", "day", "letters", "change"}

// unread returns what is not in the order of reading.
func unread(order []string, places map[string]button) string {
	for _, kind := range answers {
		of := slices.DeleteFunc(slices.Clone(order), func(id string) bool { return !strings.HasPrefix(id, kind+".") })
		// The order is a circle, which may begin in the middle of a kind.
		for i := 1; i < len(of); i++ {
			a, b := places[of[i-1]], places[of[i]]
			below := b.y >= a.y+a.h
			if besides := b.x > a.x && b.y < a.y+a.h && a.y < b.y+b.h; !below && !besides && b.id != topLeft(of, places) {
				return fmt.Sprintf("%s is read before %s", a.id, b.id)
			}
		}
	}
	foot := slices.IndexFunc(order, func(id string) bool { return strings.HasPrefix(id, "nav.") })
	after := slices.IndexFunc(order, func(id string) bool { return id == "reserve" })
	if list := slices.IndexFunc(order, isAnswer); list > foot && foot >= 0 && !isAnswer(order[0]) {
		return "the way out is read before the answers"
	}
	if foot >= 0 && after == foot+1 {
		return "«Забронировать» is read after the way out"
	}
	return ""
}

// unheard returns what is not read aloud in the order of the focus, which is a circle. The foot is not read.
func unheard(order []string, says map[string]string, said []string) string {
	text, turns, last := strings.Join(said, "\n")+"\n", 0, -1
	for _, id := range order {
		if strings.HasPrefix(id, "nav.") || strings.HasPrefix(id, "view.") || strings.HasPrefix(id, "speech.") ||
			slices.Contains([]string{"copy", "retry", "page.prev", "page.next"}, id) {
			continue
		}
		at := strings.Index(text, says[id]+"\n")
		if at < 0 {
			return fmt.Sprintf("%s is not read aloud", id)
		}
		if strings.Count(text, says[id]+"\n") > 1 {
			continue // the doctors of this test have the same names
		}
		if at < last {
			turns++
		}
		last = at
	}
	if turns > 1 {
		return fmt.Sprintf("read aloud in another order than %v: %q", order, said)
	}
	return ""
}

func topLeft(of []string, places map[string]button) string {
	return slices.MinFunc(of, func(a, b string) int {
		if d := places[a].y - places[b].y; d != 0 {
			return int(d)
		}
		return int(places[a].x - places[b].x)
	})
}

func isAnswer(id string) bool {
	kind, _, _ := strings.Cut(id, ".")
	return slices.Contains([]string{"age", "speciality", "doctor", "cell", "any-doctor", "change"}, kind)
}

// TestFocusIsSeen compares pictures of pages with and without the ring. WCAG 2.2, 2.4.13: an area as large as a line
// of 2 CSS pixels around the button changes by a contrast of 3:1; here the line is 1 mm wide. 2.4.11: nothing is over
// it, and it is over no other button.
func TestFocusIsSeen(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.NewFyne())
	for _, g := range [][2]int{{1080, 1920}, {1280, 1024}} {
		for contrast := kiosk.ContrastCalm; contrast <= kiosk.ContrastWhiteOnBlack; contrast++ {
			v := kiosk.View{Language: "ru", Contrast: contrast}
			env, all := envOf(t, g, v), states(v)
			for _, name := range []string{"welcome", "age", "sixty cells", "check", ticketPrinted} {
				env := env
				env.Pages = &Pages{}
				if _, ok := all[name]; !ok {
					t.Fatalf("there is no state %q", name)
				}
				page, keys, ring := keyed(env, all[name])
				bare := capture(page.Object, env.Look)
				for i, key := range []fyne.KeyName{"", fyne.KeyUp} {
					keys.Down(key, false)
					with := capture(container.NewWithoutLayout(page.Object, ring), env.Look)
					checkRing(t, fmt.Sprint(variant(g, v), " ", name, " ", keys.At()), page, keys.At(), env.Look, bare, with)
					if *galleryDir != "" {
						file := strings.NewReplacer(" ", "-", ",", "").Replace(fmt.Sprintf("%s.%s.%d.png", variant(g, v), name, i))
						write(t, filepath.Join(*galleryDir, file), with)
					}
				}
			}
		}
	}
}

var ticketPrinted = fmt.Sprint("ticket, print ", kiosk.PrintDone)

func capture(o fyne.CanvasObject, l theme.Look) image.Image {
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(o)
	c.Resize(fyne.NewSize(l.Width, l.Height))
	return c.Capture()
}

func checkRing(t *testing.T, name string, page Page, id string, l theme.Look, bare, with image.Image) {
	t.Helper()
	changed, over := 0, ""
	var at button
	var others []button // and texts
	widgets.Buttons(page.Object, func(b *widgets.Button, p fyne.Position) {
		x := button{b.ID, p.X, p.Y, b.Size().Width, b.Size().Height}
		if b.ID == id {
			at = x
			return
		}
		others = append(others, x)
	})
	for _, text := range inspect(page.Object, l, nil).texts {
		if text.x+text.w < at.x || text.x > at.x+at.w || text.y+text.h < at.y || text.y > at.y+at.h {
			others = append(others, button{text.what, text.x, text.y, text.w, text.h})
		}
	}
	around := int(l.MM(8))
	for y := int(at.y) - around; y < int(at.y+at.h)+around; y++ {
		for x := int(at.x) - around; x < int(at.x+at.w)+around; x++ {
			a, b := bare.At(x, y), with.At(x, y)
			if a == b {
				continue
			}
			if theme.Ratio(a, b) >= 3 {
				changed++
			}
			for _, o := range others {
				if float32(x) > o.x+1 && float32(x) < o.x+o.w-1 && float32(y) > o.y+1 && float32(y) < o.y+o.h-1 {
					over = o.id
				}
			}
		}
	}
	if over != "" {
		t.Errorf("%s: the ring is over %s", name, over)
	}
	if least := int(2 * (at.w + at.h) * l.MM(1)); changed < least {
		t.Errorf("%s: %d pixels change by 3:1, want %d", name, changed, least)
	}
}
