package escpos

import (
	"errors"
	"strings"
	"testing"
)

// What a printer answers is read as what it is, for each state alone and all together.
func TestAnswerAndReadAreEachOthersInverse(t *testing.T) {
	for name, p := range all(t) {
		questions := p.Ask
		if p.ASB != nil {
			questions = append(questions[:len(questions):len(questions)], *p.ASB)
		}
		for _, q := range questions {
			var every Status
			for state := range q.Bits {
				s := statusNames[state]
				every |= s
				if got, err := q.Read(q.Answer(s)); err != nil || !got.Has(s) {
					t.Errorf("%s, % X: %s reads %v, %v", name, q.Ask, state, got, err)
				}
			}
			if got, err := q.Read(q.Answer(every)); err != nil || got != every {
				t.Errorf("%s, % X: %v reads %v, %v", name, q.Ask, every, got, err)
			}
			if got, err := q.Read(q.Answer(0)); err != nil || got != 0 || !got.Ready() || got.Trouble() != "" {
				t.Errorf("%s, % X: sound reads %v, %v", name, q.Ask, got, err)
			}
		}
	}
}

// Bytes of the manuals.
func TestStatusBytes(t *testing.T) {
	for _, c := range []struct {
		profile  string
		question int
		answer   string
		want     Status
	}{
		{"epson", 0, "\x12", 0},
		{"epson", 0, "\x1a", Offline},
		{"epson", 1, "\x16", CoverOpen},
		{"epson", 1, "\x32", PaperOut},
		{"epson", 2, "\x1a", Cutter},
		{"epson", 2, "\x32", Fault},
		{"epson", 3, "\x1e", PaperLow},
		{"epson", 3, "\x72", PaperOut},
		{"custom-vkp80", 0, "\x10\x0f\x01\x00\x00\x00", PaperOut},
		{"custom-vkp80", 0, "\x10\x0f\x24\x08\x00\x00", PaperLow | AtMouth | Moving},
		{"custom-vkp80", 0, "\x10\x0f\x00\x02\x40\x01", CoverOpen | Jam | Cutter},
		{"nippon-np2511", 0, "\x45", PaperLow | PaperOut | AtMouth},
	} {
		if got, err := all(t)[c.profile].Ask[c.question].Read([]byte(c.answer)); err != nil || got != c.want {
			t.Errorf("%s, question %d, % x: %b, %v; want %b", c.profile, c.question, c.answer, got, err, c.want)
		}
	}
	for _, noise := range []string{"", "\x00", "\xff", "\x11", "\x12\x12"} {
		var bad *BadStatusError
		if _, err := all(t)["epson"].Ask[0].Read([]byte(noise)); !errors.As(err, &bad) || !strings.Contains(
			err.Error(), "speed or profile wrong?",
		) {
			t.Errorf("% x: %v", noise, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte{0x12}, 0)
	f.Add([]byte{0x10, 0x0f, 0, 0, 0, 0}, 3)
	f.Add([]byte("\xff\x00\x11"), 7)
	profiles, err := Embedded()
	if err != nil {
		f.Fatal(err)
	}
	names := profiles.Names()
	f.Fuzz(func(t *testing.T, answer []byte, which int) {
		for _, q := range profiles[names[uint(which)%uint(len(names))]].Ask {
			s, err := q.Read(answer)
			if err != nil && s != 0 {
				t.Errorf("% x is no answer, and says %v", answer, s)
			}
			if s.Ready() != (s.Trouble() == "") {
				t.Errorf("ready %t, trouble %q", s.Ready(), s.Trouble())
			}
		}
	})
}
