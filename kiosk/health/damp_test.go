package health

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDamping(t *testing.T) {
	const second = time.Second
	good, bad := Fine, Finding{State: Down, Reason: "silent"}
	type look struct {
		after time.Duration
		f     Finding
		want  State
	}
	for name, c := range map[string]struct {
		tolerate int
		looks    []look
	}{
		"the first look counts at once":            {3, []look{{0, bad, Down}}},
		"bad news at once":                         {1, []look{{0, good, OK}, {second, bad, Down}}},
		"bad news after three":                     {3, []look{{0, good, OK}, {second, bad, OK}, {second, bad, OK}, {second, bad, Down}}},
		"one good look begins the count anew":      {2, []look{{0, good, OK}, {second, bad, OK}, {second, good, OK}, {second, bad, OK}, {second, bad, Down}}},
		"good news at once, the first time":        {1, []look{{0, bad, Down}, {second, good, OK}}},
		"after a flap it has to last":              {1, []look{{0, bad, Down}, {second, good, OK}, {second, bad, Down}, {second, good, Down}, {4 * second, good, Down}, {second, good, OK}}},
		"a relapse begins the wait anew":           {1, []look{{0, bad, Down}, {second, good, OK}, {second, bad, Down}, {second, good, Down}, {4 * second, bad, Down}, {second, good, Down}, {5 * second, good, OK}}},
		"after ten calm minutes it is believed":    {1, []look{{0, bad, Down}, {second, good, OK}, {second, bad, Down}, {flapWithin, good, OK}}},
		"a fall long after coming back is no flap": {1, []look{{0, bad, Down}, {second, good, OK}, {flapWithin, bad, Down}, {second, good, OK}}},
	} {
		t.Run(name, func(t *testing.T) {
			d := damper{tolerate: c.tolerate}
			now := time.Now()
			for i, l := range c.looks {
				now = now.Add(l.after)
				d.hear(l.f, now)
				if d.status.State != l.want {
					t.Fatalf("look %d: %v, want %v", i, d.status.State, l.want)
				}
			}
		})
	}
}

// However a part behaves: what is shown as working was working at the newest look but the tolerated ones, and a part that stays well is believed in
// bounded time.
func TestDampingIsNeverBlindNorDeaf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := damper{tolerate: rapid.IntRange(1, 3).Draw(t, "tolerate")}
		now := time.Now()
		bad := 0
		for range rapid.IntRange(1, 60).Draw(t, "looks") {
			now = now.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "seconds")) * time.Second)
			f := Finding{State: rapid.SampledFrom([]State{OK, Degraded, Down}).Draw(t, "state")}
			if bad++; f.State != Down {
				bad = 0
			}
			d.hear(f, now)
			if d.status.State < f.State && bad >= d.tolerate {
				t.Fatalf("%v is shown after %d looks at a part that is down", d.status.State, bad)
			}
		}
		for range 2 * int(longestDoubt/time.Second) {
			now = now.Add(time.Second)
			d.hear(Fine, now)
		}
		if d.status.State != OK {
			t.Fatalf("%v after ten minutes without a fault", d.status.State)
		}
	})
}
