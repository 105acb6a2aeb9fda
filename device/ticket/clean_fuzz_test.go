package ticket_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"infomat/device/ticket"
)

// Whatever comes in, what is shown has no control characters, is bounded, and is not changed by being cleaned again.
func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"Иванов", "&amp;lt;b&gt;", "каб. 202, 2 этаж", "<b", "и\u0306", "Кабинет Кабинет №0", "a,b;c / d\n<br>e", "&#27;",
		"№№ 5", "Процедурный кабинет", "\xff<", "&" + strings.Repeat("?", 300) + "м",
	} {
		f.Add(s, 2)
	}
	f.Fuzz(func(t *testing.T, s string, floor int) {
		room, at := ticket.Room(s, floor)
		again, atAgain := ticket.Room(room, at)
		for name, c := range map[string]struct{ once, twice string }{
			"text":     {ticket.Clean(s), ticket.Clean(ticket.Clean(s))},
			"doctor":   {ticket.Doctor(s), ticket.Doctor(ticket.Doctor(s))},
			"number":   {ticket.Number(s), ticket.Number(ticket.Number(s))},
			"district": {ticket.District(s), ticket.District(ticket.District(s))},
			"room":     {room, again},
		} {
			if c.once != c.twice {
				t.Errorf("%s: %q is cleaned to %q, and that to %q", name, s, c.once, c.twice)
			}
			if utf8.RuneCountInString(c.once) > 240 || !utf8.ValidString(c.once) ||
				unicode.In([]rune(c.once + " ")[0], unicode.M) {
				t.Errorf("%s: %q is cleaned to %q", name, s, c.once)
			}
			for _, r := range c.once {
				if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
					t.Errorf("%s: %q is cleaned to %q", name, s, c.once)
				}
			}
		}
		if at != atAgain {
			t.Errorf("%q is on floor %d, and then on %d", s, at, atAgain)
		}
	})
}
