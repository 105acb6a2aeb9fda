package registrysim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a registry on a loopback port with a clock that the test sets.
type rig struct {
	*registrysim.Registry
	url string
	mu  sync.Mutex
	now time.Time
}

func newRig(t *testing.T, o registrysim.Options) *rig {
	t.Helper()
	r := &rig{now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.Local)} // a Tuesday
	o.Now = func() time.Time {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.now
	}
	var err error
	if r.Registry, err = registrysim.New(o); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r.Registry)
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		server.Close()
	})
	r.url = server.URL
	return r
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

// ask posts a reservation and returns status and body.
func (r *rig) ask(t *testing.T, query string, body any) (int, map[string]any) {
	t.Helper()
	data, _ := json.Marshal(body)
	resp, err := http.Post(
		r.url+"/visit/"+r.LPU().String()+"/reservation"+query,
		"application/json",
		bytes.NewReader(data),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]any
	_ = json.NewDecoder(resp.Body).Decode(&answer) // an empty answer is nil
	return resp.StatusCode, answer
}

func reservation(cell uuid.UUID, age apiclient.AgeCategory) map[string]any {
	return map[string]any{"timeTable": cell, "ageCategory": age, "reserveTime": 10}
}

func free(t *testing.T, r *rig, age apiclient.AgeCategory) uuid.UUID {
	t.Helper()
	cell, err := r.FreeCell(age)
	if err != nil {
		t.Fatal(err)
	}
	return cell
}

func TestReservationHasEveryFieldOfThePage(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	cell := free(t, r, apiclient.Adult)
	status, answer := r.ask(t, "", reservation(cell, apiclient.Adult))
	if status != 200 || answer["timeTableGuid"] != cell.String() || answer["num"] != "001" {
		t.Fatalf("%d %v", status, answer)
	}
	const fields = "lpu num uchastokNum room flat busyType ticketGuid timeTableGuid docFio docGuid doctorRole " +
		"speciality beginTime endTime dateOfAppointment planCount usedCount source login sourceName dispExamGuid history"
	for _, name := range strings.Fields(fields) {
		if _, ok := answer[name]; !ok {
			t.Errorf("the field %s is missing", name)
		}
	}
	short, answer := r.ask(t, "?fullResponse=false", reservation(free(t, r, apiclient.Adult), apiclient.Adult))
	if short != 200 || len(answer) != 3 || answer["lpu"] == nil || answer["num"] == nil || answer["ticketGuid"] == nil {
		t.Errorf("the short answer is %v", answer)
	}
}

func TestACellIsTakenUntilItsHoldRunsOut(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	cell := free(t, r, apiclient.Adult)
	r.ask(t, "", reservation(cell, apiclient.Adult))
	if status, answer := r.ask(t, "", reservation(cell, apiclient.Adult)); status != 400 ||
		answer["message_code"] != "4009" {
		t.Errorf("%d %v for a cell that is taken", status, answer)
	}
	r.pass(10*time.Minute + time.Second)
	if status, _ := r.ask(t, "", reservation(cell, apiclient.Adult)); status != 200 {
		t.Errorf("%d for a cell whose hold has run out", status)
	}
	if got := len(r.Bookings()); got != 2 {
		t.Errorf("%d bookings in the books, want 2", got)
	}
}

func TestOneCellGoesToOneOfMany(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	cell := free(t, r, apiclient.Adult)
	var got sync.Map
	var work sync.WaitGroup
	for i := range 16 {
		work.Go(func() {
			status, _ := r.ask(t, "", reservation(cell, apiclient.Adult))
			got.Store(i, status)
		})
	}
	work.Wait()
	won := 0
	got.Range(func(_, status any) bool {
		if status == 200 {
			won++
		}
		return true
	})
	if won != 1 {
		t.Errorf("%d of 16 got the cell", won)
	}
}

func TestRefusalsByItsOwnRules(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	adult := free(t, r, apiclient.Adult)
	child := free(t, r, apiclient.Child)
	children := newRig(t, registrysim.Options{Children: true})
	for _, c := range []struct {
		rig  *rig
		body map[string]any
		code string
	}{
		{r, reservation(uuid.Nil, apiclient.Adult), "4036"},
		{r, reservation(uuid.New(), apiclient.Adult), "4036"},
		{r, map[string]any{"timeTable": "x"}, "4036"},
		{r, reservation(adult, apiclient.Child), "4029"},
		{children, reservation(child, apiclient.Adult), "4005"},
	} {
		if status, answer := c.rig.ask(t, "", c.body); status != 400 || answer["message_code"] != c.code {
			t.Errorf("%v: %d %v, want %s", c.body, status, answer, c.code)
		}
	}
}

func TestEveryDocumentedErrorOnDemand(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	for key, status := range map[string]int{
		"5009": 403, "5403": 403, "4036": 400, "4005": 400, "4007": 400, "4007-dispensary": 400, "4008": 400, "4029": 400,
		"4009": 400,
	} {
		resp, err := http.Post(
			r.url+"/sim/fault",
			"application/json",
			strings.NewReader(fmt.Sprintf(`{"kind":"refuse","code":%q}`, key)),
		)
		if err != nil || resp.StatusCode != 204 {
			t.Fatalf("%v %v", resp, err)
		}
		resp.Body.Close()
		got, answer := r.ask(t, "", reservation(free(t, r, apiclient.Adult), apiclient.Adult))
		if got != status || answer["message_code"] != key[:4] || answer["message"] == "" {
			t.Errorf("%s: %d %v", key, got, answer)
		}
	}
	if len(r.Bookings()) != 0 {
		t.Error("a refused reservation is in the books")
	}
}

func TestFaultsLastAsLongAsTheySay(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	r.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "500", Times: 2})
	want := []int{500, 500, 200}
	for i, w := range want {
		if status, _ := r.ask(t, "", reservation(free(t, r, apiclient.Adult), apiclient.Adult)); status != w {
			t.Errorf("request %d: %d, want %d", i, status, w)
		}
	}
	r.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "500", Times: -1})
	r.ask(t, "", nil)
	r.ClearFaults()
	if status, _ := r.ask(t, "", reservation(free(t, r, apiclient.Adult), apiclient.Adult)); status != 200 {
		t.Errorf("%d after the faults were cleared", status)
	}
	resp, err := http.Post(r.url+"/sim/fault", "application/json", strings.NewReader(`{`))
	if err != nil || resp.StatusCode != 400 {
		t.Errorf("a fault that is none: %v %v", resp, err)
	}
	resp.Body.Close()
}

func TestWhatIsReservedIsNoLongerInTheTimetable(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	_, answer := r.ask(t, "", reservation(free(t, r, apiclient.Adult), apiclient.Adult))
	resp, err := http.Get(
		r.url + "/lpu/" + r.LPU().
			String() +
			"/doctor/" + answer["docGuid"].(string) + "/schedule/" + answer["beginTime"].(string)[:10],
	)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var slots []map[string]any
	if err := json.Unmarshal(body, &slots); err != nil {
		t.Fatal(err)
	}
	for _, s := range slots {
		if s["timeTableGuid"] == answer["timeTableGuid"] && s["status"] == "Available" {
			t.Error("a reserved cell is offered")
		}
	}
	if len(slots) == 0 {
		t.Error("the day is empty")
	}
}

func TestTheClinicIsBelievable(t *testing.T) {
	r := newRig(t, registrysim.Options{})
	var specialities, doctors []map[string]any
	get(t, r.url+"/lpu/"+r.LPU().String()+"/speciality", &specialities)
	names := map[string]bool{}
	for _, s := range specialities {
		get(t, r.url+"/lpu/"+r.LPU().String()+"/speciality/"+s["code"].(string)+"/doctor", &doctors)
		for _, d := range doctors {
			names[d["docFio"].(string)] = true
		}
	}
	if len(specialities) < 12 || len(names) < 38 {
		t.Errorf("%d specialities and %d doctors", len(specialities), len(names))
	}
}

func get(t *testing.T, url string, into any) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}
