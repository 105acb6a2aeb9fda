package health

import "time"

// Bounds of the damping.
const (
	// a fall so soon after a recovery is a flap; so long without one, and all are forgotten
	flapWithin = 10 * time.Minute
	// how long a part has to be well after its first flap to be believed; doubled with each
	firstSteady  = 5 * time.Second
	longestDoubt = 5 * time.Minute
)

// damper decides when a finding is believed. Bad news counts after as many looks in a row as the part asks for. Good
// news counts at once, until the part begins to flap: then it has to last, the longer the more it flaps, so that a
// loose plug does not open and close the terminal while people use it. How bad a finding is, is its severity: what
// closes booking or takes the paper counts as a failure.
//
// What is reported by somebody at work counts at once, and stays until a look that began after the report says
// otherwise.
type damper struct {
	tolerate int
	asked    bool // something was heard
	status   Status
	bad      int       // looks in a row that were worse than what is believed
	well     time.Time // since when the looks are better than what is believed
	risen    time.Time // when the part last recovered
	fell     time.Time // when it last flapped
	reported time.Time // when the latched report came; zero: there is none
}

// hear takes what a look found that began at an instant. It reports whether what is believed has changed, and in how
// long to look again at the latest; 0: as usual.
func (d *damper) hear(f Finding, began, now time.Time) (changed bool, again time.Duration) {
	d.status.Checked = now
	if !d.fell.IsZero() && now.Sub(d.fell) >= flapWithin {
		d.fell, d.status.Flaps = time.Time{}, 0
	}
	believed := d.status.severity()
	if d.latched() && f.severity() < believed && !began.After(d.reported) {
		return false, firstSteady // it may have looked before the trouble began
	}
	switch {
	case !d.asked || f.severity() == believed:
		d.bad, d.well = 0, time.Time{}
	case f.severity() > believed:
		d.well = time.Time{}
		if d.bad++; d.bad < d.tolerate {
			return false, firstSteady
		}
		d.bad = 0
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

// report takes what somebody met at work. It reports whether what is believed has changed. A report that is better
// than what is believed proves nothing: only a look can.
func (d *damper) report(f Finding, now time.Time) (changed bool) {
	if f.severity() == ranks[OK] || d.asked && f.severity() < d.status.severity() {
		return false
	}
	if f.severity() > d.status.severity() {
		d.fall(now)
	}
	changed = d.believe(f, now)
	d.reported = now
	return changed
}

// latched reports whether what is believed was reported and not disproved since.
func (d *damper) latched() bool { return !d.reported.IsZero() }

// fall counts a flap where the part recovered only a while ago.
func (d *damper) fall(now time.Time) {
	if !d.risen.IsZero() && now.Sub(d.risen) < flapWithin {
		d.status.Flaps++
		d.fell = now
	}
}

// doubt is how long the part has to be well to be believed.
func (d *damper) doubt() time.Duration {
	if d.status.Flaps == 0 {
		return 0
	}
	return min(longestDoubt, firstSteady<<min(d.status.Flaps-1, 10))
}

// believe takes a finding as the truth.
func (d *damper) believe(f Finding, now time.Time) (changed bool) {
	before, asked := d.status.Finding, d.asked
	d.well, d.asked, d.reported = time.Time{}, true, time.Time{}
	f.Part = d.status.Part
	if f.At.IsZero() {
		f.At = now
	}
	d.status.Finding = f
	if asked && f.same(before) {
		return false
	}
	d.status.Since = now
	return true
}
