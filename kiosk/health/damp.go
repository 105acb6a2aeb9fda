package health

import "time"

// Bounds of the damping.
const (
	flapWithin   = 10 * time.Minute // a fall so soon after coming back is a flap; so long without one, and all are forgotten
	firstSteady  = 5 * time.Second  // how long a part has to be well after its first flap before it is believed; doubled with each further one
	longestDoubt = 5 * time.Minute
)

// damper decides when a finding is believed. Bad news counts after as many findings in a row as the part asks for. Good news counts at once, until
// the part begins to flap: then it has to last, the longer the more it flaps, so that a loose plug does not open and close the terminal under
// people's hands.
type damper struct {
	tolerate int
	status   Status
	bad      int       // findings in a row that were worse than what is believed
	well     time.Time // since when the findings are better than what is believed
	risen    time.Time // when it last came back
	fell     time.Time // when it last flapped
}

// hear takes a finding. It tells whether what is believed has changed, and in how long to look again at the latest; 0: as usual.
func (d *damper) hear(f Finding, now time.Time) (changed bool, again time.Duration) {
	d.status.Checked = now
	if !d.fell.IsZero() && now.Sub(d.fell) >= flapWithin {
		d.fell, d.status.Flaps = time.Time{}, 0
	}
	believed := d.status.State
	switch {
	case believed == Unknown || f.State == believed:
		d.bad, d.well = 0, time.Time{}
	case f.State > believed:
		d.well = time.Time{}
		if d.bad++; d.bad < d.tolerate {
			return false, firstSteady
		}
		d.fall(now)
	default:
		d.bad = 0
		if d.well.IsZero() {
			d.well = now
		}
		if rest := d.doubt() - now.Sub(d.well); rest > 0 {
			return false, rest
		}
		d.risen = now
	}
	return d.believe(f, now), 0
}

// fall counts a flap where the part came back only a while ago.
func (d *damper) fall(now time.Time) {
	d.bad = 0
	if !d.risen.IsZero() && now.Sub(d.risen) < flapWithin {
		d.status.Flaps++
		d.fell = now
	}
}

// doubt is how long the part has to be well before it is believed.
func (d *damper) doubt() time.Duration {
	if d.status.Flaps == 0 {
		return 0
	}
	return min(longestDoubt, firstSteady<<min(d.status.Flaps-1, 10))
}

func (d *damper) believe(f Finding, now time.Time) bool {
	d.well = time.Time{}
	before := d.status.Finding
	d.status.Finding = f
	if f.State == before.State && f.Reason == before.Reason && f.Closes == before.Closes && f.NoPaper == before.NoPaper {
		return false
	}
	d.status.Since = now
	return true
}
