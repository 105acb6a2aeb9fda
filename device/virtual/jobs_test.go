package virtual_test

import (
	"bytes"
	"slices"
	"testing"

	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

func TestJobs(t *testing.T) {
	const (
		one   = "\x1b@one\n\x1dV\x42\x00"
		two   = "\x1b@two\n\x1dV\x42\x00"
		asked = "\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"
		sync  = "\x1d(H\x06\x0000SYNC"

		marker = "\x1d:\x1dr\x01\x1d:"
		marked = "\x1d^\x03\x00\x00"
	)
	for _, c := range []struct {
		name, profile, received string
		want                    []string
	}{
		{"nothing", "epson", "", nil},
		{"questions alone", "epson", asked + "\x1dr\x01", nil},
		{"a job alone", "epson", one, []string{one}},
		{"status before and after, paper sensor behind", "epson", asked + one + "\x1dr\x01" + asked, []string{one}},
		{"process id", "epson-tm-m30", asked + sync + one + "\x1d(H\x06\x0000ab12" + asked, []string{one}},
		{"automatic status on and off", "star", one + "\x1da\xff\x1da\x00" + asked, []string{one}},
		{"ESC v", "nippon-np2511", "\x1bv\x1bv\x1bv" + one + "\x1bv\x1bv", []string{one}},
		{
			"full status and retraction", "custom-vkp80", "\x10\x04\x14" + one + "\x10\x04\x14\x1de\x02\x10\x04\x14",
			[]string{one},
		},
		{
			"presented", "custom-vkp80", "\x1b@\x1de\x05x\n\x1bi\x1de\x03\x0c\x10\x04\x14",
			[]string{"\x1b@\x1de\x05x\n\x1bi\x1de\x03\x0c"},
		},
		{
			"the marker before and behind", "epson",
			marker + one + "\x1dr\x01" + asked + marked + marker + two + "\x1dr\x01" + marked,
			[]string{one, two},
		},
		{"two jobs", "epson", one + asked + two + asked, []string{one, two}},
		{
			"cleared in between", "epson", one + "\x00\x00\x00\x00\x00\x00\x00\x00\x10\x05\x02" + asked + "\x1dr\x01" + two,
			[]string{one, two},
		},
		{"cleared by a command in the buffer", "nippon-np2511", one + "\x11" + two, []string{one, two}},
		{"a NUL between commands", "epson", "\x1b@a\x00b\n", []string{"\x1b@a\x00b\n"}},
		{"noise before the first job", "epson", "abc\n" + one, []string{one}},
		{"a question within a job", "epson", "\x1b@o\x10\x04\x01ne\n", []string{"\x1b@one\n"}},
		{"going on after an error", "epson", "\x1b@o\x10\x05\x01ne\n", []string{"\x1b@one\n"}},
		{"DLE twice", "epson", "\x1b@one\n\x10\x10\x04\x01", []string{"\x1b@one\n"}},
		{
			"a question within a picture", "epson", "\x1b@\x1dv0\x00\x01\x00\x02\x00\xaa\x10\x04\x01\xbb\n",
			[]string{"\x1b@\x1dv0\x00\x01\x00\x02\x00\xaa\xbb\n"},
		},
		{
			"ESC @ in the dots of a picture", "epson", "\x1b@\x1dv0\x00\x01\x00\x02\x00\x1b@" + two,
			[]string{"\x1b@\x1dv0\x00\x01\x00\x02\x00\x1b@", two},
		},
		{"a question half received", "epson", one + "\x10\x04", []string{one}},
		{"a confirmation half received", "epson-tm-m30", one + "\x1d(H\x06\x0000a", []string{one}},
		{"DLE EOT that this printer does not know", "nippon-np2511", one + "\x10\x04\x01", []string{one + "\x10\x04\x01"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, job := range virtual.Jobs([]byte(c.received), profile(t, c.profile)) {
				got = append(got, string(job))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The jobs of every profile's encoder come back byte for byte, whatever is asked around them.
func TestJobsOfEveryProfile(t *testing.T) {
	all, err := escpos.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range all {
		e := escpos.NewEncoder(p)
		e.Bold(true)
		e.Line("Талон № 7")
		e.QR("https://example.org/7", 6)
		e.Cut()
		job := e.Bytes()
		var around []byte
		for _, q := range p.Ask {
			around = append(around, q.Ask...)
		}
		if p.ASB != nil {
			around = append(append(around, p.ASB.Ask...), 0x1d, 'a', 0)
		}
		around = append(around, escpos.PaperSensor.Ask...)
		around = append(around, escpos.ProcessID("ab12").Ask...)
		received := slices.Concat(around, job, around, job, around)
		got := virtual.Jobs(received, p)
		if len(got) != 2 || !bytes.Equal(got[0], job) || !bytes.Equal(got[1], job) {
			t.Errorf("%s: got %q, want %q twice", name, got, job)
		}
	}
}

func TestJobsOfAPrinter(t *testing.T) {
	h := start(t, virtual.Options{Profile: profile(t, "epson")}, serialport.FlowNone)
	h.send([]byte("\x1dr\x01")...)
	h.expect(0)
	h.send([]byte("\x1b@a\n\x1dr\x01")...)
	h.expect(0)
	h.send([]byte("\x1b@b\n\x10\x04\x01")...)
	h.expect(0x12)
	if got := h.printer.Jobs(); len(got) != 2 || string(got[0]) != "\x1b@a\n" || string(got[1]) != "\x1b@b\n" {
		t.Errorf("%q", got)
	}
}
