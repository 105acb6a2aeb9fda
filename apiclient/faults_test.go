package apiclient_test

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
)

// faultRun compares what the client returned with the bookings of the registry.
type faultRun struct {
	t       *testing.T
	sim     *registrysim.Registry
	server  *httptest.Server
	ca      string // the server's certificate; blank: no TLS
	results map[uuid.UUID]clientResult
}

// clientResult is what the client returned for one operation.
type clientResult struct {
	what    string // which fault
	outcome apiclient.Outcome
	num     string
	ticket  uuid.UUID
}

func newFaultRun(t *testing.T, secure bool) *faultRun {
	t.Helper()
	sim, err := registrysim.New(registrysim.Options{LPU: lpu})
	if err != nil {
		t.Fatal(err)
	}
	c := &faultRun{t: t, sim: sim, server: httptest.NewUnstartedServer(sim), results: map[uuid.UUID]clientResult{}}
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if !secure {
		c.server.Start()
	} else {
		c.server.StartTLS()
		c.ca = filepath.Join(t.TempDir(), "ca.pem")
		data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.server.Certificate().Raw})
		if err := os.WriteFile(c.ca, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(c.server.Close)
	return c
}

// reserve makes one reservation over a connection with faults, and records the result.
func (c *faultRun) reserve(what string, request, answer fault, timeout time.Duration) (apiclient.Outcome, *line) {
	c.t.Helper()
	l := newLine(c.t, c.server.Listener.Addr().String(), request, answer)
	url := "http://" + l.address()
	if c.ca != "" {
		url = "https://" + l.address()
	}
	client, err := apiclient.New(
		apiclient.Config{BaseURL: url, LPU: lpu, Timeout: timeout, ShortAnswer: true, CAFile: c.ca},
	)
	if err != nil {
		c.t.Fatal(err)
	}
	cell, err := c.sim.FreeCell(apiclient.Adult)
	if err != nil {
		c.t.Fatal(err)
	}
	o := apiclient.ReserveRequest{
		Operation:      uuid.New(),
		TimeTable:      cell,
		AgeCategory:    apiclient.Adult,
		ReserveMinutes: 10,
	}
	ticket, err := client.Reserve(c.t.Context(), o)
	client.Close()
	l.close()
	got := clientResult{what: what, outcome: apiclient.OutcomeOf(err)}
	if ticket != nil {
		got.num, got.ticket = ticket.Num, ticket.TicketGUID
	}
	c.results[o.Operation] = got
	return got.outcome, l
}

// check stops the registry and compares. An unknown outcome is always right; every other must match the
// bookings.
func (c *faultRun) check() {
	c.t.Helper()
	c.server.Close()
	books := map[string]registrysim.Booking{}
	for _, b := range c.sim.Bookings() {
		books[b.RequestID] = b
	}
	for operation, got := range c.results {
		b, booked := books[operation.String()]
		switch {
		case got.outcome == apiclient.Reserved && (!booked || b.Num != got.num || b.Ticket != got.ticket):
			c.t.Errorf(
				"%s: the client returned %s with number %s; the registry has %v %+v",
				got.what,
				got.outcome,
				got.num,
				booked,
				b,
			)
		case got.outcome != apiclient.Reserved && got.outcome != apiclient.Unknown && booked:
			c.t.Errorf("%s: the client returned %s, and the registry has a booking", got.what, got.outcome)
		}
		if n := c.sim.Posts(operation.String()); n > 1 {
			c.t.Errorf("%s: the registry was asked %d times", got.what, n)
		}
	}
}

// lengths returns the sizes of a complete reservation in each direction, in bytes.
func lengths(t *testing.T, secure bool) (request, answer int) {
	t.Helper()
	c := newFaultRun(t, secure)
	outcome, l := c.reserve("none", fault{}, fault{}, 5*time.Second)
	if outcome != apiclient.Reserved {
		t.Fatalf("without a fault: %v", outcome)
	}
	return int(l.sent.Load()), int(l.received.Load())
}

// batchSize is how many offsets are tried with one registry: it has a limited number of free cells.
const batchSize = 250

// batches runs a test for every offset below most, in steps, with a new registry for each batch. With -short the steps
// are longer.
func batches(t *testing.T, secure bool, most, step int, try func(t *testing.T, c *faultRun, offset int)) {
	t.Helper()
	if testing.Short() {
		step *= 7
	}
	for from := 0; from < most; from += batchSize * step {
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			t.Parallel()
			c := newFaultRun(t, secure)
			for offset := from; offset < min(most, from+batchSize*step); offset += step {
				try(t, c, offset)
			}
			c.check()
		})
	}
}

// breaking returns a fault that breaks the connection at an offset.
func breaking(offset int, polite bool) fault {
	return fault{breaksAfter: offset, breaks0: offset == 0, polite: polite}
}

// If the connection breaks at any byte of the request, the registry has not reserved and the client does
// not know that. If it breaks before a byte was written, the client connects again.
func TestBrokenAtEveryByteOfTheRequest(t *testing.T) {
	request, _ := lengths(t, false)
	batches(t, false, request, 1, func(t *testing.T, c *faultRun, offset int) {
		outcome, l := c.reserve(
			fmt.Sprintf("request broken at byte %d", offset),
			breaking(offset, offset%2 == 0),
			fault{},
			5*time.Second,
		)
		if again := l.accepted.Load() > 1; outcome != apiclient.Unknown && !(again && outcome == apiclient.Reserved) {
			t.Errorf("at byte %d: %v after %d connections", offset, outcome, l.accepted.Load())
		}
	})
}

// If the connection breaks at any byte of the answer, the cell is reserved. The client must neither deny it
// nor return a ticket from a part of the answer.
func TestBrokenAtEveryByteOfTheAnswer(t *testing.T) {
	_, answer := lengths(t, false)
	batches(t, false, answer, 1, func(t *testing.T, c *faultRun, offset int) {
		outcome, l := c.reserve(
			fmt.Sprintf("answer broken at byte %d", offset),
			fault{},
			breaking(offset, offset%2 == 0),
			5*time.Second,
		)
		if again := l.accepted.Load() > 1; outcome != apiclient.Unknown && !(again && outcome == apiclient.Reserved) {
			t.Errorf("at byte %d: %v after %d connections", offset, outcome, l.accepted.Load())
		}
	})
}

// The same with a refusal: the outcome may be unknown, but must not be wrong.
func TestBrokenAtEveryByteOfARefusal(t *testing.T) {
	batches(t, false, 360, 1, func(t *testing.T, c *faultRun, offset int) {
		c.sim.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: "4009"})
		outcome, _ := c.reserve(
			fmt.Sprintf("refusal broken at byte %d", offset),
			fault{},
			breaking(offset, offset%2 == 0),
			5*time.Second,
		)
		if outcome != apiclient.Unknown && outcome != apiclient.Refused {
			t.Errorf("at byte %d: %v", offset, outcome)
		}
	})
}

// Under TLS a broken handshake is retried; from the first byte of the request on nothing is. A changed byte
// breaks the connection: no wrong number reaches a patient.
func TestSpoiltAndBrokenUnderTLS(t *testing.T) {
	request, answer := lengths(t, true)
	for name, f := range map[string]func(offset int) (fault, fault){
		"request broken": func(n int) (fault, fault) { return breaking(n, n%2 == 0), fault{} },
		"answer broken":  func(n int) (fault, fault) { return fault{}, breaking(n, n%2 == 0) },
		"request spoilt": func(n int) (fault, fault) { return fault{flips: n + 1}, fault{} },
		"answer spoilt":  func(n int) (fault, fault) { return fault{}, fault{flips: n + 1} },
	} {
		length := answer
		if strings.HasPrefix(name, "request") {
			length = request
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newFaultRun(t, true)
			counts := map[apiclient.Outcome]int{}
			step := 31
			if testing.Short() {
				step = 401
			}
			for offset := 0; offset < length-40; offset += step { // the last bytes are farewells, and sizes differ by some
				request, answer := f(offset)
				outcome, l := c.reserve(fmt.Sprintf("%s at byte %d", name, offset), request, answer, 250*time.Millisecond)
				counts[outcome]++
				if outcome == apiclient.Reserved && l.accepted.Load() < 2 && offset < length-200 {
					t.Errorf("at byte %d: reserved over a broken line", offset)
				}
			}
			c.check()
			if counts[apiclient.Unknown] == 0 || counts[apiclient.Reserved] == 0 {
				t.Errorf("outcomes %v: both handshake and request must have been hit", counts)
			}
		})
	}
}

func TestSlowLines(t *testing.T) {
	for _, x := range []struct {
		name            string
		request, answer fault
		want            apiclient.Outcome
	}{
		{"an answer a little late", fault{}, fault{delay: 100 * time.Millisecond}, apiclient.Reserved},
		{"an answer too late", fault{}, fault{delay: 2 * time.Second}, apiclient.Unknown},
		{"a request too late", fault{delay: 2 * time.Second}, fault{}, apiclient.Unknown},
		{"an answer in drops", fault{}, fault{drip: time.Microsecond}, apiclient.Reserved},
		{"an answer in rare drops", fault{}, fault{drip: 20 * time.Millisecond}, apiclient.Unknown},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			c := newFaultRun(t, false)
			if outcome, _ := c.reserve(x.name, x.request, x.answer, time.Second); outcome != x.want {
				t.Errorf("%v, want %v", outcome, x.want)
			}
			c.check()
		})
	}
}

// A connection kept for reading that the registry has closed is replaced.
func TestAKeptConnectionThatWasClosedIsReplaced(t *testing.T) {
	for _, secure := range []bool{false, true} {
		c := newFaultRun(t, secure)
		client := clientOf(t, c.server.URL, func(x *apiclient.Config) { x.CAFile = c.ca })
		for range 20 {
			if err := client.Get(t.Context(), "/lpu/"+lpu.String(), nil, new(any)); err != nil {
				t.Errorf("TLS %v: %v", secure, err)
			}
			c.server.CloseClientConnections()
			time.Sleep(10 * time.Millisecond) // the client hears of it
		}
	}
}

// A redirect is not followed: no other server gets the reservation.
func TestARedirectCarriesNothingElsewhere(t *testing.T) {
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		client := newClient(t, says(status, "Location: "+other.URL, ""), nil)
		_, err := client.Reserve(t.Context(), order())
		var unknown *apiclient.UnknownError
		if !errors.As(err, &unknown) || unknown.HTTPStatus != status {
			t.Errorf("%d: %v", status, err)
		}
		if err := client.Get(t.Context(), "/x", nil, new(any)); err == nil {
			t.Errorf("%d: a document was read", status)
		}
	}
	if elsewhere != 0 {
		t.Errorf("%d requests went elsewhere", elsewhere)
	}
}

// The proxy of the environment is used (HTTP_PROXY, set in TestMain), and its own answers are not taken for
// the registry's.
func TestProxyByEnvironment(t *testing.T) {
	for _, x := range []struct {
		host string
		want apiclient.Outcome
	}{
		{"reserved.example", apiclient.Reserved},
		{"gateway.example", apiclient.Unknown},        // 502 with a page
		{"authentication.example", apiclient.Refused}, // 407: the proxy did not pass it on
	} {
		_, err := clientOf(t, "http://"+x.host, plain).Reserve(t.Context(), order())
		if got := apiclient.OutcomeOf(err); got != x.want {
			t.Errorf("%s: %v (%v)", x.host, got, err)
		}
	}
	_, err := clientOf(t, "https://reserved.example", nil).Reserve(t.Context(), order())
	if !errors.As(err, new(*apiclient.NotSentError)) { // the proxy does not let it through
		t.Errorf("%v", err)
	}
}

// plain allows an http:// address beyond the loopback.
func plain(c *apiclient.Config) { c.AllowPlain = true }

// proxy is the handler of the proxy of these tests.
func proxy(w http.ResponseWriter, q *http.Request) {
	switch {
	case q.Method == http.MethodConnect:
		w.WriteHeader(http.StatusForbidden)
	case q.URL.Host == "gateway.example":
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, "<html>")
	case q.URL.Host == "authentication.example":
		w.WriteHeader(http.StatusProxyAuthRequired)
	default:
		http.ServeFile(w, q, "testdata/reservation-answer.json")
	}
}
