package escpos

import (
	"errors"
	"slices"
	"testing"
)

// The answers that are waited for in the tests, by the profile that has them.
var (
	real1   = func(p Profile) []Pattern { return p.Ask[0].Shape }
	inOrder = func(Profile) []Pattern { return PaperSensor.Shape }
	id      = func(Profile) []Pattern { return ProcessID("ab12").Shape }
)

func TestAnswersByTheirShapes(t *testing.T) {
	for name, c := range map[string]struct {
		profile string
		want    func(Profile) []Pattern
		sent    string
		answer  string // "": none
		status  Status // automatic
		bad     bool
	}{
		"status":                      {"epson", real1, "\x12", "\x12", 0, false},
		"paper sensor":                {"epson", inOrder, "\x03", "\x03", 0, false},
		"status behind flow control":  {"epson", real1, "\x11\x13\x12", "\x12", 0, false},
		"sensor behind flow control":  {"epson", inOrder, "\x13\x11\x00", "\x00", 0, false},
		"paper low told in between":   {"epson", real1, "\x10\x00\x03\x00\x12", "\x12", PaperLow, false},
		"paper low before the sensor": {"epson", inOrder, "\x10\x00\x03\x00\x03", "\x03", PaperLow, false},
		"two automatic ones":          {"epson", inOrder, "\x38\x00\x00\x00\x10\x00\x00\x00\x00", "\x00", 0, false},
		"automatic before the job's id": {
			"epson-tm-m30", id, "\x10\x00\x03\x00\x37\x22ab12\x00", "\x37\x22ab12\x00", PaperLow, false,
		},
		"an older job's id": {
			"epson-tm-m30", id, "\x37\x22cd34\x00\x37\x22ab12\x00", "\x37\x22ab12\x00", 0, false,
		},
		"an older job's id alone":        {"epson-tm-m30", id, "\x37\x22cd34\x00", "", 0, true},
		"a late status":                  {"epson", inOrder, "\x12\x00", "\x00", 0, false},
		"a late sensor":                  {"epson", real1, "\x00\x12", "\x12", 0, false},
		"twice":                          {"epson", real1, "\x12\x12", "\x12", 0, false},
		"noise":                          {"epson", real1, "\xff\x12", "", 0, true},
		"noise of the automatic's shape": {"epson", real1, "\x10\x00\x12", "", 0, true},
		"echo":                           {"epson", real1, "\x10\x04\x01\x12", "", 0, true},
		"echo of the sensor's question":  {"epson", inOrder, "\x1dr\x01", "", 0, true},
		"half an automatic status":       {"epson", inOrder, "\x10\x00", "", 0, true},
		"too many late ones":             {"epson", real1, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x12", "", 0, true},
		"full status": {
			"custom-vkp80", real1, "\x10\x0f\x00\x00\x00\x00", "\x10\x0f\x00\x00\x00\x00", 0, false,
		},
		"automatic before full status": {
			"custom-vkp80", real1, "\x10\x00\x03\x00\x10\x0f\x20\x00\x00\x00", "\x10\x0f\x20\x00\x00\x00", PaperLow, false,
		},
		"late full status is no sensor": {"custom-vkp80", inOrder, "\x10\x0f\x00\x00\x00\x00", "", 0, true},
		"flow control inside a status": {
			"custom-vkp80", real1, "\x10\x0f\x11\x00\x00\x00\x00", "", 0, true,
		},
		"nothing":               {"epson", real1, "", "", 0, false},
		"flow control alone":    {"epson", real1, "\x13\x11", "", 0, false},
		"automatic alone":       {"epson", real1, "\x18\x00\x00\x00", "", Offline, false},
		"the old way":           {"nippon-np2511", real1, "\x04", "\x04", 0, false},
		"flow control or state": {"nippon-np2511", real1, "\x13\x11\x04", "\x04", 0, false},
		"state or flow control": {"nippon-np2511", real1, "\x11", "\x11", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := all(t)[c.profile]
			a := p.Answers(c.want(p))
			var got []byte
			var err error
			for _, b := range []byte(c.sent) {
				if got, err = a.Add(b); got != nil || err != nil {
					break
				}
			}
			if got == nil && err == nil {
				got, err = a.End()
			}
			var bad *BadStatusError
			if string(got) != c.answer || errors.As(err, &bad) != c.bad {
				t.Errorf("got % x (%v), want % x", got, err, c.answer)
			}
			if s, told := a.Automatic(); s != c.status || s != 0 && !told {
				t.Errorf("automatic status %b, %t", s, told)
			}
		})
	}
}

// An answer is found behind everything that may come before it, in any order and number up to the bound.
func TestAnswersInAnyOrder(t *testing.T) {
	for _, p := range all(t) {
		if len(p.Ask) == 0 {
			continue
		}
		var before [][]byte
		if p.ASB != nil {
			before = append(before, p.ASB.Answer(PaperLow), p.ASB.Answer(CoverOpen|Offline))
		}
		before = append(before, []byte{xon}, []byte{xoff})
		for _, first := range before {
			for _, second := range before {
				want := p.Ask[0].Answer(PaperLow)
				a := p.Answers(p.Ask[0].Shape)
				for i, b := range slices.Concat(first, second, want) {
					got, err := a.Add(b)
					last := i == len(first)+len(second)+len(want)-1
					if err != nil || (got != nil) != last || last && !slices.Equal(got, want) {
						t.Fatalf("%s: % x, % x, % x: got % x at %d (%v)", p.Name, first, second, want, got, i, err)
					}
				}
			}
		}
	}
}

// Whatever comes, an answer has the shape that is waited for, and what is held stays small.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte("\x10\x00\x03\x00\x12"), 0, 0)
	f.Add([]byte("\x37\x22ab12\x00\x11\x13"), 1, 2)
	f.Add([]byte("\x10\x0f\x20\x00\x00\x00"), 2, 1)
	profiles := all(f)
	names := profiles.Names()
	f.Fuzz(func(t *testing.T, sent []byte, which, waited int) {
		p := profiles[names[uint(which)%uint(len(names))]]
		shapes := [][]Pattern{PaperSensor.Shape, ProcessID("ab12").Shape}
		for _, q := range p.Ask {
			shapes = append(shapes, q.Shape)
		}
		want := shapes[uint(waited)%uint(len(shapes))]
		a := p.Answers(want)
		for _, b := range sent {
			got, err := a.Add(b)
			if got != nil && (err != nil || len(got) != len(want) || !fits(got, want)) {
				t.Fatalf("% x (%v) is no answer", got, err)
			}
			if len(a.held) > 16 {
				t.Fatalf("%d bytes are held", len(a.held))
			}
		}
	})
}
