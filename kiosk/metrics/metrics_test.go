package metrics_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"infomat/kiosk"
	"infomat/kiosk/metrics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// scrape gives what a Prometheus would get.
func scrape(t testing.TB, h http.Handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("HTTP %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func want(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if !strings.Contains(text, "\n"+l+"\n") {
			t.Errorf("%s is missing in\n%s", l, text)
		}
	}
}

// patient drives a state machine, and has each of its states observed.
type patient struct {
	m   *metrics.Metrics
	s   kiosk.State
	now time.Time
}

var settings = kiosk.Settings{
	Hold: 10 * time.Minute, Idle: time.Minute, Warning: time.Minute, Patience: time.Minute, Print: true,
}

func newPatient(m *metrics.Metrics) *patient {
	p := &patient{m: m, s: kiosk.Begin(settings), now: time.Now()}
	m.Observe(p.s, p.now)
	p.give(kiosk.ServiceChanged{})
	return p
}

func (p *patient) give(events ...kiosk.Event) {
	for _, e := range events {
		p.s, _ = kiosk.Update(p.s, p.now, e)
		p.m.Observe(p.s, p.now)
		p.m.Observe(p.s, p.now) // a state that comes twice counts once
	}
}

func (p *patient) wait(d time.Duration) { p.now = p.now.Add(d) }

// reserve goes from the welcome screen to where the request is on its way.
func (p *patient) reserve() {
	doctor, cell := uuid.New(), uuid.New()
	p.give(kiosk.Start{}, kiosk.ChooseAge{Age: kiosk.AgeAdult},
		kiosk.SpecialitiesListed{Age: kiosk.AgeAdult, List: []kiosk.Speciality{{Code: "1", Free: 1}}},
		kiosk.ChooseSpeciality{Code: "1"},
		kiosk.DoctorsListed{Speciality: "1", List: []kiosk.Doctor{{GUID: doctor, Free: 1}}},
		kiosk.ChooseDoctor{GUID: doctor},
		kiosk.DaysListed{Doctor: doctor, List: []kiosk.Day{{Date: p.now, Cells: []kiosk.Cell{
			{GUID: cell, Begin: p.now.Add(time.Hour), Doctor: doctor},
		}}}},
		kiosk.ChooseCell{GUID: cell}, kiosk.Confirm{Operation: uuid.New()})
	p.recorded()
}

// recorded says that the booking's present stage is on disk.
func (p *patient) recorded() {
	p.give(kiosk.Recorded{Operation: p.s.Booking.Operation, Stage: p.s.Booking.Stage, Job: p.s.Booking.Job})
}

func (p *patient) answer(a kiosk.Answer) {
	a.From = p.now
	p.give(kiosk.Answered{Operation: p.s.Booking.Operation, Answer: a})
}

var reserved = kiosk.Answer{Verdict: kiosk.VerdictConfirmed, Ticket: kiosk.Ticket{Num: "008", GUID: uuid.New()}}

func refusal(code string) kiosk.Answer {
	return kiosk.Answer{Verdict: kiosk.VerdictRefused, Refusal: kiosk.Refusal{HTTPStatus: 400, Code: code}}
}

// visit plays a visit whose request is answered after 1.5 s, and goes home.
func (p *patient) visit(a kiosk.Answer) {
	p.reserve()
	p.wait(1500 * time.Millisecond)
	p.answer(a)
	p.give(kiosk.Home{})
}

func TestVisitsAreCounted(t *testing.T) {
	m := metrics.New("1.2.3")
	p := newPatient(m)
	p.visit(reserved)
	p.visit(refusal("4029"))
	p.visit(refusal("Иванов уже записан"))
	m.Print("printed", 2*time.Second)
	m.Printer("paper", "full")
	m.Printer("paper", "low")
	m.Part("disk", "failure")
	m.Value("registry_skew_seconds", "Skew.", nil, func() float64 { return 1.5 })
	text := scrape(t, m.Handler())
	want(t, text, "infomat_visits_total 3", `infomat_visit_steps_total{step="age"} 3`,
		`infomat_bookings_total{outcome="reserved"} 1`, `infomat_bookings_total{outcome="refused"} 2`,
		`infomat_bookings_total{outcome="unknown"} 0`, `infomat_refusals_total{code="4029",http="400"} 1`,
		`infomat_refusals_total{code="other",http="400"} 1`, "infomat_up 1", `infomat_down{reason="starting"} 0`,
		"infomat_paper_available 1", `infomat_printer_state{part="paper",state="full"} 0`,
		`infomat_printer_state{part="paper",state="low"} 1`, `infomat_part_state{part="disk",state="failure"} 1`,
		`infomat_prints_total{outcome="printed"} 1`, `infomat_reservation_seconds_bucket{le="1"} 0`,
		`infomat_reservation_seconds_bucket{le="2"} 3`, `infomat_print_seconds_count 1`,
		"infomat_registry_skew_seconds 1.5", "infomat_visiting 0")
	if !strings.Contains(text, `infomat_build_info{goversion="go`) || strings.Contains(text, "Иванов") {
		t.Error("build info, or a text of the registry")
	}
}

// A registry that answers "later" and then reserves made one booking, after one refusal with its own HTTP status.
func TestABusyRegistryIsNoEnd(t *testing.T) {
	m := metrics.New("1")
	p := newPatient(m)
	p.reserve()
	p.answer(kiosk.Answer{
		Verdict: kiosk.VerdictBusy, After: 20 * time.Second, Refusal: kiosk.Refusal{HTTPStatus: 503},
	})
	p.wait(20 * time.Second)
	p.give(kiosk.Tick{})
	p.recorded()
	p.wait(5 * time.Second)
	p.answer(reserved)
	text := scrape(t, m.Handler())
	want(t, text, `infomat_bookings_total{outcome="reserved"} 1`, `infomat_bookings_total{outcome="refused"} 0`,
		`infomat_refusals_total{code="other",http="503"} 1`, "infomat_reservation_seconds_count 1",
		"infomat_reservation_seconds_sum 25")
	if strings.Contains(text, `http="0"`) {
		t.Error("a refusal without its HTTP status")
	}
}

// A lost answer and its retry are one booking.
func TestARetryIsTheSameBooking(t *testing.T) {
	m := metrics.New("1")
	p := newPatient(m)
	p.reserve()
	p.answer(kiosk.Answer{Verdict: kiosk.VerdictUnknown})
	p.recorded()
	p.give(kiosk.Rechecked{Operation: p.s.Booking.Operation, State: kiosk.CellFree})
	p.recorded()
	p.answer(reserved)
	want(t, scrape(t, m.Handler()), `infomat_bookings_total{outcome="reserved"} 1`,
		`infomat_bookings_total{outcome="unknown"} 0`)
}

// What an earlier life of the program has reserved, and counted, is not counted again when its ticket is printed.
func TestAnOfferIsNoBooking(t *testing.T) {
	m := metrics.New("1")
	p := newPatient(m)
	p.give(kiosk.Recovered{Records: []kiosk.Record{
		{Operation: uuid.New(), Stage: kiosk.StageConfirmed, Num: "008", At: p.now, HoldUntil: p.now.Add(time.Minute)},
	}})
	p.give(kiosk.PrintCopy{})
	if p.s.Step != kiosk.StepTicket {
		t.Fatalf("the step is %v", p.s.Step)
	}
	want(t, scrape(t, m.Handler()), `infomat_bookings_total{outcome="reserved"} 0`, "infomat_reservation_seconds_count 0")
	p.give(kiosk.Home{})
	p.visit(reserved)
	want(t, scrape(t, m.Handler()), `infomat_bookings_total{outcome="reserved"} 1`)
}

// Whatever the registry answers, the number of lines is bounded.
func TestCodesAreBounded(t *testing.T) {
	m := metrics.New("1")
	p := newPatient(m)
	for n := range 500 {
		p.visit(refusal(fmt.Sprint(n)))
	}
	if n := strings.Count(scrape(t, m.Handler()), "infomat_refusals_total{"); n != 51 {
		t.Errorf("%d lines for 500 codes", n)
	}
}

func TestHoldsThatRunOut(t *testing.T) {
	m := metrics.New("1")
	p := newPatient(m)
	p.reserve()
	p.answer(reserved)
	want(t, scrape(t, m.Handler()), "infomat_holds_expired_total 0", "infomat_visiting 1")
	p.wait(settings.Hold)
	p.give(kiosk.Tick{})
	want(t, scrape(t, m.Handler()), "infomat_holds_expired_total 1")
}

// A stranger gets what was opened, and nothing else.
func TestServer(t *testing.T) {
	s := metrics.Server{Listen: "127.0.0.1:0", User: "prometheus", Password: "a long password"}
	l, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (metrics.Server{Listen: l.Addr().String()}).Open(); err == nil {
		t.Error("an address that is taken was opened")
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l, metrics.New("1").Handler()) }()
	for _, c := range []struct {
		method, path, user, password string
		want                         int
	}{
		{"GET", "/metrics", "prometheus", "a long password", 200},
		{"GET", "/metrics", "", "", 401},
		{"GET", "/metrics", "prometheus", "a long passwor", 401},
		{"GET", "/metrics", "root", "a long password", 401},
		{"GET", "/", "prometheus", "a long password", 404},
		{"GET", "/debug/pprof/", "prometheus", "a long password", 404},
		{"POST", "/metrics", "prometheus", "a long password", 405},
		{"GET", "/../etc/passwd", "", "", 401},
	} {
		if got := ask(t, l.Addr().String(), c.method, c.path, c.user, c.password); got != c.want {
			t.Errorf("%s %s as %q: %d, want %d", c.method, c.path, c.user, got, c.want)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func ask(t *testing.T, address, method, path, user, password string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		r.SetBasicAuth(user, password)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// What a scrape costs, with everything that a terminal counts.
func BenchmarkScrape(b *testing.B) {
	m := metrics.New("1")
	p := newPatient(m)
	for n := range 20 {
		p.visit(refusal(fmt.Sprint(4000 + n)))
	}
	h := m.Handler()
	for b.Loop() {
		scrape(b, h)
	}
	b.ReportMetric(float64(len(scrape(b, h))), "bytes/scrape")
}
