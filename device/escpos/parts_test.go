package escpos

import (
	"bytes"
	"strings"
	"testing"

	"infomat/device/dots"
)

// everything is a job with all that an Encoder writes.
func everything(p Profile) []byte {
	e := NewEncoder(p)
	for n, text := range []string{"Поликлиника № 3", "Әлия", "ТАЛОН", "", strings.Repeat("строка ", 4)} {
		e.Align(Align(n % 3))
		e.Bold(n%2 == 0)
		e.Size(1 + n%2)
		e.Small(n == 3)
		e.Inverse(n == 2)
		e.Line(text)
	}
	e.Feed(2)
	e.QR("9d8ea16f-205b-4bc7-92e5-752cd84cb0db", 6)
	e.Picture(dots.New(40, 30))
	e.Line("конец")
	e.Cut()
	return e.Bytes()
}

// Questions stand between whole commands, all of them before what lets go of the paper, and nothing else is changed.
func TestQuestionsWithinAJob(t *testing.T) {
	for name, p := range all(t) {
		job := everything(p)
		body := p.Body(job)
		want := append([]byte{}, p.Cut...)
		if p.Presenter != nil {
			want = append(want, p.Presenter.Present...)
		}
		if !bytes.HasSuffix(job[body:], want) || bytes.ContainsAny(job[body:], "\n") {
			t.Errorf("%s: behind the body stands % x", name, job[body:])
		}
		if p.Marker == nil {
			continue
		}
		q := p.InOrder()
		data, asked := p.WithQuestions(job, q)
		if n := bytes.Count(data, q.Ask); asked < 2 || n != asked || len(data) != len(job)+asked*len(q.Ask) {
			t.Errorf("%s: %d questions, %d are there, %d bytes for %d", name, asked, n, len(data), len(job))
		}
		behind := len(data) - p.Body(data) - (len(job) - body) // a question may stand behind the last picture
		if !bytes.Equal(bytes.ReplaceAll(data, q.Ask, nil), job) || behind != 0 && behind != len(q.Ask) {
			t.Errorf("%s: the job was changed", name)
		}
	}
}

// What is not known, or not whole, gets no question behind it.
func TestQuestionsInAStrangeJob(t *testing.T) {
	p := all(t)["epson"]
	line := strings.Repeat("a", 100) + "\n"
	for _, c := range []struct {
		job   string
		asked int
		body  int
	}{
		{"", 0, 0},
		{"\x1b@", 0, 0},
		{line + line, 1, 202},
		{line + "\x1bZ" + line, 1, 101},
		{"\x1dv0\x00\x01\x00\xff\x00" + line, 0, 0}, // a picture that is longer than the job
		{"\x1d(k\x03", 0, 0},
		{"\x1b*\x21\x01", 0, 0},
	} {
		data, asked := p.WithQuestions([]byte(c.job), PaperSensor)
		if asked != c.asked || p.Body([]byte(c.job)) != c.body || len(data) != len(c.job)+3*asked {
			t.Errorf("%q: %d questions, body %d", c.job, asked, p.Body([]byte(c.job)))
		}
	}
}
