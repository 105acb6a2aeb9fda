package apiclient_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
)

// An invalid request is neither sent nor retried, and the error names its field.
func TestRequestIsChecked(t *testing.T) {
	client := newClient(
		t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }), nil,
	)
	for field, change := range map[string]func(*apiclient.ReserveRequest){
		"Operation":      func(q *apiclient.ReserveRequest) { q.Operation = uuid.Nil },
		"TimeTable":      func(q *apiclient.ReserveRequest) { q.TimeTable = uuid.Nil },
		"AgeCategory":    func(q *apiclient.ReserveRequest) { q.AgeCategory = "adult" },
		"ReserveMinutes": func(q *apiclient.ReserveRequest) { q.ReserveMinutes = 0 },
	} {
		o := order()
		o.BeforeSend = func() error { t.Error("the hook ran"); return nil }
		change(&o)
		_, err := client.Reserve(t.Context(), o)
		var request *apiclient.RequestError
		if !errors.As(err, &request) || request.Field != field || apiclient.OutcomeOf(err) != apiclient.Unreachable {
			t.Errorf("%s: %v", field, err)
		}
		if !strings.HasPrefix(err.Error(), "the request was not sent: ReserveRequest."+field+" is ") {
			t.Errorf("%s: %v", field, err)
		}
	}
	for name, change := range map[string]func(*apiclient.ReserveRequest){
		"AgeCategory":    func(q *apiclient.ReserveRequest) { q.AgeCategory = "" },
		"ReserveMinutes": func(q *apiclient.ReserveRequest) { q.ReserveMinutes = -1 },
		"Operation":      func(q *apiclient.ReserveRequest) { *q = apiclient.ReserveRequest{} },
	} {
		o := order()
		change(&o)
		_, err := client.Reserve(t.Context(), o)
		var request *apiclient.RequestError
		if !errors.As(err, &request) || request.Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An invalid request fails at once, however long the timeout is.
func TestAnInvalidRequestIsNotRetried(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none") // without a token an attempt would end before it has a connection
	synctest.Test(t, func(t *testing.T) {
		client := clientOf(t, "https://registry.invalid", func(c *apiclient.Config) {
			c.TokenFile, c.Timeout = none, time.Hour
		})
		began := time.Now()
		_, err := client.Reserve(t.Context(), apiclient.ReserveRequest{})
		if d := time.Since(began); d != 0 || !errors.As(err, new(*apiclient.RequestError)) {
			t.Errorf("%v after %v", err, d)
		}
	})
}

// The parameter fullResponse is always sent, because its default is not documented.
func TestFullResponseIsAlwaysSent(t *testing.T) {
	for short, want := range map[bool]string{false: "fullResponse=true", true: "fullResponse=false"} {
		asked := make(chan string, 2)
		client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			asked <- q.URL.RawQuery
			_, _ = w.Write(sample(t))
		}), func(c *apiclient.Config) { c.ShortAnswer = short })
		if _, err := client.Reserve(t.Context(), order()); err != nil {
			t.Fatal(err)
		}
		if err := client.Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if got := <-asked; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

// A probe asks for the cell with the nil UUID, which nobody can have, and has an operation of its own.
func TestAProbeAsksForNoCell(t *testing.T) {
	type question struct {
		TimeTable   uuid.UUID
		AgeCategory string
		ReserveTime int
	}
	var asked []question
	var operations []string
	client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		asked = append(asked, question{TimeTable: cell})
		if err := json.NewDecoder(q.Body).Decode(&asked[len(asked)-1]); err != nil {
			t.Error(err)
		}
		operations = append(operations, q.Header.Get("X-Request-ID"))
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"message_code":"4036"}`)
	}), nil)
	for range 2 {
		if admitted, err := client.Admitted(t.Context()); !admitted || err != nil {
			t.Errorf("%v, %v", admitted, err)
		}
	}
	for _, q := range asked {
		if q != (question{uuid.Nil, "ADULT", 1}) {
			t.Errorf("asked for %+v", q)
		}
	}
	if len(operations) != 2 || operations[0] == operations[1] || uuid.Validate(operations[0]) != nil {
		t.Errorf("operations %q", operations)
	}
}

// A hook that fails is not called again: what it could not record once is not sent.
func TestAFailingHookIsNotRetried(t *testing.T) {
	client := newClient(
		t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }), nil,
	)
	calls := 0
	o := order()
	o.BeforeSend = func() error { calls++; return errors.New("disk full") }
	if _, err := client.Reserve(t.Context(), o); apiclient.OutcomeOf(err) != apiclient.Unreachable || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// A wait in form of a date is measured against the answer's own clock.
func TestRetryAfterADate(t *testing.T) {
	client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", "Thu, 18 Apr 2019 05:00:00 GMT")
		w.Header().Set("Retry-After", "Thu, 18 Apr 2019 05:01:30 GMT")
		w.WriteHeader(http.StatusServiceUnavailable)
	}), nil)
	_, reserving := client.Reserve(t.Context(), order())
	_, _, reading := client.Read(t.Context(), "/x", nil, apiclient.Version{})
	for _, err := range []error{reserving, reading} {
		var busy *apiclient.BusyError
		if !errors.As(err, &busy) || busy.RetryAfter != 90*time.Second {
			t.Errorf("%v", err)
		}
	}
}

// A ticket whose body is too long is unknown: its end was not read.
func TestATicketThatIsTooLong(t *testing.T) {
	for _, status := range []int{200, 201} {
		client := newClient(t, says(status, "", string(sample(t))+strings.Repeat(" ", 4<<20)), nil)
		if _, err := client.Reserve(t.Context(), order()); apiclient.OutcomeOf(err) != apiclient.Unknown ||
			!errors.As(err, new(*apiclient.TooLongError)) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// Of a body without an end not much more than the limit is read. The server gives up after 64 MiB, so a client
// without a limit is noticed.
func TestABodyWithoutAnEndIsNotRead(t *testing.T) {
	const most, limit = 64 << 20, 4 << 20
	for name, ask := range map[string]func(*apiclient.Client) error{
		"reserving": func(c *apiclient.Client) error { _, err := c.Reserve(t.Context(), order()); return err },
		"reading": func(c *apiclient.Client) error {
			_, _, err := c.Read(t.Context(), "/x", nil, apiclient.Version{})
			return err
		},
	} {
		var written atomic.Int64
		done := make(chan struct{})
		client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			defer close(done)
			_, _ = io.Copy(io.Discard, q.Body)
			blanks := []byte(strings.Repeat(" ", 1<<16))
			for written.Load() < most {
				n, err := w.Write(blanks)
				written.Add(int64(n))
				if err != nil {
					return
				}
			}
		}), func(c *apiclient.Config) { c.Timeout = time.Minute })
		err := ask(client)
		<-done
		if n := written.Load(); !errors.As(err, new(*apiclient.TooLongError)) || n < limit || n >= most {
			t.Errorf("%s: %d bytes were taken, %v", name, n, err)
		}
	}
}

// An answer without an end is ended by its length, long before the timeout.
func TestEndlessEndsByItsLength(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{LPU: lpu})
	if err != nil {
		t.Fatal(err)
	}
	o := order()
	o.AgeCategory = apiclient.Adult
	if o.TimeTable, err = sim.FreeCell(o.AgeCategory); err != nil {
		t.Fatal(err)
	}
	sim.AddFault(registrysim.Fault{Kind: registrysim.Endless, Delay: 10 * time.Microsecond})
	client := newClient(t, sim, func(c *apiclient.Config) { c.Timeout = time.Minute })
	if _, err := client.Reserve(t.Context(), o); apiclient.OutcomeOf(err) != apiclient.Unknown ||
		!errors.As(err, new(*apiclient.TooLongError)) {
		t.Errorf("%v", err)
	}
	if n := len(sim.Bookings()); n != 1 {
		t.Errorf("%d bookings", n)
	}
}
