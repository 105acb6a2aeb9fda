package registrysim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
)

// get reads a page and decodes its JSON into a value.
func (r *rig) get(t *testing.T, path string, into any) int {
	t.Helper()
	resp, err := http.Get(r.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatalf("%s: HTTP %d, %v", path, resp.StatusCode, err)
	}
	return resp.StatusCode
}

type doctorEntry struct {
	DocGUID             uuid.UUID
	DocFio, Room        string
	Flat                int
	UchastokNum         string
	AgeCategories       []apiclient.AgeCategory
	specialityOfTheList string
}

// doctors reads the doctors of all specialities.
func (r *rig) doctors(t *testing.T) (all []doctorEntry) {
	t.Helper()
	var specialities []struct{ Code, Name string }
	r.get(t, "/lpu/"+r.LPU().String()+"/speciality", &specialities)
	for _, s := range specialities {
		var list []doctorEntry
		r.get(t, "/lpu/"+r.LPU().String()+"/speciality/"+url.PathEscape(s.Code)+"/doctor", &list)
		if len(list) == 0 {
			t.Errorf("speciality %s has no doctors", s.Code)
		}
		for _, d := range list {
			d.specialityOfTheList = s.Code
			all = append(all, d)
		}
	}
	return all
}

type slotEntry struct {
	Status, TimeTableGUID string
	BookingSource         *string
	BeginTime, EndTime    time.Time
}

// schedule reads a doctor's slots.
func (r *rig) schedule(t *testing.T, doctor uuid.UUID, from, to string) (slots []slotEntry) {
	t.Helper()
	path := fmt.Sprintf("/lpu/%s/doctor/%s/schedule/%s/%s", r.LPU(), doctor, from, to)
	if status := r.get(t, path, &slots); status != http.StatusOK {
		t.Fatalf("%s: HTTP %d", path, status)
	}
	return slots
}

// The doctors of a speciality have rooms, and districts if any, in sequence; each has one floor.
func TestDoctorsOfTheClinic(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	seen := map[uuid.UUID]bool{}
	var before doctorEntry
	districts := 0
	for _, d := range r.doctors(t) {
		if seen[d.DocGUID] || d.DocFio == "" || d.Room == "" || len(d.AgeCategories) == 0 {
			t.Errorf("%+v", d)
		}
		seen[d.DocGUID] = true
		if d.UchastokNum != "" {
			districts++
		}
		if before.specialityOfTheList == d.specialityOfTheList {
			next := func(text string) string {
				n := 0
				_, _ = fmt.Sscan(text, &n) // a blank text stays blank
				if text == "" {
					return ""
				}
				return fmt.Sprint(n + 1)
			}
			if d.Room != next(before.Room) || d.UchastokNum != next(before.UchastokNum) || d.Flat != before.Flat {
				t.Errorf("%+v after %+v", d, before)
			}
		}
		before = d
	}
	if districts == 0 || districts == len(seen) {
		t.Errorf("%d of %d doctors have a district", districts, len(seen))
	}
}

// A doctor works one shift of six hours, from 8 or from 14 o'clock, in alternation, and never on Sunday. Both the
// times and what is taken depend on the seed alone.
func TestTimetableOfTheClinic(t *testing.T) {
	r, same, other := newRig(t, registrysim.Options{}), newRig(t, registrysim.Options{}), newRig(
		t,
		registrysim.Options{Seed: 2},
	)
	shifts := map[int]int{}
	status := map[string]int{}
	days, idle, saturdays, saturdaysOff := 0, 0, 0, 0
	for i, d := range r.doctors(t) {
		slots := r.schedule(t, d.DocGUID, "2026-11-25", "2026-12-22")
		if i == 0 {
			if again := same.schedule(t, d.DocGUID, "2026-11-25", "2026-12-22"); !reflect.DeepEqual(again, slots) {
				t.Error("the same seed makes another timetable")
			}
			if reflect.DeepEqual(other.doctors(t)[0].DocGUID, d.DocGUID) {
				t.Error("another seed makes the same doctors")
			}
		}
		byDay := map[string][]slotEntry{}
		for _, s := range slots {
			status[s.Status]++
			byDay[s.BeginTime.Format(time.DateOnly)] = append(byDay[s.BeginTime.Format(time.DateOnly)], s)
		}
		shift := map[int]int{} // by the parity of the day
		for n := range 28 {
			at := time.Date(2026, 11, 25+n, 0, 0, 0, 0, time.Local)
			list := byDay[at.Format(time.DateOnly)]
			switch at.Weekday() {
			case time.Sunday:
				if len(list) > 0 {
					t.Errorf("%s works on %s", d.DocFio, at.Format(time.DateOnly))
				}
				continue
			case time.Saturday:
				if saturdays++; len(list) == 0 {
					saturdaysOff++
				}
			default:
				if days++; len(list) == 0 {
					idle++
				}
			}
			if len(list) == 0 {
				continue
			}
			first, last := list[0].BeginTime, list[len(list)-1].EndTime
			if hour := first.Hour(); hour != 8 && hour != 14 || first.Minute() != 0 {
				t.Errorf("%s begins at %v", d.DocFio, first)
			}
			if length := last.Sub(first); length < 6*time.Hour || length >= 7*time.Hour {
				t.Errorf("%s works for %v", d.DocFio, length)
			}
			shifts[first.Hour()]++
			parity := at.YearDay() % 2
			if before, ok := shift[parity]; ok && before != first.Hour() {
				t.Errorf("%s begins at %v, and two days before at %d", d.DocFio, first, before)
			}
			shift[parity] = first.Hour()
			for i := 1; i < len(list); i++ {
				if !list[i].BeginTime.Equal(list[i-1].EndTime) {
					t.Errorf("%s: %v after %v", d.DocFio, list[i].BeginTime, list[i-1].EndTime)
				}
			}
		}
		if len(shift) == 2 && shift[0] == shift[1] {
			t.Errorf("%s has one shift for all days", d.DocFio)
		}
	}
	if shifts[8] == 0 || shifts[14] == 0 || status["Available"] == 0 || status["Booked"] == 0 || status["Expired"] != 0 {
		t.Errorf("shifts %v, status %v", shifts, status)
	}
	if idle == 0 || idle > days/5 || saturdaysOff <= saturdays/2 || saturdaysOff == saturdays {
		t.Errorf("%d of %d days off, %d of %d Saturdays", idle, days, saturdaysOff, saturdays)
	}
}

// A slot is expired once it has begun; one that is taken or reserved is booked, by a source of its own.
func TestStatusOfASlot(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	cell := free(t, r, apiclient.Adult)
	_, answer := r.ask(t, "", reservation(cell, apiclient.Adult))
	doctor := uuid.MustParse(answer["docGuid"].(string))
	begin, err := time.Parse(time.RFC3339, answer["beginTime"].(string))
	if err != nil {
		t.Fatal(err)
	}
	date := begin.Format(time.DateOnly)
	look := func() (string, string) {
		for _, s := range r.schedule(t, doctor, date, date) {
			if s.TimeTableGUID == cell.String() {
				if s.BookingSource == nil {
					return s.Status, ""
				}
				return s.Status, *s.BookingSource
			}
		}
		t.Fatal("the cell is not in the schedule")
		return "", ""
	}
	if status, source := look(); status != "Booked" || source == "" || source == "Registry" {
		t.Errorf("reserved: %s by %q", status, source)
	}
	r.pass(11 * time.Minute)
	if status, source := look(); status != "Available" || source != "" {
		t.Errorf("after the hold: %s by %q", status, source)
	}
	r.Take(cell)
	if status, source := look(); status != "Booked" || source != "Registry" {
		t.Errorf("taken: %s by %q", status, source)
	}
	r.mu.Lock()
	r.now = begin
	r.mu.Unlock()
	if status, source := look(); status != "Expired" || source != "" {
		t.Errorf("begun: %s by %q", status, source)
	}
}

func TestRangesOfDays(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	doctor := r.doctors(t)[0].DocGUID.String()
	for path, want := range map[string]int{
		doctor + "/schedule/2026-11-25":            200,
		doctor + "/schedule/2026-11-25/2026-11-25": 200,
		doctor + "/schedule/2026-11-25/2027-01-24": 200, // 60 days
		doctor + "/schedule/2026-11-25/2027-01-26": 400,
		doctor + "/schedule/2026-11-25/2026-11-24": 400,
		doctor + "/schedule/today":                 400,
		doctor + "/schedule/2026-11-25/tomorrow":   400,
		doctor + "/schedule/today/2026-11-25":      400,
		uuid.NewString() + "/schedule/2026-11-25":  400,
	} {
		if got := r.get(t, "/lpu/"+r.LPU().String()+"/doctor/"+path, new(any)); got != want {
			t.Errorf("%s: HTTP %d, want %d", path, got, want)
		}
	}
}

type bundle struct {
	Total int
	Link  []struct{ Relation, URL string }
	Entry []entry
}

type entry struct {
	FullURL  string
	Search   struct{ Mode string }
	Resource struct {
		ResourceType, ID, Status string
		Start                    time.Time
		Identifier               []struct{ System, Value string }
		Schedule                 struct{ Reference string }
	}
}

// slots searches slots and returns them in pages of a size.
func (r *rig) slots(t *testing.T, query url.Values) (b bundle, ids []string) {
	t.Helper()
	r.get(t, "/fhir/Slot?"+query.Encode(), &b)
	for _, e := range b.Entry {
		if (e.Resource.ResourceType == "Slot") != (e.Search.Mode == "match") {
			t.Errorf("%+v", e)
		}
		if e.Resource.ResourceType == "Slot" {
			ids = append(ids, e.Resource.ID)
		}
	}
	return b, ids
}

// A search over FHIR obeys status, identifier, start, actor, and pages of _count slots.
func TestSearchOfSlots(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	free, ids := r.slots(t, url.Values{"status": {"free"}, "_sort": {"start"}})
	if len(ids) != 50 || free.Total <= 100 {
		t.Fatalf("%d slots of %d", len(ids), free.Total)
	}
	first := free.Entry[0].Resource
	for i, e := range free.Entry {
		if e.Resource.ResourceType == "Slot" && (e.Resource.Status != "free" || !e.Resource.Start.After(r.now)) {
			t.Errorf("entry %d: %+v", i, e.Resource)
		}
	}
	if _, ids := r.slots(t, url.Values{"status": {"free"}, "_count": {"1"}}); len(ids) != 1 {
		t.Errorf("%d slots with _count=1", len(ids))
	}
	if _, ids := r.slots(t, url.Values{"status": {"free"}, "_count": {"0"}}); len(ids) != 50 {
		t.Errorf("%d slots with _count=0", len(ids))
	}
	var pages []string
	query := url.Values{"status": {"free"}, "_count": {"40"}}
	for range 100 {
		b, ids := r.slots(t, query)
		pages = append(pages, ids...)
		if len(b.Link) == 0 {
			break
		}
		_, next, _ := strings.Cut(b.Link[1].URL, "?")
		if b.Link[1].Relation != "next" || b.Link[0].Relation != "self" {
			t.Fatalf("%+v", b.Link)
		}
		var err error
		if query, err = url.ParseQuery(next); err != nil {
			t.Fatal(err)
		}
	}
	if whole, all := r.slots(t, url.Values{"status": {"free"}, "_count": {"100000"}}); !reflect.DeepEqual(pages, all) ||
		len(whole.Link) != 0 || len(all) != free.Total || len(all) <= 100 {
		t.Errorf("%d slots in pages, %d in one, %d in all, links %v", len(pages), len(all), free.Total, whole.Link)
	}
	if b, ids := r.slots(t, url.Values{"status": {"free"}, "_offset": {fmt.Sprint(free.Total + 5)}}); len(ids) != 0 ||
		len(b.Link) != 0 {
		t.Errorf("%d slots after the end", len(ids))
	}
	if _, ids := r.slots(t, url.Values{"status": {"free"}, "_offset": {"-5"}}); len(ids) != 50 {
		t.Errorf("%d slots before the beginning", len(ids))
	}
	one := url.Values{"identifier": {first.Identifier[0].System + "|" + first.Identifier[0].Value}}
	if b, ids := r.slots(t, one); b.Total != 1 || ids[0] != first.ID {
		t.Errorf("%d slots with the identifier", b.Total)
	}
	actor := "PractitionerRole/" + strings.TrimPrefix(first.Schedule.Reference, "Schedule/")
	of, _ := r.slots(t, url.Values{"status": {"free"}, "schedule.actor": {actor}, "_count": {"100000"}})
	for _, e := range of.Entry {
		if e.Resource.ResourceType == "Slot" && e.Resource.Schedule != first.Schedule {
			t.Errorf("of %s: %+v", actor, e.Resource)
		}
	}
	if of.Total == 0 || of.Total >= free.Total {
		t.Errorf("%d of %d slots of one actor", of.Total, free.Total)
	}
	at := first.Start.Format(time.RFC3339)
	from, _ := r.slots(t, url.Values{"status": {"free"}, "start": {"ge" + at}, "_count": {"100000"}})
	before, _ := r.slots(t, url.Values{"status": {"free"}, "start": {"lt" + at}, "_count": {"100000"}})
	if from.Total != free.Total || before.Total != 0 {
		t.Errorf("%d slots from the first one on, and %d before", from.Total, before.Total)
	}
	day := url.Values{
		"start":  {"ge2026-11-26T00:00:00+00:00", "lt2026-11-27T00:00:00+00:00", "later"},
		"_count": {"100000"},
	}
	b, _ := r.slots(t, day)
	status := map[string]int{}
	for _, e := range b.Entry {
		if e.Resource.ResourceType != "Slot" {
			continue
		}
		status[e.Resource.Status]++
		if e.Resource.Start.UTC().Format(time.DateOnly) != "2026-11-26" {
			t.Errorf("%+v", e.Resource)
		}
	}
	if status["free"] == 0 || status["busy"] == 0 || len(status) != 2 {
		t.Errorf("on another day: %v", status)
	}
}

// included searches a page of slots and returns the types of what was sent with them, each once.
func (r *rig) included(t *testing.T, query url.Values) (kinds []string) {
	t.Helper()
	b, _ := r.slots(t, query)
	for _, e := range b.Entry {
		if e.Search.Mode == "include" && !slices.Contains(kinds, e.Resource.ResourceType) {
			kinds = append(kinds, e.Resource.ResourceType)
		}
		if want := r.url + "/fhir/" + e.Resource.ResourceType + "/" + e.Resource.ID; e.FullURL != want {
			t.Errorf("fullUrl %s, want %s", e.FullURL, want)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// Only what is asked for is sent with the slots.
func TestIncludes(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	for _, c := range []struct {
		include, iterate, reverse []string
		want                      string
	}{
		{nil, nil, nil, ""},
		{[]string{"Slot:schedule"}, nil, nil, "Schedule"},
		{[]string{"Slot:schedule", "Schedule:actor"}, nil, nil, "Schedule"},
		{[]string{"Slot:schedule"}, []string{"Schedule:actor"}, nil, "Location PractitionerRole Schedule"},
		{[]string{"Slot:schedule"}, []string{"Schedule:actor:Location"}, nil, "Location Schedule"},
		{
			nil,
			[]string{"Slot:schedule", "Schedule:actor", "PractitionerRole:practitioner"},
			nil,
			"Location Practitioner PractitionerRole Schedule",
		},
		{nil, []string{"Schedule:actor"}, nil, ""},
		{[]string{"Slot:schedule"}, nil, []string{"Schedule:actor"}, "Schedule"},
		{[]string{"Slot:schedule"}, []string{"Schedule:actor:Location"}, []string{"Schedule:actor"}, "Location Schedule"},
		{[]string{"Slot:else", "x"}, nil, nil, ""},
	} {
		query := url.Values{
			"status": {"free"}, "_include": c.include, "_include:iterate": c.iterate, "_revinclude:iterate": c.reverse,
		}
		if got := strings.Join(r.included(t, query), " "); got != c.want {
			t.Errorf("%v, %v, %v: %s, want %s", c.include, c.iterate, c.reverse, got, c.want)
		}
	}
}

// Slots are sorted by time only if that is asked for.
func TestSortOfSlots(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	order := func(sort string) int {
		b, _ := r.slots(t, url.Values{"status": {"free"}, "_count": {"100000"}, "_sort": {sort}})
		byTime := func(a, b entry) int { return a.Resource.Start.Compare(b.Resource.Start) }
		switch {
		case slices.IsSortedFunc(b.Entry, byTime):
			return 1
		case slices.IsSortedFunc(b.Entry, func(a, b entry) int { return byTime(b, a) }):
			return -1
		}
		return 0
	}
	for sort, want := range map[string]int{"": 0, "start": 1, "-start": -1} {
		if got := order(sort); got != want {
			t.Errorf("%q: the order is %d, want %d", sort, got, want)
		}
	}
}

// Each resource can be read by its reference; there are no others.
func TestReadsOverFHIR(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	b, _ := r.slots(t, url.Values{
		"status": {"free"}, "_include": {"Slot:schedule"},
		"_include:iterate": {"Schedule:actor", "PractitionerRole:practitioner", "Location:partof"},
	})
	kinds := map[string]bool{}
	for _, e := range b.Entry {
		if e.Search.Mode != "include" || kinds[e.Resource.ResourceType] {
			continue
		}
		kinds[e.Resource.ResourceType] = true
		var one struct{ ResourceType, ID string }
		path := strings.TrimPrefix(e.FullURL, r.url)
		if status := r.get(t, path, &one); status != http.StatusOK || one.ID != e.Resource.ID ||
			one.ResourceType != e.Resource.ResourceType {
			t.Errorf("%s: %d %+v", path, status, one)
		}
	}
	if len(kinds) != 4 {
		t.Errorf("read %v", kinds)
	}
	var o struct{ ResourceType string }
	if status := r.get(t, "/fhir/Practitioner/none", &o); status != 404 || o.ResourceType != "OperationOutcome" {
		t.Errorf("%d %+v", status, o)
	}
}

// A slot over FHIR has the status of its cell.
func TestStatusOverFHIR(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	cell := free(t, r, apiclient.Adult)
	var begin time.Time
	look := func() string {
		b, _ := r.slots(t, url.Values{"identifier": {"urn:ietf:rfc:3986|" + cell.URN()}})
		if b.Total != 1 {
			t.Fatalf("%d slots", b.Total)
		}
		begin = b.Entry[0].Resource.Start
		return b.Entry[0].Resource.Status
	}
	if s := look(); s != "free" {
		t.Errorf("free: %s", s)
	}
	r.ask(t, "", reservation(cell, apiclient.Adult))
	if s := look(); s != "busy-tentative" {
		t.Errorf("reserved: %s", s)
	}
	r.Take(cell)
	if s := look(); s != "busy" {
		t.Errorf("taken: %s", s)
	}
	r.pass(begin.Sub(r.now))
	if s := look(); s != "busy-unavailable" {
		t.Errorf("begun: %s", s)
	}
}

// The faults after which the cell is reserved spoil the answer only.
func TestSpoiltAnswers(t *testing.T) {
	for kind, c := range map[registrysim.Kind]struct {
		whole bool // the body is the right answer
		fails bool // the body breaks off
	}{
		registrysim.Cut: {false, true}, registrysim.Garbage: {false, false}, registrysim.Empty: {false, false},
		registrysim.Drip: {true, false}, registrysim.Delay: {true, false}, registrysim.ResetAfter: {false, true},
	} {
		r := newRig(t, registrysim.Options{})
		r.AddFault(registrysim.Fault{Kind: kind, Delay: time.Microsecond})
		text, _ := json.Marshal(reservation(free(t, r, apiclient.Adult), apiclient.Adult))
		q, err := http.NewRequest(
			http.MethodPost,
			r.url+"/visit/"+r.LPU().String()+"/reservation",
			strings.NewReader(string(text)),
		)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("X-Request-ID", "one")
		resp, err := http.DefaultClient.Do(q)
		var body []byte
		if err == nil {
			body, err = io.ReadAll(resp.Body)
			_ = resp.Body.Close()
		}
		if (err != nil) != c.fails {
			t.Errorf("%s: %v", kind, err)
		}
		var ticket apiclient.TicketVisitWithLPU
		whole := json.Unmarshal(body, &ticket) == nil && ticket.Num == "001"
		if whole != c.whole || kind == registrysim.Cut && len(body) == 0 {
			t.Errorf("%s: the answer is %q", kind, body)
		}
		if b := r.Bookings(); len(b) != 1 || b[0].RequestID != "one" || r.Posts("one") != 1 || r.Posts("two") != 0 {
			t.Errorf("%s: bookings %+v, %d requests", kind, b, r.Posts("one"))
		}
	}
}

func TestStatusFault(t *testing.T) {
	for code, want := range map[string]int{
		"200": 200, "404": 404, "599": 599, "199": 500, "600": 500, "x": 500, "": 500,
	} {
		r := newRig(t, registrysim.Options{})
		r.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: code, Method: http.MethodGet})
		resp, err := http.Get(r.url + "/lpu/" + r.LPU().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want || resp.Header.Get("Retry-After") != "" {
			t.Errorf("%q: HTTP %d, Retry-After %q", code, resp.StatusCode, resp.Header.Get("Retry-After"))
		}
		if status := r.get(t, "/lpu/"+r.LPU().String(), new(any)); status != 200 {
			t.Errorf("%q: a fault for one request also answers the next", code)
		}
	}
}

func TestRequestsThatReserveNothing(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	cell := free(t, r, apiclient.Adult)
	for minutes, want := range map[int]int{-1: 400, 0: 400, 1: 200} {
		body := reservation(cell, apiclient.Adult)
		body["reserveTime"] = minutes
		if status, answer := r.ask(t, "", body); status != want {
			t.Errorf("%d minutes: %d %v", minutes, status, answer)
		}
	}
	if b := r.Bookings(); len(b) != 1 || b[0].Minutes != 1 || !b[0].HeldUntil.Equal(r.now.Add(time.Minute)) {
		t.Errorf("%+v", b)
	}
	if status, answer := r.ask(t, "", reservation(uuid.Nil, apiclient.Adult)); status != 400 ||
		answer["message_code"] != "4036" {
		t.Errorf("the nil UUID: %d %v", status, answer)
	}
}

// Errors in any shape, successes of any status and other charsets can be had on demand.
func TestAnswersInOtherShapes(t *testing.T) {
	for name, c := range map[string]struct {
		kind       registrysim.Kind
		code, body string // of the fault
		status     int
		charset    string
		holds      string // a part of the answer's body
		bookings   int
	}{
		"another shape": {registrysim.Status, "400", `[{"code":"4009"}]`, 400, "utf-8", `[{"code":"4009"}]`, 0},
		"created":       {registrysim.Success, "201", "", 201, "utf-8", "Поликлиника", 1},
		"no success":    {registrysim.Success, "404", "", 200, "utf-8", "Поликлиника", 1},
		"no status":     {registrysim.Success, "x", "", 200, "utf-8", "Поликлиника", 1},
		"charset":       {registrysim.Charset, "windows-1251", "", 200, "windows-1251", "\xcf\xee\xeb\xe8\xea\xeb\xe8", 1},
		"two bytes":     {registrysim.Charset, "utf-16le", "", 200, "utf-16le", "\x1f\x04\x3e\x04\x3b\x04", 1},
		"a poor one":    {registrysim.Charset, "us-ascii", "", 200, "us-ascii", "???????????", 1},
		"no charset":    {registrysim.Charset, "x-none", "", 200, "utf-8", "Поликлиника", 1},
	} {
		r := newRig(t, registrysim.Options{})
		r.AddFault(registrysim.Fault{Kind: c.kind, Code: c.code, Body: c.body})
		order, err := json.Marshal(reservation(free(t, r, apiclient.Adult), apiclient.Adult))
		if err != nil {
			t.Fatal(err)
		}
		address := r.url + "/visit/" + r.LPU().String() + "/reservation"
		resp, err := http.Post(address, "application/json", strings.NewReader(string(order)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != c.status || !strings.Contains(string(body), c.holds) {
			t.Errorf("%s: HTTP %d, %.80q, %v", name, resp.StatusCode, body, err)
		}
		if got := resp.Header.Get("Content-Type"); got != "application/json; charset="+c.charset {
			t.Errorf("%s: %s", name, got)
		}
		if n := len(r.Bookings()); n != c.bookings {
			t.Errorf("%s: %d bookings", name, n)
		}
	}
}

// A refusal stays one, whatever status a success is to have.
func TestOnlyASuccessGetsAnotherStatus(t *testing.T) {
	r := newRig(t, registrysim.Options{Children: true})
	r.AddFault(registrysim.Fault{Kind: registrysim.Success, Code: "201"})
	status, answer := r.ask(t, "", reservation(free(t, r, apiclient.Adult), apiclient.Adult))
	if status != 400 || answer["message_code"] != "4005" {
		t.Errorf("%d %v", status, answer)
	}
}
