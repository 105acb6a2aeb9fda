package device_test

import (
	"bytes"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// A round of questions waits for its answers once, not for each before the next one is asked.
func TestQuestionsInOneGo(t *testing.T) {
	each(t, func(t *testing.T, p escpos.Profile) {
		if len(p.Ask) < 2 {
			t.Skip("it is asked one thing or nothing")
		}
		d, v := impatient(t, virtual.Options{Profile: p, Deaf: true})
		if s, err := d.Status(t.Context()); s.Device != device.DeviceSilent {
			t.Fatalf("%+v, %v", s, err)
		}
		var all []byte
		for _, q := range p.Ask {
			all = append(all, q.Ask...)
		}
		eventually(t, "all questions come", func() bool { return bytes.Equal(v.Received(), all) })
	})
}

// Where not all questions that come in one go are answered, or each is answered twice, they are asked one by one.
func TestQuestionsOneByOne(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		for name, o := range map[string]virtual.Options{"hasty": {Hasty: true}, "twice": {Twice: true}} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				o.Profile = p
				d, v := setup(t, o)
				if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Printed {
					t.Fatalf("%s (%v)", r.Outcome, r.Err)
				}
				begun := time.Now()
				for _, f := range []virtual.Fault{virtual.PaperLow, virtual.CoverOpen, virtual.None} {
					v.SetFault(f)
					s, err := d.Status(t.Context())
					if want := expected(p, f); s.Device != want.Device || s.Paper != want.Paper {
						t.Errorf("%s: device %s, paper %s (%v); want %s, %s", name, s.Device, s.Paper, err, want.Device, want.Paper)
					}
				}
				if took := time.Since(begun); o.Hasty && took > 6*time.Second {
					t.Errorf("the answers that do not come are waited for each time: %v", took)
				}
			})
		}
	})
}
