package device_test

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

// Whatever a printer makes of a macro, a sound job is printed if a restart can be told, and unknown if not; and the
// outcome is true after a restart.
func TestKindsOfMacros(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		kinds := map[virtual.Macro]device.Outcome{
			virtual.MacroExecuting: printed(p), virtual.MacroQuiet: printed(p), virtual.MacroLacking: device.Unknown,
			virtual.MacroReset: device.Unknown, virtual.MacroMoved: device.Unknown,
		}
		if len(p.Cut) > 0 {
			kinds[virtual.MacroCut] = device.Unknown
		}
		for kind, want := range kinds {
			t.Run(fmt.Sprint(kind), func(t *testing.T) {
				t.Parallel()
				d, v := setup(t, virtual.Options{Profile: p, Macro: kind})
				for n := range 2 {
					j := job(p, n)
					r := d.Print(t.Context(), j)
					if r.Outcome != want {
						t.Fatalf("%s (%v), want %s", r.Outcome, r.Err, want)
					}
					eventually(t, "the ticket comes out", func() bool { return whole(t, p, papers(v, p), j) == 1 })
					if firstCut := kind == virtual.MacroCut && n == 0; want == device.Unknown &&
						!firstCut && !errors.Is(r.Err, device.ErrUnmarked) {
						t.Errorf("job %d: the reason is %v", n, r.Err)
					}
				}
				s, err := d.Status(t.Context())
				if lacks := s.Lack == device.LackMarker; err != nil || lacks != (want == device.Unknown) {
					t.Errorf("%+v, %v", s, err)
				}
				j := job(p, 3)
				v.RestartAfter(virtual.Restart{After: 40})
				truthful(t, "restart", d.Print(t.Context(), j), whole(t, p, papers(v, p), j))
			})
		}
	})
}

// The answer to the definition of the marker is not taken for the confirmation: a printer that prints for longer than
// it may take to answer is waited for.
func TestSlowPrinter(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"epson", "epson-tm-m30", "star", "custom-vkp80"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := profile(t, name)
			v, err := virtual.Start(virtual.Options{Profile: p, Speed: 8})
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			d := device.New(device.Config{
				Port: v.Path(), Baud: 115200, Flow: serialport.FlowNone, Profile: p, Timeout: 30 * time.Second,
			}, slog.New(slog.DiscardHandler))
			defer d.Close()
			if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Printed {
				t.Errorf("%s (%v)", r.Outcome, r.Err)
			}
		})
	}
}

// A printer that has not shown its marker once, because it restarted just then, is tried again with the next job.
func TestMarkerIsTriedAgain(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	missed := false
	for at := 30; at < 85; at++ {
		d, v := impatient(t, virtual.Options{Profile: p})
		v.RestartAfter(virtual.Restart{After: at})
		r := d.Print(t.Context(), job(p, 1))
		missed = missed || errors.Is(r.Err, device.ErrUnmarked)
		sound(t, d, v, p)
	}
	if !missed {
		t.Error("no restart has hit the trial")
	}
}

// Noise on the line while the printer is asked for its state may print something, but leaves no part of a line or of a
// command to the next ticket.
func TestNoiseBeforeAJob(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	for _, seed := range []int64{0, 1, 2, 3, 26, 31, 32} { // in the last three the noise begins a command
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			d, v := setup(t, virtual.Options{Profile: p, Seed: seed})
			if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Printed {
				t.Fatalf("%s (%v)", r.Outcome, r.Err)
			}
			v.SetFault(virtual.Garbage)
			for range 5 {
				_, _ = d.Status(t.Context()) // whatever comes back
			}
			v.SetFault(virtual.None)
			j := job(p, 2)
			if r := d.Print(t.Context(), j); r.Outcome != device.Printed || ends(t, p, papers(v, p), j) != 1 {
				t.Errorf("%s (%v), hanging: %q", r.Outcome, r.Err, v.Unfinished().Text())
			}
		})
	}
}
