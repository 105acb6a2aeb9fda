package registry_test

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
)

// pageFaults are faults of a page that say nothing of the other pages.
var pageFaults = map[string]registrysim.Fault{
	"400/4036":         {Kind: registrysim.Refuse, Code: "4036"},
	"400/4007":         {Kind: registrysim.Refuse, Code: "4007"},
	"400/4009":         {Kind: registrysim.Refuse, Code: "4009"},
	"404":              {Kind: registrysim.Status, Code: "404"},
	"500":              {Kind: registrysim.Status, Code: "500"},
	"503":              {Kind: registrysim.Status, Code: "503"},
	"204":              {Kind: registrysim.Status, Code: "204"},
	"an empty body":    {Kind: registrysim.Status, Code: "200"},
	"an object":        {Kind: registrysim.Status, Code: "200", Body: `{"items":[]}`},
	"a page":           {Kind: registrysim.Garbage},
	"half a list":      {Kind: registrysim.Status, Code: "200", Body: `[{"status":"Available"},`},
	"more than a list": {Kind: registrysim.Status, Code: "200", Body: `[]]`},
	"too long":         {Kind: registrysim.Long},
	"cut":              {Kind: registrysim.Cut},
	"a broken line":    {Kind: registrysim.ResetBefore},
}

// A doctor whose schedule cannot be read costs himself. His last good reading is offered while it is young
// enough, with its own age.
func TestAScheduleThatCannotBeReadCostsItself(t *testing.T) {
	for name, fault := range pageFaults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			doctor, place := s.second(t)
			fault.Method, fault.Times, fault.Path = http.MethodGet, -1, doctor.GUID.String()
			s.AddFault(fault)
			without, dropped := s.read(t)
			if want := "doctor_unread 1 [" + place + "]"; dropped != want {
				t.Errorf("dropped %s, want %s", dropped, want)
			}
			if listed(without, doctor.GUID) {
				t.Error("a doctor who was not read is listed")
			}
			s.ClearFaults()
			good, dropped := s.read(t)
			if n, _ := without.Count(monday); dropped != "" || !listed(good, doctor.GUID) || n != len(people(good))-1 {
				t.Fatalf("%d doctors without him, %d with him; dropped %s", n, len(people(good)), dropped)
			}
			s.AddFault(fault)
			s.pass(lastReading)
			old, dropped := s.read(t)
			if want := "old_reading 1 [" + place + "]"; dropped != want {
				t.Errorf("dropped %s, want %s", dropped, want)
			}
			if !listed(old, doctor.GUID) || !old.ReadAt(doctor.GUID).Equal(monday) || !old.AsOf.Equal(s.clock()) {
				t.Errorf("the last reading is of %v, the timetable of %v", old.ReadAt(doctor.GUID), old.AsOf)
			}
			s.pass(time.Second)
			if _, dropped := s.read(t); !strings.HasPrefix(dropped, "doctor_unread 1") {
				t.Errorf("what is too old is offered: %s", dropped)
			}
		})
	}
}

// A schedule that does not come in time costs itself.
func TestAScheduleThatDoesNotCome(t *testing.T) {
	s := newSiteWithin(t, 5*time.Second)
	doctor, place := s.second(t)
	s.AddFault(registrysim.Fault{
		Kind: registrysim.Delay, Delay: time.Hour, Method: http.MethodGet, Times: -1, Path: doctor.GUID.String(),
	})
	c, dropped := s.read(t)
	if listed(c, doctor.GUID) || len(people(c)) == 0 || !strings.Contains(dropped, place) {
		t.Errorf("%d doctors, dropped %s", len(people(c)), dropped)
	}
}

// listed reports whether a doctor is listed.
func listed(c *schedule.Catalogue, doctor uuid.UUID) bool {
	return slices.Contains(people(c), doctor)
}

// people returns all doctors who are listed for adults or children.
func people(c *schedule.Catalogue) (all []uuid.UUID) {
	for _, age := range []apiclient.AgeCategory{apiclient.Adult, apiclient.Child} {
		for _, s := range c.Specialities(age, monday) {
			for _, d := range c.Doctors(s.Code, age, monday) {
				if !slices.Contains(all, d.GUID) {
					all = append(all, d.GUID)
				}
			}
		}
	}
	return all
}

// A speciality whose doctors cannot be read costs itself.
func TestAListOfDoctorsThatCannotBeReadCostsItself(t *testing.T) {
	for _, name := range []string{"400/4036", "500", "an object", "too long", "a broken line"} {
		s := newSite(t)
		doctor, _ := s.second(t)
		fault := pageFaults[name]
		fault.Method, fault.Times = http.MethodGet, -1
		fault.Path = "/speciality/" + regexp.QuoteMeta(doctor.Speciality) + "/doctor$"
		s.AddFault(fault)
		if c, dropped := s.read(t); dropped != "speciality_unread 1 [specialities[1]]" || listed(c, doctor.GUID) {
			t.Errorf("%s: dropped %s", name, dropped)
		}
		s.ClearFaults()
		s.read(t)
		s.AddFault(fault)
		if c, dropped := s.read(t); dropped != "old_reading 1 [specialities[1]]" || !listed(c, doctor.GUID) {
			t.Errorf("%s, read before: dropped %s", name, dropped)
		}
	}
}

// Without the list of specialities nothing can be read, but the last one is good for a while. If the line is
// down or the registry is busy, nothing more is asked.
func TestTheListOfSpecialities(t *testing.T) {
	for name, c := range map[string]struct {
		fault registrysim.Fault
		last  bool // the last list is used
	}{
		"500":       {pageFaults["500"], true},
		"an object": {pageFaults["an object"], true},
		"too long":  {pageFaults["too long"], true},
		"busy":      {registrysim.Fault{Kind: registrysim.Status, Code: "429", RetryAfter: 7}, false},
		"the line":  {pageFaults["a broken line"], false},
		"no access": {registrysim.Fault{Kind: registrysim.Refuse, Code: "5009"}, false},
	} {
		s := newSite(t)
		c.fault.Method, c.fault.Times, c.fault.Path = http.MethodGet, -1, "/speciality$"
		s.AddFault(c.fault)
		if _, err := s.source.Catalogue(t.Context()); err == nil {
			t.Errorf("%s: no error", name)
		}
		s.ClearFaults()
		s.read(t)
		s.AddFault(c.fault)
		k, err := s.source.Catalogue(t.Context())
		if c.last != (err == nil) {
			t.Errorf("%s, read before: %v", name, err)
		}
		if err == nil && droppedBy(k) != "old_reading 1 [specialities]" {
			t.Errorf("%s: dropped %s", name, droppedBy(k))
		}
	}
}

// If everything is dropped, that is an error with the counts; a timetable that is empty is none.
func TestEverythingDroppedIsNoSuccess(t *testing.T) {
	const doctor = `{"docGuid":"f05d7650-a2a0-49dc-99f1-bb57829bc46a","docFio":"x"}`
	const slot = `{"status":"Available","timeTableGuid":"` + slotGUID + `","beginTime":"2026-11-24T08:45:00+03:00"}`
	for name, c := range map[string]struct {
		specialities, doctors, slots string
		want                         string // reason with count; blank: success
		hint                         bool
	}{
		"no specialities":    {`[]`, ``, ``, "", false},
		"no doctors":         {`[{"code":"1","name":"a"}]`, `[]`, ``, "", false},
		"no slots":           {`[{"code":"1","name":"a"}]`, `[` + doctor + `]`, `[]`, "", false},
		"a good slot":        {`[{"code":"1","name":"a"}]`, `[` + doctor + `]`, `[` + slot + `]`, "", false},
		"no code":            {`[{"name":"a"}]`, ``, ``, "speciality_unnamed ×1", true},
		"no speciality read": {`[5,null]`, ``, ``, "resource_unreadable ×1", true},
		"lists unread":       {`[{"code":"1","name":"a"}]`, `{}`, ``, "speciality_unread ×1", false},
		"no GUID":            {`[{"code":"1","name":"a"}]`, `[{"docFio":"x"}]`, ``, "doctor_no_guid ×1", true},
		"no name": {
			`[{"code":"1","name":"a"}]`, `[{"docGuid":"f05d7650-a2a0-49dc-99f1-bb57829bc46a"}]`, ``, "doctor_unnamed ×1", true,
		},
		"schedules unread": {`[{"code":"1","name":"a"}]`, `[` + doctor + `]`, `5`, "doctor_unread ×1", false},
		"slots without GUID": {
			`[{"code":"1","name":"a"}]`, `[` + doctor + `]`, `[{"status":"Available"}]`, "cell_no_guid ×1", true,
		},
		"slots unreadable": {
			`[{"code":"1","name":"a"}]`, `[` + doctor + `]`, `[` + strings.Replace(slot, "T08:45", " at 8:45", 1) + `]`,
			"cell_unreadable ×1", true,
		},
		"other days": {
			`[{"code":"1","name":"a"}]`, `[` + doctor + `]`, `[` + strings.Replace(slot, "2026", "2027", 1) + `]`,
			"cell_outside_of_the_days ×1", false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := source(t, clinicPages(c.specialities, c.doctors, c.slots)).Catalogue(t.Context())
			if c.want == "" {
				if err != nil || len(got.Dropped) > 0 {
					t.Errorf("%v, %v", got, err)
				}
				return
			}
			var nothing *schedule.NothingLeftError
			if !errors.As(err, &nothing) || !strings.Contains(err.Error(), c.want) ||
				strings.Contains(err.Error(), "schedule.registry.fields") != c.hint {
				t.Errorf("%v, want %s, hint %v", err, c.want, c.hint)
			}
		})
	}
}

// clinicPages answers the lists and every schedule with texts.
func clinicPages(specialities, doctors, slots string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		text := `{"name":"Поликлиника"}`
		switch path := q.URL.Path; {
		case strings.HasSuffix(path, "/speciality"):
			text = specialities
		case strings.HasSuffix(path, "/doctor"):
			text = doctors
		case strings.Contains(path, "/schedule/"):
			text = slots
		}
		_, _ = io.WriteString(w, text)
	})
}

// Without a maximum age the last reading of a part is not offered, however young it is.
func TestNoLastReadingIsOffered(t *testing.T) {
	var broken atomic.Bool
	h := clinicOf(2, func(doctor int, w http.ResponseWriter) {
		if doctor == 1 && broken.Load() {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = io.WriteString(w, "[]")
	})
	s := source(t, h)
	for _, want := range []string{"", "doctor_unread 1 [specialities[0].doctors[1]]"} {
		c, err := s.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := droppedBy(c); got != want {
			t.Errorf("dropped %q, want %q", got, want)
		}
		broken.Store(true)
	}
}
