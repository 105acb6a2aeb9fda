package registry_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
	"infomat/apiclient/schedule/schedtest"
)

// A registry with other names can be read by settings alone.
func TestOtherNamesAndAddresses(t *testing.T) {
	asked := ""
	c := client(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch path := q.URL.Path; {
		case path == "/clinic":
			_, _ = io.WriteString(w, `{"name":"Поликлиника","isChildrenPolyclinic":true}`)
		case path == "/specs":
			_, _ = io.WriteString(w, `[{"id":5,"title":"Педиатр"}]`)
		case path == "/specs/5/docs":
			_, _ = io.WriteString(
				w,
				`[{"resource":"f05d7650-a2a0-49dc-99f1-bb57829bc46a","displayName":"Кораблёва С. Ю.","cabinet":7,"level":"2",`+
					`"position":"врач","for":["CHILD","ADULT"],"area":3}]`,
			)
		case strings.Contains(path, "/schedule/"):
			asked = q.URL.RawQuery
			_, _ = io.WriteString(
				w,
				`[{"date":"2026-11-24","cells":[{"status":"Available","flagAccess":"Infomat","uid":"`+slotGUID+`",`+
					`"from":"2026-11-24T08:45:00+03:00","till":"2026-11-24T09:00:00+03:00","where":"8","level":3,"kind":{"type":1}},`+
					`{"status":"Available","flagAccess":"Internet","uid":"`+uuid.NewString()+`",`+
					`"from":"2026-11-24T09:45:00+03:00"}]},{"date":"2026-11-25","cells":[]}]`,
			)
		default:
			http.NotFound(w, q)
		}
	}))
	s := registry.New(c, registry.Options{
		ClinicPath: "/clinic", SpecialitiesPath: "/specs", DoctorsPath: "/specs/{speciality}/docs", Access: "Infomat",
		BusyTypes: []int{4, 202}, SlotsIn: "cells",
		Names: registry.Names{
			SpecialityCode: "id", SpecialityName: "title", Doctor: "resource", DoctorName: "displayName", Post: "position",
			Room: "cabinet", Floor: "level", District: "area", Ages: "for",
			Cell: "uid", Begin: "from", End: "till", CellRoom: "where", CellFloor: "level", BusyType: "kind",
		},
	}, window(at(monday)))
	got, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	doctors := got.Doctors("5", apiclient.Child, monday)
	want := schedule.Doctor{
		GUID: uuid.MustParse("f05d7650-a2a0-49dc-99f1-bb57829bc46a"), Name: "Кораблёва С. Ю.", Post: "врач",
		Speciality: "5", Room: "7", Floor: 2, District: "3",
	}
	if len(doctors) != 1 || len(doctors[0].Ages) != 2 {
		t.Fatalf("%+v", doctors)
	}
	doctors[0].Ages = nil
	if d := doctors[0]; d.GUID != want.GUID || d.Name != want.Name || d.Post != want.Post || d.Room != want.Room ||
		d.Floor != want.Floor ||
		d.District != want.District ||
		d.SpecialityName != "Педиатр" {
		t.Errorf("%+v", d)
	}
	cells := got.Cells(want.GUID, monday)
	if len(cells) != 1 || cells[0].GUID.String() != slotGUID || cells[0].Room != "8" || cells[0].Floor != 3 ||
		cells[0].End.Sub(cells[0].Begin) != 15*time.Minute {
		t.Errorf("%+v", cells)
	}
	if asked != "busyType=4&busyType=202" {
		t.Errorf("asked with %s", asked)
	}
	if len(got.Specialities(apiclient.Adult, monday)) != 0 {
		t.Error("a children's clinic offers something to adults")
	}
	if state, err := s.CellState(t.Context(), want.GUID, cells[0].GUID, cells[0].Begin); err != nil ||
		state != schedule.CellFree {
		t.Errorf("%v, %v", state, err)
	}
}

func TestNamesThatDoNotFitAreAnError(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: at(monday)})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []registry.Options{
		{Names: registry.Names{SpecialityCode: "kod"}},
		{Names: registry.Names{Cell: "yacheika"}},
		{Names: registry.Names{Begin: "nachalo"}},
		{SlotsIn: "slots"},
	} {
		if _, err := registry.New(client(t, sim), o, window(at(monday))).Catalogue(t.Context()); err == nil {
			t.Errorf("%+v: an empty timetable is taken", o)
		}
	}
}

func TestWhatHasNoGUIDIsLeftOutAndTold(t *testing.T) {
	c := client(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch path := q.URL.Path; {
		case strings.HasSuffix(path, "/speciality"):
			_, _ = io.WriteString(w, `[{"code":"1","name":"a"},{"code":"2"}]`)
		case strings.HasSuffix(path, "/doctor"):
			_, _ = io.WriteString(w, `[{"docGuid":"f05d7650-a2a0-49dc-99f1-bb57829bc46a","docFio":"x"},{"docFio":"y"}]`)
		case strings.Contains(path, "/schedule/"):
			_, _ = io.WriteString(
				w,
				`[{"status":"Available","timeTableGuid":"`+slotGUID+`","beginTime":"2026-11-24T08:45:00+03:00"},`+
					`{"status":"Available","beginTime":"2026-11-24T08:45:00+03:00"}]`,
			)
		default:
			_, _ = io.WriteString(w, `{"name":"Поликлиника"}`)
		}
	}))
	got, err := registry.New(c, registry.Options{}, window(at(monday))).Catalogue(t.Context())
	if err != nil || len(got.Dropped) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	for _, d := range got.Dropped {
		if d.Count != 1 {
			t.Errorf("%+v", d)
		}
	}
}

// clinicOf is a clinic of one speciality with a number of doctors. Their schedules are answered by number.
func clinicOf(doctors int, schedule func(doctor int, w http.ResponseWriter)) http.Handler {
	guid := func(i int) string { return fmt.Sprintf("f05d7650-a2a0-49dc-99f1-%012d", i) }
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch path := q.URL.Path; {
		case strings.HasSuffix(path, "/speciality"):
			_, _ = io.WriteString(w, `[{"code":"1","name":"a"}]`)
		case strings.HasSuffix(path, "/doctor"):
			var list []map[string]string
			for i := range doctors {
				list = append(list, map[string]string{"docGuid": guid(i), "docFio": strconv.Itoa(i)})
			}
			_ = json.NewEncoder(w).Encode(list)
		case strings.Contains(path, "/schedule/"):
			for i := range doctors {
				if strings.Contains(path, guid(i)) {
					schedule(i, w)
				}
			}
		default:
			_, _ = io.WriteString(w, `{"name":"Поликлиника"}`)
		}
	})
}

// A doctor whose schedule is refused is left out, and not shown without free cells. If all are refused, so
// is the timetable.
func TestADoctorWithoutAScheduleCostsHimself(t *testing.T) {
	for refused := range 3 {
		s := source(t, clinicOf(2, func(doctor int, w http.ResponseWriter) {
			if doctor < refused {
				w.WriteHeader(http.StatusNotFound)
			}
			_, _ = io.WriteString(w, "[]")
		}))
		c, err := s.Catalogue(t.Context())
		if refused == 2 {
			if !errors.Is(err, apiclient.Other) {
				t.Errorf("all are refused: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if n := len(c.Doctors("1", apiclient.Adult, monday)); n != 2-refused || len(c.Dropped) != refused {
			t.Errorf("%d refused: %d doctors, dropped %v", refused, n, c.Dropped)
		}
		for _, d := range c.Dropped {
			if d.Count != 1 {
				t.Errorf("%d refused: dropped %v", refused, c.Dropped)
			}
		}
	}
}

// If the registry is busy or denies access, the other schedules are not asked for.
func TestTheFirstFailureEndsTheReading(t *testing.T) {
	for status, expected := range map[int]func(error) bool{
		http.StatusTooManyRequests: func(err error) bool { return errors.As(err, new(*apiclient.BusyError)) },
		http.StatusForbidden: func(err error) bool {
			return errors.Is(err, apiclient.AccessDenied)
		},
	} {
		var asked atomic.Int32
		s := source(t, clinicOf(100, func(_ int, w http.ResponseWriter) {
			asked.Add(1)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"message_code":"5009"}`)
		}))
		if _, err := s.Catalogue(t.Context()); !expected(err) {
			t.Errorf("%d: %v", status, err)
		}
		if n := asked.Load(); n > 4+2 { // 4 at a time; the third busy answer ends the reading
			t.Errorf("%d: asked %d times", status, n)
		}
	}
}

// counted counts the bytes of answers, and how many of them said "not modified".
type counted struct {
	http.Handler
	bytes, same atomic.Int64
}

func (c *counted) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	c.Handler.ServeHTTP(counting{w, c}, q)
}

type counting struct {
	http.ResponseWriter
	c *counted
}

func (w counting) Write(p []byte) (int, error) {
	w.c.bytes.Add(int64(len(p)))
	return w.ResponseWriter.Write(p)
}

func (w counting) WriteHeader(status int) {
	if status == http.StatusNotModified {
		w.c.same.Add(1)
	}
	w.ResponseWriter.WriteHeader(status)
}

func TestWhatHasNotChangedIsNotSentAgain(t *testing.T) {
	now := monday
	sim, err := registrysim.New(registrysim.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{Handler: sim}
	lpu := sim.LPU()
	api := clientOf(t, c, lpu)
	s := registry.New(api, registry.Options{}, window(func() time.Time { return now }))
	before, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	whole := c.bytes.Swap(0)
	after, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	schedtest.CheckSame(t, after, before)
	if again := c.bytes.Swap(0); c.same.Load() < 40 || again > whole/20 {
		t.Errorf("%d bytes, then %d, with %d documents unchanged", whole, again, c.same.Load())
	}
	cell, doctor, _ := after.Nearest(now)
	sim.Take(cell.GUID)
	third, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if a, b := len(after.Cells(doctor.GUID, now)), len(third.Cells(doctor.GUID, now)); b != a-1 {
		t.Errorf("%d cells, and %d after one was taken", a, b)
	}
	now = now.AddDate(0, 0, 1) // other days, other addresses
	if _, err := s.Catalogue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A registry without specialities has an empty timetable, not a broken one.
func TestARegistryWithoutSpecialities(t *testing.T) {
	s := source(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "[]") }))
	c, err := s.Catalogue(t.Context())
	if err != nil || len(c.Specialities(apiclient.Adult, monday)) != 0 {
		t.Errorf("%v", err)
	}
}

// asked counts the requests that name a version that the client has.
type asked struct {
	http.Handler
	known atomic.Int64
}

func (a *asked) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Header.Get("If-None-Match") != "" && strings.Contains(q.URL.Path, "/schedule/") {
		a.known.Add(1)
	}
	a.Handler.ServeHTTP(w, q)
}

// The schedules of a day that is over are forgotten: they would fill the memory of a terminal that runs for months.
func TestSchedulesOfPastDaysAreForgotten(t *testing.T) {
	now := monday
	sim, err := registrysim.New(registrysim.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	a := &asked{Handler: sim}
	s := registry.New(
		clientOf(t, a, sim.LPU()), registry.Options{}, window(func() time.Time { return now }),
	)
	for _, c := range []struct {
		days  int
		known bool
	}{{0, false}, {0, true}, {1, false}, {0, true}, {-1, false}} {
		now = now.AddDate(0, 0, c.days)
		a.known.Store(0)
		if _, err := s.Catalogue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := a.known.Load() > 0; got != c.known {
			t.Errorf("on %s, %d schedules were known", now.Format(time.DateOnly), a.known.Load())
		}
	}
}
