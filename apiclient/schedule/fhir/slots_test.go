package fhir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
)

// One GUID is one cell: a slot that stands on two pages counts once, two slots with one GUID are both in doubt.
func TestFHIRSlotsTwice(t *testing.T) {
	other := strings.Replace(slotOf(1, "Schedule/s", "8"), `"s1"`, `"s2"`, 1)
	inner := strings.Replace(plan(aPerson, therapy), `"s"`, `"c"`, 1)
	for name, c := range map[string]struct {
		slots []string
		cells int
		want  string
	}{
		"once":                {[]string{slotOf(1, "Schedule/s", "9")}, 1, ""},
		"the same slot again": {[]string{slotOf(1, "Schedule/s", "9"), slotOf(1, "Schedule/s", "9")}, 1, ""},
		"two slots":           {[]string{slotOf(1, "Schedule/s", "9"), slotOf(2, "Schedule/s", "8")}, 2, ""},
		"two at one time":     {[]string{slotOf(1, "Schedule/s", "9"), slotOf(2, "Schedule/s", "9")}, 1, ""},
		"two slots of one cell": {
			[]string{slotOf(1, "Schedule/s", "9"), slotOf(3, "Schedule/s", "9"), other},
			1,
			"cell_twice ×2 page 1, entry[0]; page 1, entry[2]",
		},
		"overbooked": {
			[]string{strings.Replace(slotOf(1, "Schedule/s", "9"), `"id"`, `"overbooked":true,"id"`, 1)},
			0,
			"cell_not_free ×1 page 1, entry[0]",
		},
		"after the days": {
			[]string{strings.Replace(slotOf(1, "Schedule/s", "9"), "2026-11-24", "2026-12-07", 1)},
			0,
			"cell_outside_of_the_days ×1 page 1, entry[0]",
		},
		"on the last day": {
			[]string{strings.Replace(slotOf(1, "Schedule/s", "9"), "2026-11-24", "2026-12-06", 1)},
			1,
			"",
		},
		"yesterday": {
			[]string{strings.Replace(slotOf(1, "Schedule/s", "9"), "2026-11-24", "2026-11-22", 1)},
			0,
			"cell_outside_of_the_days ×1 page 1, entry[0]",
		},
		"an unreadable beginning": {
			[]string{
				slotOf(3, "Schedule/s", "9"),
				strings.Replace(slotOf(1, "Schedule/s", "9"), "2026-11-24T", "morgen", 1),
			},
			1,
			"cell_unreadable ×1 page 1, entry[1]",
		},
		"an end before its begin": {
			[]string{strings.Replace(slotOf(1, "Schedule/s", "9"), `"id"`, `"end":"2026-11-24T03:00:00+05:00","id"`, 1)},
			1,
			"",
		},
		"a modifier": {
			[]string{
				slotOf(3, "Schedule/s", "9"),
				strings.Replace(slotOf(1, "Schedule/s", "9"), `"id"`, `"modifierExtension":[{"url":"x"}],"id"`, 1),
			},
			1,
			"cell_modified ×1 page 1, entry[1]",
		},
		"a schedule inside of it": {
			[]string{
				strings.Replace(slotOf(1, "#c", "9"), `"id"`, `"contained":[`+inner+`],"id"`, 1),
			},
			1,
			"",
		},
		"a slot of no known thing": {
			[]string{slotOf(3, "Schedule/s", "9"), slotOf(1, "Schedule/x", "9")},
			1,
			"cell_no_schedule ×1 page 1, entry[1]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := &peer{search: bundleOf(append(slices.Clone(c.slots), plan(aPerson, therapy), person)...)}
			got, err := p.source(t, fhir.Options{}).Catalogue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			_, cells := got.Count(uralMonday)
			var dropped []string
			for _, d := range got.Dropped {
				dropped = append(dropped, fmt.Sprintf("%s ×%d %s", d.Reason, d.Count, strings.Join(d.Places, "; ")))
			}
			if cells != c.cells || strings.Join(dropped, ", ") != c.want {
				t.Errorf("%d cells, dropped %v; want %d, %s", cells, dropped, c.cells, c.want)
			}
		})
	}
}

// A doctor with two rooms has none of his own; his cells have theirs.
func TestFHIRRoomsOfOneDoctor(t *testing.T) {
	second := strings.NewReplacer(`"id":"s"`, `"id":"t"`, "Location/l", "Location/m").Replace(
		plan(aPerson+","+theRoom, therapy))
	p := &peer{search: bundleOf(
		slotOf(1, "Schedule/s", "8"), slotOf(2, "Schedule/t", "9"), plan(aPerson+","+theRoom, therapy), second, person,
		fmt.Sprintf(aLocation, "l", "7", ""), fmt.Sprintf(aLocation, "m", "8", ""),
	)}
	got, err := p.source(t, fhir.Options{}).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, d, _ := got.Nearest(uralMonday)
	cells := got.Cells(d.GUID, uralMonday)
	if d.Room != "" || len(cells) != 2 || cells[0].Room != "7" || cells[1].Room != "8" {
		t.Errorf("room %q, cells %+v", d.Room, cells)
	}
}

// A doctor who is read again keeps the second slot of a time: it is offered when the first has gone.
func TestFHIRSlotsAtOneTime(t *testing.T) {
	p := &peer{search: bundleOf(
		slotOf(1, "Schedule/s", "9"), slotOf(2, "Schedule/s", "9"), plan(aPerson, therapy), person,
	)}
	s := &schedule.Store{Source: p.source(t, fhir.Options{})}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := s.Snapshot(uralMonday)
	if err != nil {
		t.Fatal(err)
	}
	first, doctor, _ := c.Nearest(uralMonday)
	if err := s.RefreshDoctor(t.Context(), doctor.GUID); err != nil {
		t.Fatal(err)
	}
	s.Gone(first.GUID, uralMonday)
	if c, err = s.Snapshot(uralMonday); err != nil {
		t.Fatal(err)
	}
	cells := c.Cells(doctor.GUID, uralMonday)
	if len(cells) != 1 || cells[0].GUID == first.GUID || !cells[0].Begin.Equal(first.Begin) {
		t.Errorf("%+v after %v has gone", cells, first.GUID)
	}
}
