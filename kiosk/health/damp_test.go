package health

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"infomat/kiosk"
)

var (
	good   = New(PartPrinter, KindOK)
	low    = New(PartPrinter, "low")
	silent = New(PartPrinter, "silent")
	out    = New(PartPrinter, "out")
)

func TestDamping(t *testing.T) {
	const second = time.Second
	type look struct {
		after time.Duration
		f     Finding
		want  string
	}
	for name, c := range map[string]struct {
		tolerate int
		looks    []look
	}{
		"the first look counts at once": {3, []look{{0, silent, "silent"}}},
		"bad news at once":              {1, []look{{0, good, "ok"}, {second, silent, "silent"}}},
		"bad news after three": {3, []look{
			{0, good, "ok"},
			{second, silent, "ok"},
			{second, silent, "ok"},
			{second, silent, "silent"},
		}},
		"one good look begins the count anew": {2, []look{
			{0, good, "ok"},
			{second, silent, "ok"},
			{second, good, "ok"},
			{second, silent, "ok"},
			{second, silent, "silent"},
		}},
		"a warning is tolerated too":        {2, []look{{0, good, "ok"}, {second, low, "ok"}, {second, low, "low"}}},
		"another failure counts at once":    {2, []look{{0, silent, "silent"}, {second, out, "out"}}},
		"good news at once, the first time": {1, []look{{0, silent, "silent"}, {second, good, "ok"}}},
		"after a flap it has to last": {1, []look{
			{0, silent, "silent"},
			{second, good, "ok"},
			{second, silent, "silent"},
			{second, good, "silent"},
			{4 * second, good, "silent"},
			{second, good, "ok"},
		}},
		"after the second flap twice as long": {1, []look{
			{0, silent, "silent"},
			{second, good, "ok"},
			{second, silent, "silent"},
			{second, good, "silent"},
			{5 * second, good, "ok"},
			{second, silent, "silent"},
			{second, good, "silent"},
			{9 * second, good, "silent"},
			{second, good, "ok"},
		}},
		"a relapse begins the wait anew": {1, []look{
			{0, silent, "silent"},
			{second, good, "ok"},
			{second, silent, "silent"},
			{second, good, "silent"},
			{4 * second, silent, "silent"},
			{second, good, "silent"},
			{4 * second, good, "silent"},
			{second, good, "ok"},
		}},
		"after ten calm minutes it is believed": {1, []look{
			{0, silent, "silent"},
			{second, good, "ok"},
			{second, silent, "silent"},
			{flapWithin, good, "ok"},
		}},
		"a fall long after a recovery is no flap": {1, []look{
			{0, silent, "silent"}, {second, good, "ok"}, {flapWithin, silent, "silent"}, {second, good, "ok"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			d := damper{tolerate: c.tolerate}
			now := time.Now()
			for i, l := range c.looks {
				now = now.Add(l.after)
				d.hear(l.f, now, now)
				if d.status.Kind != l.want {
					t.Fatalf("look %d: %v, want %v", i, d.status.Kind, l.want)
				}
			}
		})
	}
}

// What closes booking counts as a failure, whatever its level: it is damped like one, and it is told like one.
func TestDampingKnowsWhatCloses(t *testing.T) {
	now := time.Now()
	d := damper{tolerate: 2}
	loading := Finding{Kind: "loading", Level: Skipped, Closes: kiosk.ReasonStarting}
	d.hear(good, now, now)
	if changed, again := d.hear(loading, now, now); changed || again != firstSteady || d.status.Closes != "" {
		t.Errorf("one look has closed booking: %+v", d.status)
	}
	if changed, _ := d.hear(loading, now, now); !changed || d.status.Closes != kiosk.ReasonStarting {
		t.Errorf("two looks have not closed booking: %+v", d.status)
	}
	for _, other := range []Finding{
		{Kind: "loading", Level: Skipped, Closes: kiosk.ReasonTimetable},
		{Kind: "loading", Level: Skipped, Closes: kiosk.ReasonTimetable, NoPaper: true},
		{Kind: "stale", Level: Skipped, Closes: kiosk.ReasonTimetable, NoPaper: true},
		{Kind: "stale", Level: Failure, Closes: kiosk.ReasonTimetable, NoPaper: true},
	} {
		later := now.Add(time.Second)
		if changed, _ := d.hear(other, later, later); !changed || d.status.Since != later {
			t.Errorf("%+v is no news", other)
		}
		if changed, _ := d.hear(other.Because(errors.New("why")), now, now.Add(time.Minute)); changed ||
			d.status.Since != later || d.status.Detail != "why" {
			t.Errorf("%+v: another detail is news, or is lost", other)
		}
	}
}

// A report counts at once and stays until a look that began after it.
func TestAReportLatches(t *testing.T) {
	start := time.Now()
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	d := damper{tolerate: 3}
	if !d.report(silent, at(0)) || d.status.Kind != "silent" {
		t.Fatalf("a part that was not looked at: %+v", d.status)
	}
	if changed, again := d.hear(good, at(-5), at(1)); changed || again == 0 || d.status.Kind != "silent" {
		t.Errorf("a look that began before the report has proved it wrong: %+v", d.status)
	}
	if changed, _ := d.hear(good, at(0), at(1)); changed || d.status.Kind != "silent" {
		t.Errorf("a look that began with the report has proved it wrong: %+v", d.status)
	}
	if d.report(silent, at(2)) || d.status.Since != at(0) {
		t.Errorf("the same again is news: %+v", d.status)
	}
	if changed, _ := d.hear(good, at(1), at(3)); changed {
		t.Error("a look that began before the second report has proved it wrong")
	}
	if changed, _ := d.hear(good, at(3), at(4)); !changed || d.status.Kind != "ok" || d.latched() {
		t.Errorf("a good look has not proved it wrong: %+v", d.status)
	}
	if d.report(low, at(5)); d.status.Kind != "low" {
		t.Errorf("%+v", d.status)
	}
	if d.report(good, at(6)) || d.status.Kind != "low" {
		t.Errorf("a report has proved something: %+v", d.status)
	}
	if changed, _ := d.hear(silent, at(0), at(7)); changed || d.status.Kind != "low" {
		t.Errorf("a bad look is not tolerated as it should be: %+v", d.status)
	}
	if !d.report(out, at(8)) || d.status.Flaps != 2 || d.status.Kind != "out" {
		t.Errorf("a failure soon after a recovery is no flap: %+v", d.status)
	}
	if changed, again := d.hear(good, at(9), at(10)); changed || again != 2*firstSteady {
		t.Errorf("a part that flaps is believed at once: %v", again)
	}
	if changed, _ := d.hear(good, at(19), at(20)); !changed {
		t.Error("it is not believed when it has lasted")
	}
}

// An equally bad look is the newer truth, also one that began before the report; the same trouble again is no flap.
func TestAReportAndALookThatAreEquallyBad(t *testing.T) {
	now := time.Now()
	d := damper{tolerate: 1}
	d.hear(silent, now, now)
	d.hear(good, now, now.Add(time.Second))
	d.report(silent, now.Add(2*time.Second))
	d.report(silent, now.Add(3*time.Second))
	if d.status.Flaps != 1 {
		t.Errorf("%d flaps", d.status.Flaps)
	}
	if changed, _ := d.hear(out, now, now.Add(4*time.Second)); !changed || d.status.Kind != "out" {
		t.Errorf("%+v", d.status)
	}
}

// However a part behaves: what is shown as working was working at the newest look but the tolerated ones, and a part
// that stays well is believed in bounded time, whatever was reported.
func TestDampingIsNeverBlindNorDeaf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := damper{tolerate: rapid.IntRange(1, 3).Draw(t, "tolerate")}
		now := time.Now()
		bad := 0
		for range rapid.IntRange(1, 60).Draw(t, "looks") {
			now = now.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "seconds")) * time.Second)
			f := rapid.SampledFrom([]Finding{good, low, silent, out}).Draw(t, "finding")
			if rapid.IntRange(0, 9).Draw(t, "report") == 0 {
				d.report(f, now)
				if d.status.severity() < f.severity() {
					t.Fatalf("%v is shown after a report of %v", d.status.Kind, f.Kind)
				}
				continue
			}
			if bad++; f.Level != Failure {
				bad = 0
			}
			d.hear(f, now, now)
			if d.status.severity() < f.severity() && bad >= d.tolerate {
				t.Fatalf("%v is shown after %d looks at a part that has failed", d.status.Kind, bad)
			}
		}
		for range 2 * int(longestDoubt/time.Second) {
			now = now.Add(time.Second)
			d.hear(good, now, now)
		}
		if d.status.Kind != "ok" {
			t.Fatalf("%v after ten minutes without a fault", d.status.Kind)
		}
	})
}

// Only one reason is told to patients: the order of the reasons decides, not that of the parts.
func TestWhichReasonIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		parts []Finding
		want  kiosk.Service
	}{
		"nothing":     {nil, kiosk.Service{}},
		"all is well": {[]Finding{New(PartDisk, KindOK), New(PartPrinter, "low")}, kiosk.Service{}},
		"no paper":    {[]Finding{New(PartPrinter, "out"), New(PartDisk, KindOK)}, kiosk.Service{NoPaper: true}},
		"starting":    {[]Finding{New(PartTimetable, "loading")}, kiosk.Service{Down: kiosk.ReasonStarting}},
		"first and last": {
			[]Finding{New(PartTimetable, "stale"), New(PartDisk, "full")},
			kiosk.Service{Down: kiosk.ReasonJournal},
		},
		"last and first": {
			[]Finding{New(PartDisk, "full"), New(PartTimetable, "stale")},
			kiosk.Service{Down: kiosk.ReasonJournal},
		},
		"all at once": {[]Finding{
			New(PartTimetable, "stale"), New(PartRegistry, "no_line"), New(PartAccess, "token"), New(PartJournal, "unwritable"),
			New(PartOperator, "repair"), New(PartPrinter, "out"),
		}, kiosk.Service{Down: kiosk.ReasonRepair, NoPaper: true}},
		"access before the line": {
			[]Finding{New(PartRegistry, "no_line"), New(PartAccess, "token")},
			kiosk.Service{Down: kiosk.ReasonAccess},
		},
		"line before timetable": {
			[]Finding{New(PartTimetable, "stale"), New(PartRegistry, "no_line")},
			kiosk.Service{Down: kiosk.ReasonRegistry},
		},
		"timetable before start": {
			[]Finding{New(PartTimetable, "loading"), New(PartConfig, "schedule_file")},
			kiosk.Service{Down: kiosk.ReasonTimetable},
		},
		"a reason without order": {
			[]Finding{{Closes: "new"}, New(PartOperator, "repair")},
			kiosk.Service{Down: kiosk.ReasonRepair},
		},
		"and alone": {[]Finding{{Closes: "new"}}, kiosk.Service{Down: "new"}},
	} {
		if got := ServiceOf(c.parts...); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
