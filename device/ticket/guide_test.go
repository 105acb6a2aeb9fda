package ticket_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"

	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
)

// TestGuideOnPaper prints the longest texts of a clinic's guide on every printer and width: all words are there, whole,
// and the way is behind the room.
func TestGuideOnPaper(t *testing.T) {
	all, err := escpos.Load("")
	if err != nil {
		t.Fatal(err)
	}
	k := ticket.Ticket{
		Clinic: "Поликлиника № 3", Num: "008", Room: "202", Floor: 2, GUID: uuid.New(),
		Way:   "2 этаж, налево от лифта, через рекреацию, третья дверь за рентгенологией справа",
		Bring: strings.Repeat("Возьмите направление терапевта, электрокардиограмму, ", 3) + "полис и паспорт пациента.",
	}
	for _, name := range all.Names() {
		p, err := all.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, columns := range []int{32, 42, 48} {
			d := ticket.Layout(k, columns, words(t, "ru"))
			for _, l := range d.Lines {
				if n := utf8.RuneCountInString(l.Text) * max(1, l.Size); n > columns && !l.Small {
					t.Errorf("%s, %d columns: %q has %d characters", name, columns, l.Text, n)
				}
			}
			wide, err := p.With(columns, "")
			if err != nil {
				t.Fatal(err)
			}
			papers := virtual.Interpret(d.Encode(wide), wide)
			if len(papers) != 1 {
				t.Fatalf("%s, %d columns: %d tickets", name, columns, len(papers))
			}
			text := papers[0].Text()
			if strings.HasPrefix(text, "[picture") { // a printer that gets every line in dots
				text = ""
				for _, l := range d.Lines {
					text += l.Text + " "
				}
			}
			text = strings.Join(strings.Fields(text), " ")
			room, way, bring := strings.Index(text, "Кабинет 202"), strings.Index(text, k.Way), strings.Index(text, k.Bring)
			if room < 0 || way < room || bring < way {
				t.Errorf("%s, %d columns: room, way and preparation are at %d, %d, %d of %q", name, columns, room, way, bring, text)
			}
			if strings.Count(text, "2 этаж") != 1 {
				t.Errorf("%s, %d columns: the floor is told more than once: %q", name, columns, text)
			}
		}
	}
}

func TestFloorBesideWay(t *testing.T) {
	for _, c := range []struct{ way, want string }{
		{"налево от лифта", "2 этаж налево от лифта"}, {"2 этаж, налево", "2 этаж, налево"}, {"", "2 этаж"},
	} {
		var lines []string
		k := ticket.Ticket{Num: "1", Room: "202", Floor: 2, Way: c.way}
		for _, l := range ticket.Layout(k, 32, words(t, "ru")).Lines[2:4] {
			lines = append(lines, l.Text)
		}
		if got := strings.TrimSpace(strings.Join(lines, " ")); got != c.want {
			t.Errorf("way %q: %q, want %q", c.way, got, c.want)
		}
	}
}
