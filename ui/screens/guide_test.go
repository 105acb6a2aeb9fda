package screens

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/kiosk/guide"
	"infomat/ui/widgets"
)

// longest is a guide with texts as long as they may be, for the specialities and rooms of states.
func longest(t testing.TB) *guide.Guide {
	t.Helper()
	fill := func(start string, n int) string {
		words := strings.Fields("анализ крови общий и биохимический за последние десять дней, карту прививок, направление, ")
		s := start
		for i := 0; ; i++ {
			next := s + " " + words[i%len(words)]
			if len([]rune(next)) > n {
				return s
			}
			s = next
		}
	}
	var groups strings.Builder
	for i, title := range []string{"Основные врачи", "Узкие специалисты, дети", "Исследования и уколы", "По направлению"} {
		var codes []string
		for c := i; c < 60; c += 4 {
			codes = append(codes, fmt.Sprintf("%q", fmt.Sprint(c)))
		}
		fmt.Fprintf(&groups, "[[group]]\ntitle = %q\nspecialities = [%s]\n", title, strings.Join(codes, ", "))
	}
	g, err := guide.Parse("guide.toml", fmt.Appendf(nil, `%s
[[prepare]]
specialities = ["0"]
text = %q
[[way]]
rooms = ["314", "314а"]
text = %q
`, groups.String(), fill("Возьмите с собой", 200), fill("3 этаж, налево от лифта, затем", 80)))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// guided are the states that a guide changes most.
func guided(v kiosk.View) map[string]kiosk.State {
	some, all := map[string]kiosk.State{}, states(v)
	for _, name := range []string{
		"16 specialities", "80 specialities", "check", "ticket without room", "the hold is over",
		fmt.Sprint("ticket, print ", kiosk.PrintDone), fmt.Sprint("ticket, print ", kiosk.PrintFailed),
	} {
		some[name] = all[name]
	}
	return some
}

func TestLayoutWithGuide(t *testing.T) {
	test.NewTempApp(t)
	g := longest(t)
	for _, size := range geometries {
		for _, v := range viewsOf("ru") { // the guide's texts are as long in every language
			t.Run(variant(size, v), func(t *testing.T) {
				env := envOf(t, size, v)
				env.Guide, env.Language = g, "ru"
				for name, s := range guided(v) {
					checkPage(t, name, env, s)
				}
			})
		}
	}
}

// TestGuideIsSaid holds that what the clinic knows is on the pages, each word of it, and in what a voice reads.
func TestGuideIsSaid(t *testing.T) {
	test.NewTempApp(t)
	g := longest(t)
	for _, size := range geometries {
		v := kiosk.View{Language: "ru", Text: kiosk.TextExtra}
		env := envOf(t, size, v)
		env.Guide, env.Language = g, "ru"
		for name, s := range guided(v) {
			if s.Step == kiosk.StepSpeciality {
				continue
			}
			var said []string
			for leaf := 0; leaf < 9; leaf++ {
				env.Pages = &Pages{List: leaf}
				said = append(said, Draw(env, s).Said...)
			}
			all := strings.Join(said, " ")
			if s.Step == kiosk.StepTicket && s.Booking.Ticket.Room != "314" {
				continue // a room without a way
			}
			for _, want := range []string{g.Way("314", 0, "ru"), g.Bring("0", "", "ru")} {
				for _, word := range strings.Fields(want) {
					if !strings.Contains(all, strings.Trim(word, ",")) && !strings.Contains(word, "3") {
						t.Errorf("%v, %s: %q is not said", size, name, word)
					}
				}
			}
		}
	}
}

// TestGroups holds the clinic's order, and that every group is one tap away where a list has pages.
func TestGroups(t *testing.T) {
	test.NewTempApp(t)
	g, err := guide.Parse("guide.toml", []byte(`
[[group]]
title = "Основные"
specialities = ["7", "Уролог", "1"]
[[group]]
title = "Узкие врачи"
specialities = ["0", "2", "3", "4"]
`))
	if err != nil {
		t.Fatal(err)
	}
	env := envOf(t, [2]int{1080, 1920}, kiosk.View{Language: "ru"})
	env.Guide, env.Language = g, "ru"
	s := states(kiosk.View{Language: "ru"})["16 specialities"]
	s.Specialities = s.Specialities[:12]
	page := Draw(env, s)
	if got := cards(page); len(got) < 3 || !slices.Equal(got[:3], []string{"7", "11", "1"}) {
		t.Errorf("the first cards are %v, want the clinic's order", got)
	}
	if got := cards(page); len(got) != 3 {
		t.Errorf("the first page shows %v, want the first group alone", got)
	}
	for i := range 3 { // the two groups and all others
		env.Pages = &Pages{}
		tap(t, Draw(env, s).Object, fmt.Sprint("letters.", i))
		want := []string{"7", "2", "6"}[i]
		if got := cards(Draw(env, s)); !slices.Contains(got, want) {
			t.Errorf("tab %d shows %v, want %s among them", i, got, want)
		}
	}
}

// cards returns the codes of the specialities on a page, in the order of reading.
func cards(p Page) (codes []string) {
	for _, b := range buttonsOf(p) {
		if code, ok := strings.CutPrefix(b.ID, "speciality."); ok {
			codes = append(codes, code)
		}
	}
	return codes
}

func buttonsOf(p Page) (all []*widgets.Button) {
	for _, o := range p.Object.Objects {
		if b, ok := o.(*widgets.Button); ok {
			all = append(all, b)
		}
	}
	return all
}
