package screens

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/ui/theme"
)

// TestTinyWindowDoesNotPanic draws all states in windows too small to be readable.
func TestTinyWindowDoesNotPanic(t *testing.T) {
	test.NewTempApp(t)
	for _, g := range [][2]int{{1, 1}, {320, 320}, {320, 2000}, {2000, 320}} {
		for _, v := range []kiosk.View{{Language: "ru"}, {Language: "en", Text: kiosk.TextExtra, Low: true, Aloud: true}} {
			env := envOf(t, g, v)
			for name, s := range states(v) {
				if page := Draw(env, s); len(page.Object.Objects) == 0 {
					t.Errorf("%s at %v has no objects", name, g)
				}
			}
		}
	}
}

// TestShortAnswerIsNotAtTheTop checks that short informing pages have free space above and below their text.
func TestShortAnswerIsNotAtTheTop(t *testing.T) {
	test.NewTempApp(t)
	v := kiosk.View{Language: "ru"}
	for _, g := range geometries {
		env := envOf(t, g, v)
		for _, name := range []string{"closed timetable", "idle", "refused 3", "unreachable"} {
			in := inspect(Draw(env, states(v)[name]).Object, env.Look, env.Lang)
			top, bottom := env.Look.Height, float32(0)
			for _, text := range in.texts {
				if text.y > env.Look.MM(30) && !slices.ContainsFunc(in.targets, func(b element) bool {
					return (strings.HasPrefix(b.what, "nav.") || b.what == "retry") && text.overlaps(b, 0)
				}) {
					top, bottom = min(top, text.y), max(bottom, text.y+text.h)
				}
			}
			if above, below := top/env.Look.Height, 1-bottom/env.Look.Height; above < 0.15 || below < 0.06 {
				t.Errorf("%s at %v: %.0f %% of the page is free above the text, %.0f %% below", name, g, 100*above, 100*below)
			}
		}
	}
}

func TestNumberAndRoomHaveSameSize(t *testing.T) {
	test.NewTempApp(t)
	v := kiosk.View{Language: "ru"}
	for _, g := range geometries {
		env := envOf(t, g, v)
		for name, values := range map[string][2]string{
			fmt.Sprint("ticket, print ", kiosk.PrintDone): {"А-117", "314"},
			"ticket with long values":                     {"А-117/2026", "3142а"},
		} {
			in := inspect(Draw(env, states(v)[name]).Object, env.Look, env.Lang)
			number, room := in.height(t, values[0]), in.height(t, values[1])
			if ratio := number / room; ratio < 0.88 || ratio > 1.13 || number < env.Look.Size(theme.Title)*0.9 {
				t.Errorf("%s at %v: the ticket number is %.0f pixels high, the room %.0f", name, g, number, room)
			}
		}
	}
}

// height returns the height of a text as inspect records it.
func (in *inspection) height(t *testing.T, line string) float32 {
	t.Helper()
	i := slices.IndexFunc(in.texts, func(x element) bool { return x.what == fmt.Sprintf("%q", line) })
	if i < 0 {
		t.Fatalf("no text %s", line)
	}
	return in.texts[i].h
}

// TestCountdownIsLarge checks that the figures of the countdown take a good part of the room that the page has.
func TestCountdownIsLarge(t *testing.T) {
	test.NewTempApp(t)
	v := kiosk.View{Language: "ru"}
	for g, mm := range map[[2]int]float32{{1080, 1920}: 15, {1920, 1080}: 10, {1280, 1024}: 10} {
		env := envOf(t, g, v)
		page := Draw(env, states(v)[fmt.Sprint("ticket, print ", kiosk.PrintDone)])
		in := inspect(page.Object, env.Look, env.Lang)
		// inspect records 0.9 of the font size, of which a figure is as high as a capital letter
		if got := in.height(t, "1") / 0.9 * 0.7 / env.Look.PxMM; got < mm {
			t.Errorf("at %v the figures are %.1f mm high, want %.0f", g, got, mm)
		}
	}
}
