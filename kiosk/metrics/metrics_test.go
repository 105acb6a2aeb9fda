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

// visit plays the states of a visit that ends in a stage.
func visit(m *metrics.Metrics, stage kiosk.Stage, r kiosk.Refusal) {
	s := kiosk.State{Visit: kiosk.Visit{Step: kiosk.StepWelcome}}
	m.Observe(s, time.Now())
	s.Step = kiosk.StepAge
	m.Observe(s, time.Now())
	m.Observe(s, time.Now()) // a state that comes twice counts once
	now := time.Now()
	s.Step, s.Booking = kiosk.StepReserving, kiosk.Booking{Operation: uuid.New(), Stage: kiosk.StageSent}
	m.Observe(s, now)
	s.Step, s.Booking.Stage, s.Booking.Refusal = kiosk.StepTicket, stage, r
	m.Observe(s, now.Add(1500*time.Millisecond))
	m.Observe(s, now.Add(2*time.Second))
}

func TestVisitsAreCounted(t *testing.T) {
	m := metrics.New("1.2.3")
	m.Observe(kiosk.Begin(kiosk.Settings{}), time.Now())
	visit(m, kiosk.StageConfirmed, kiosk.Refusal{})
	visit(m, kiosk.StageRefused, kiosk.Refusal{HTTPStatus: 400, Code: "4009"})
	visit(m, kiosk.StageRefused, kiosk.Refusal{HTTPStatus: 400, Code: "Иванов уже записан"})
	m.Print("printed", 2*time.Second)
	m.Printer("paper", "full")
	m.Printer("paper", "low")
	m.Part("paper", "down")
	m.Value("registry_skew_seconds", "Skew.", nil, func() float64 { return 1.5 })
	text := scrape(t, m.Handler())
	want(t, text, "infomat_visits_total 3", `infomat_visit_steps_total{step="age"} 3`, `infomat_bookings_total{outcome="reserved"} 1`,
		`infomat_bookings_total{outcome="refused"} 2`, `infomat_bookings_total{outcome="unknown"} 0`, `infomat_refusals_total{code="4009",http="400"} 1`,
		`infomat_refusals_total{code="other",http="400"} 1`, "infomat_up 1", `infomat_down{reason="starting"} 0`, "infomat_paper_available 1",
		`infomat_printer_state{part="paper",state="full"} 0`, `infomat_printer_state{part="paper",state="low"} 1`, `infomat_part_state{part="paper",state="down"} 1`, `infomat_prints_total{outcome="printed"} 1`,
		`infomat_reservation_seconds_bucket{le="1"} 0`, `infomat_reservation_seconds_bucket{le="2"} 3`, `infomat_print_seconds_count 1`, "infomat_registry_skew_seconds 1.5")
	if !strings.Contains(text, `infomat_build_info{goversion="go`) || strings.Contains(text, "Иванов") {
		t.Error("build info, or a text of the registry")
	}
}

// Whatever the registry answers, the number of lines is bounded.
func TestCodesAreBounded(t *testing.T) {
	m := metrics.New("1")
	for n := range 500 {
		visit(m, kiosk.StageRefused, kiosk.Refusal{HTTPStatus: 400, Code: fmt.Sprint(n)})
	}
	if n := strings.Count(scrape(t, m.Handler()), "infomat_refusals_total{"); n != 51 {
		t.Errorf("%d lines for 500 codes", n)
	}
}

func TestHoldsThatRunOut(t *testing.T) {
	m := metrics.New("1")
	s := kiosk.State{Visit: kiosk.Visit{Step: kiosk.StepTicket, Booking: kiosk.Booking{Operation: uuid.New(), Stage: kiosk.StageConfirmed}}}
	m.Observe(s, time.Now())
	s.Booking.HoldOver = true
	m.Observe(s, time.Now())
	m.Observe(s, time.Now())
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
	for n := range 20 {
		visit(m, kiosk.StageRefused, kiosk.Refusal{HTTPStatus: 400, Code: fmt.Sprint(4000 + n)})
	}
	h := m.Handler()
	for b.Loop() {
		scrape(b, h)
	}
	b.ReportMetric(float64(len(scrape(b, h))), "bytes/scrape")
}
