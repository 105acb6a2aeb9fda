package metrics

import (
	"net/http"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"infomat/kiosk"
)

// Metrics are the figures of one terminal. They are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	visits   prometheus.Counter
	steps    *prometheus.CounterVec // by step
	bookings *prometheus.CounterVec // by outcome
	refusals *prometheus.CounterVec // by http, code
	prints   *prometheus.CounterVec // by outcome
	strange  *prometheus.CounterVec // by reason
	expired  prometheus.Counter
	up       prometheus.Gauge
	down     *prometheus.GaugeVec // by reason
	paper    prometheus.Gauge
	printer  *prometheus.GaugeVec // by part, state
	part     *prometheus.GaugeVec // by part, state
	visiting prometheus.Gauge

	reserving prometheus.Histogram
	printing  prometheus.Histogram

	mu      sync.Mutex
	last    kiosk.State
	seen    bool
	counted uuid.UUID         // the booking whose result was counted last
	codes   map[string]bool   // those that have a line of their own
	now     map[string]string // the present state of each part, of printer and terminal
}

// The bounds of the histograms, in seconds: a registry's answer is wanted within 2 s, a ticket within 4 s of the tap.
var (
	networkBuckets = []float64{0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30}
	paperBuckets   = []float64{0.5, 1, 2, 3, 4, 6, 10, 20, 40}
)

// New makes the figures of a version of the program.
func New(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), codes: map[string]bool{}, now: map[string]string{}}
	m.visits = m.counter("visits_total", "Visits begun: taps on the welcome screen.")
	m.steps = m.counters("visit_steps_total", "Screens that visits came to.", "step")
	m.bookings = m.counters(
		"bookings_total",
		"Reservations by what became of them: reserved, refused, unreachable, unknown.",
		"outcome",
	)
	m.refusals = m.counters("refusals_total", "Refusals of the registry by HTTP status and code.", "http", "code")
	m.prints = m.counters("prints_total", "Prints by what became of them: printed, failed, unknown.", "outcome")
	m.strange = m.counters("metrics_refused_total", "Connections to the metrics that got none, by reason.", "reason")
	m.expired = m.counter("holds_expired_total", "Holds that ran out while the patient stood at the terminal.")
	m.up = m.gauge("up", "1 while patients can book.")
	m.down = m.gauges("down", "1 for the reason for which patients cannot book.", "reason")
	m.paper = m.gauge("paper_available", "1 while a ticket could be printed.")
	m.printer = m.gauges("printer_state", "1 for the present state of each part of the printer.", "part", "state")
	m.part = m.gauges(
		"part_state",
		"1 for the present state of each watched part of the terminal: skipped, ok, warning, failure.",
		"part",
		"state",
	)
	m.visiting = m.gauge("visiting", "1 while somebody is in the middle of a visit.")
	m.reserving = m.histogram(
		"reservation_seconds",
		"From the tap on the button to the registry's answer.",
		networkBuckets,
	)
	m.printing = m.histogram(
		"print_seconds",
		"From the beginning of a print to the printer's confirmation.",
		paperBuckets,
	)
	info := m.gauges("build_info", "1, with the program's version.", "version", "goversion")
	info.WithLabelValues(version, runtime.Version()).Set(1)
	m.registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	for _, outcome := range []string{"reserved", "refused", "unreachable", "unknown"} {
		m.bookings.WithLabelValues(outcome) // a counter that begins at its first event hides that event from rate()
	}
	for _, outcome := range []string{"printed", "failed", "unknown"} {
		m.prints.WithLabelValues(outcome)
	}
	for _, why := range Reasons {
		m.strange.WithLabelValues(string(why))
	}
	return m
}

const namespace = "infomat"

func (m *Metrics) counter(name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) counters(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) gauge(name, help string) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(g)
	return g
}

func (m *Metrics) gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(g)
	return g
}

func (m *Metrics) histogram(name, help string, buckets []float64) prometheus.Histogram {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
	m.registry.MustRegister(h)
	return h
}

// Value adds a figure that is asked for at each scrape. NaN: not known now. Labels do not change.
func (m *Metrics) Value(name, help string, labels map[string]string, value func() float64) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help, ConstLabels: labels},
			value,
		),
	)
}

// Handler answers GET /metrics, and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(
		"GET /metrics",
		promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4}),
	)
	return mux
}

// number is a code that can be a label; the registry's codes are numbers.
var number = regexp.MustCompile(`^[0-9]{1,6}$`)

// mostCodes bounds how many codes get a line of their own, whatever the registry answers.
const mostCodes = 50

// code is a label for a code: itself, or "other" where it is none or there are too many.
func (m *Metrics) code(code string) string {
	if !number.MatchString(code) || !m.codes[code] && len(m.codes) >= mostCodes {
		return "other"
	}
	m.codes[code] = true
	return code
}

// Observe takes the next state of the visit.
func (m *Metrics) Observe(s kiosk.State, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.last
	if !m.seen {
		before.Step = kiosk.StepClosed
	}
	m.last, m.seen = s, true
	m.observeService(before.Service, s.Service)
	m.observeVisit(before, s)
	m.observeBooking(before.Booking, s.Booking, s, now)
}

func (m *Metrics) observeService(before, now kiosk.Service) {
	m.up.Set(flag(now.Down == ""))
	m.paper.Set(flag(!now.NoPaper))
	if before.Down != "" && before.Down != now.Down {
		m.down.WithLabelValues(string(before.Down)).Set(0)
	}
	if now.Down != "" {
		m.down.WithLabelValues(string(now.Down)).Set(1)
	}
}

func flag(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

func (m *Metrics) observeVisit(before, s kiosk.State) {
	m.visiting.Set(flag(s.Step != kiosk.StepWelcome && s.Step != kiosk.StepClosed))
	if s.Step == before.Step {
		return
	}
	m.steps.WithLabelValues(s.Step.String()).Inc()
	if before.Step == kiosk.StepWelcome && s.Step > kiosk.StepWelcome && s.Step <= kiosk.StepAge {
		m.visits.Inc()
	}
}

// observeBooking counts a refusal when it is answered, also where a busy registry is asked once more, and a booking
// when its result is on the screen. A booking that an earlier life of the program made was counted then: nobody asked
// for it in this one.
func (m *Metrics) observeBooking(before, b kiosk.Booking, s kiosk.State, now time.Time) {
	if b.Operation != before.Operation {
		before.Stage, before.HoldOver = "", false
	}
	if b.Stage == kiosk.StageRefused && before.Stage != kiosk.StageRefused {
		m.refusals.WithLabelValues(strconv.Itoa(b.Refusal.HTTPStatus), m.code(b.Refusal.Code)).Inc()
	}
	switch result := !b.Asked.IsZero() && s.Outcome() != "" && s.Step != kiosk.StepReserving; {
	case !result:
		m.counted = uuid.Nil
	case m.counted != b.Operation:
		m.counted = b.Operation
		m.bookings.WithLabelValues(string(s.Outcome())).Inc()
		m.reserving.Observe(now.Sub(b.Asked).Seconds())
	}
	if b.HoldOver && !before.HoldOver {
		m.expired.Inc()
	}
}

// Print counts what became of a print (printed, failed, unknown), and how long it took. It is told by whoever prints:
// a print goes on when its patient has left the screen.
func (m *Metrics) Print(outcome string, took time.Duration) {
	m.prints.WithLabelValues(outcome).Inc()
	m.printing.Observe(took.Seconds())
}

// Refused counts a connection to the metrics that got none.
func (m *Metrics) Refused(why Reason) { m.strange.WithLabelValues(string(why)).Inc() }

// Printer sets the present state of a part of the printer: device online, paper low.
func (m *Metrics) Printer(part, state string) { m.turn(m.printer, "printer ", part, state) }

// Part sets the present state of a watched part of the terminal.
func (m *Metrics) Part(part, state string) { m.turn(m.part, "", part, state) }

// turn sets a part's state, and takes the one before away.
func (m *Metrics) turn(g *prometheus.GaugeVec, of, part, state string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if before := m.now[of+part]; before != "" && before != state {
		g.WithLabelValues(part, before).Set(0)
	}
	m.now[of+part] = state
	g.WithLabelValues(part, state).Set(1)
}
