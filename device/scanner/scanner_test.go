package scanner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// The numbers of these tests are invented.
const (
	number  = "7700123456789012"
	another = "5000987654321098"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		what, code string
		form       Form
		policy     string
	}{
		{"the digits alone", number, FormDigits, number},
		{"in groups of four", "7700 1234 5678 9012", FormDigits, number},
		{"with space around", " " + number + " ", FormDigits, number},
		{"in a link", "https://portal.example/p?id=12&n=" + number + "&v=2", FormText, number},
		{"in words", "Полис ОМС № " + number + " Иванов", FormText, number},
		{"in fields", "01\x1d" + number + "\x1d19600101", FormText, number},
		{"twice the same", number + ";" + number, FormText, number},
		{"named among two", `{"snils":"` + another + `","enp":"` + number + `"}`, FormLabelled, number},
		{"named in Russian", "ЕНП: " + number + ", документ " + another, FormLabelled, number},
		{"two without a name", number + ";" + another, FormNone, ""},
		{"two with a name", "enp=" + number + "&enp=" + another, FormNone, ""},
		{"15 digits", number[:15], FormNone, ""},
		{"17 digits", number + "1", FormNone, ""},
		{"half a code", number[:8], FormNone, ""},
		{"no digit", "абв", FormNone, ""},
		{"nothing", "", FormNone, ""},
		{"digits of another script", "٧٧٠٠١٢٣٤٥٦٧٨٩٠١٢", FormNone, ""},
		{"no text", "\x00\x01" + number, FormBinary, ""},
		{"no UTF-8", "\xff\xfe" + number, FormBinary, ""},
	} {
		s := Read([]byte(c.code))
		if s.Form != c.form || string(s.Policy) != c.policy || s.Length != len(c.code) {
			t.Errorf("%s: form %s, %d bytes, policy %q; want %s, %q", c.what, s.Form, s.Length, s.Policy, c.form, c.policy)
		}
	}
}

// TestScanShowsNoNumber holds that no way of writing a scan down shows its number.
func TestScanShowsNoNumber(t *testing.T) {
	s := Read([]byte(number))
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", &s)
		fmt.Fprintf(&out, verb+"\n", []Scan{s})
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("scan", "scan", s)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("scan", "scan", s)
	if err := json.NewEncoder(&out).Encode(map[string]any{"scan": s}); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{number, number[4:12], fmt.Sprintf("%x", number), "55 55 48"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q can be read in %s", secret, out.String())
		}
	}
	if s.Masked() != "•••• •••• •••• ••12" {
		t.Error(s.Masked())
	}
	s.Wipe()
	if bytes.ContainsAny(s.Policy, "0123456789") {
		t.Error("a wiped number is there")
	}
}

var begin = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// sent gives a frame the bytes of a scanner, a millisecond apart.
func sent(f *frame, text string, at time.Time) (all []Scan, now time.Time) {
	for i := range len(text) {
		at = at.Add(time.Millisecond)
		if s, ended := f.add(text[i], at); ended {
			all = append(all, s)
		}
	}
	return all, at
}

func TestFrame(t *testing.T) {
	for _, suffix := range []struct {
		suffix Suffix
		text   string
	}{{SuffixCR, "\r"}, {SuffixCR, "\r\n"}, {SuffixLF, "\n"}, {SuffixTab, "\t"}} {
		f := frame{suffix: suffix.suffix}
		all, now := sent(&f, number+suffix.text, begin)
		more, _ := sent(&f, another+suffix.text, now.Add(time.Second))
		all = append(all, more...)
		if len(all) != 2 || string(all[0].Policy) != number || string(all[1].Policy) != another {
			t.Errorf("%q: %d codes", suffix.text, len(all))
		}
	}
}

func TestFrameEndsBySilence(t *testing.T) {
	f := frame{suffix: SuffixNone}
	_, now := sent(&f, number, begin)
	if _, ended := f.quiet(now.Add(silence / 2)); ended {
		t.Error("a code ends while it is being sent")
	}
	if s, ended := f.quiet(now.Add(silence)); !ended || string(s.Policy) != number {
		t.Error("silence does not end a code")
	}
	cut := frame{suffix: SuffixCR}
	_, now = sent(&cut, number, begin)
	if s, ended := cut.quiet(now.Add(silence)); !ended || s.Form != FormCut || s.Policy != nil {
		t.Errorf("a code without its end: %v", s)
	}
	all, _ := sent(&cut, another+"\r", now.Add(time.Second))
	if len(all) != 1 || string(all[0].Policy) != another {
		t.Error("half a code is a part of the next one")
	}
}

// TestFrameHasBounds holds that neither a code of 10 kB nor a hundred codes a second are more than one code.
func TestFrameHasBounds(t *testing.T) {
	f := frame{suffix: SuffixCR, code: make([]byte, 0, maxCode)}
	all, now := sent(&f, strings.Repeat("x", 10<<10)+number+"\r", begin)
	if len(all) != 1 || all[0].Form != FormTooLong || all[0].Policy != nil || cap(f.code) > maxCode {
		t.Errorf("10 kB: %v, a buffer of %d", all, cap(f.code))
	}
	f = frame{suffix: SuffixCR}
	counted := 0
	all, _ = sent(&f, strings.Repeat(number[:9]+"\r", 100), now.Add(time.Second))
	for _, s := range all {
		if s.Form != FormTooFast {
			counted++
		}
	}
	if len(all) != 100 || counted > 3 {
		t.Errorf("of %d codes in a second %d count", len(all), counted)
	}
}

// TestNothingStays holds that what was read is overwritten.
func TestNothingStays(t *testing.T) {
	f := frame{suffix: SuffixCR, code: make([]byte, 0, maxCode)}
	sent(&f, "enp="+number+"\r"+number, begin)
	f.quiet(begin.Add(time.Minute))
	if bytes.ContainsAny(f.code[:cap(f.code)], "0123456789") {
		t.Error("digits stay in the buffer of the line")
	}
	var w Wedge
	typed(&w, number, begin, 5*time.Millisecond)
	if bytes.ContainsAny(w.code[:cap(w.code)], "0123456789") {
		t.Error("digits stay in the buffer of the keys")
	}
}

// keysOf are the keys of digits and small letters on any keyboard.
func keysOf(text string) (all []Key) {
	for _, c := range text {
		for _, part := range keyboard {
			if i := strings.IndexRune(part.rows[0], c); i >= 0 {
				all = append(all, part.from+Key(i))
			}
		}
	}
	return all
}

// typed types a text and Enter, with a pause before each key.
func typed(w *Wedge, text string, at time.Time, pause time.Duration) (s Scan, ended bool, taken int) {
	for _, k := range append(keysOf(text), keyEnter) {
		at = at.Add(pause)
		var is bool
		s, ended, is = w.Down(k, at)
		w.Up(k)
		if is {
			taken++
		}
	}
	return s, ended, taken
}

func TestWedge(t *testing.T) {
	for _, pause := range []time.Duration{time.Millisecond, 10 * time.Millisecond, 40 * time.Millisecond} {
		var w Wedge
		s, ended, taken := typed(&w, number, begin, pause)
		if !ended || string(s.Policy) != number || taken != 16 {
			t.Errorf("a key every %s: %v, %d keys taken", pause, s, taken)
		}
	}
	var w Wedge
	if s, ended, _ := typed(&w, "https/p/enp="+number, begin, 2*time.Millisecond); !ended || string(s.Policy) != number {
		t.Errorf("a text: %v", s)
	}
}

// TestWedgeIsNoTyping holds that fingers send no code, and that their keys, Enter with them, keep their meaning.
func TestWedgeIsNoTyping(t *testing.T) {
	var w Wedge
	if _, ended, taken := typed(&w, number, begin, 60*time.Millisecond); ended || taken != 0 {
		t.Errorf("typing is a code: %d keys taken", taken)
	}
	if _, ended, _ := typed(&w, "1234567", begin.Add(time.Minute), time.Millisecond); ended {
		t.Error("seven keys at once are a code")
	}
	if _, ended, taken := w.Down(keyEnter, begin.Add(time.Hour)); ended || taken {
		t.Error("Enter alone is taken")
	}
	// fingers, then a scanner: the code is the scanner's
	w.Down(keysOf("1")[0], begin.Add(2*time.Hour))
	if s, ended, _ := typed(&w, number, begin.Add(2*time.Hour+time.Second), time.Millisecond); !ended ||
		string(s.Policy) != number {
		t.Errorf("a code behind a typed digit: %v", s)
	}
	// a code whose Enter comes late is half a code
	at := begin.Add(3 * time.Hour)
	for _, k := range keysOf(number) {
		at = at.Add(time.Millisecond)
		w.Down(k, at)
		w.Up(k)
	}
	if _, ended, taken := w.Down(keyEnter, at.Add(time.Second)); ended || taken {
		t.Error("an Enter of a finger ends a code")
	}
	// a typist who strikes three keys at once and then goes on as fingers do
	w.Reset()
	at = begin.Add(5 * time.Hour)
	for i, k := range append(keysOf(number), keyEnter) {
		at = at.Add(70 * time.Millisecond)
		if i < 4 {
			at = at.Add(-60 * time.Millisecond)
		}
		if _, ended, _ := w.Down(k, at); ended {
			t.Error("a fast beginning makes typing a code")
		}
		w.Up(k)
	}
	// a key that is held is repeated
	w.Reset()
	at = begin.Add(4 * time.Hour)
	for range 40 {
		at = at.Add(30 * time.Millisecond)
		w.Down(2, at)
	}
	if _, ended, taken := w.Down(keyEnter, at.Add(40*time.Millisecond)); ended || taken {
		t.Error("a key that is held is a code")
	}
}

// TestWedgeOfABusyWindow holds that a window that was busy for a moment in the middle of a code loses none of it.
func TestWedgeOfABusyWindow(t *testing.T) {
	var w Wedge
	at := begin
	var s Scan
	var ended bool
	for i, k := range append(keysOf(number), keyEnter) {
		at = at.Add(8 * time.Millisecond)
		if i == 9 {
			at = at.Add(200 * time.Millisecond)
		}
		s, ended, _ = w.Down(k, at)
		w.Up(k)
	}
	if !ended || string(s.Policy) != number {
		t.Errorf("read %v", s)
	}
}

func TestWedgeShiftAndPad(t *testing.T) {
	var w Wedge
	at := begin
	down := func(k Key) { at = at.Add(time.Millisecond); w.Down(k, at); w.Up(k) }
	w.Down(keyLeftShift, at)
	down(2) // «!», no digit
	w.Up(keyLeftShift)
	for _, c := range number {
		down(keyPad + Key(strings.IndexRune(pad, c)))
	}
	s, ended, _ := w.Down(keyPadEnter, at.Add(time.Millisecond))
	if !ended || s.Form != FormText || string(s.Policy) != number {
		t.Errorf("the number pad behind a shifted digit: %v", s)
	}
}

func TestWedgeHasBounds(t *testing.T) {
	var w Wedge
	if s, ended, _ := typed(&w, strings.Repeat("1", 10<<10), begin, time.Millisecond); !ended || s.Form != FormTooLong ||
		cap(w.code) > maxCode {
		t.Errorf("10 kB of keys: %v", s)
	}
	if s, ended, _ := typed(&w, number, begin.Add(11*time.Second), time.Millisecond); !ended ||
		string(s.Policy) != number {
		t.Errorf("the next code: %v", s)
	}
	if s, ended, _ := typed(&w, another, begin.Add(11*time.Second+50*time.Millisecond), time.Millisecond); !ended ||
		s.Form != FormTooFast || s.Policy != nil {
		t.Errorf("a code at once after another: %v", s)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(number))
	f.Add([]byte("enp=" + number + "&x=" + another))
	f.Fuzz(func(t *testing.T, code []byte) {
		before := bytes.Clone(code)
		s := Read(code)
		if !bytes.Equal(before, code) {
			t.Error("the code was changed")
		}
		if known := s.Policy != nil; known != (s.Form == FormDigits || s.Form == FormText || s.Form == FormLabelled) {
			t.Errorf("form %s, number %v", s.Form, known)
		}
		if s.Policy != nil && len(s.Policy) != policyDigits {
			t.Errorf("a number of %d digits", len(s.Policy))
		}
	})
}
