package schedtest

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// Here is the computer's zone in all tests: not UTC, so that what only works there is found.
var Here = pinned()

func pinned() *time.Location {
	time.Local = time.FixedZone("HERE", 5*60*60)
	return time.Local
}

// Monday is the time of most tests.
var Monday = time.Date(2026, 11, 23, 10, 0, 0, 0, Here)

// At returns a clock that stands still.
func At(now time.Time) func() time.Time { return func() time.Time { return now } }

// Window returns a window of two weeks in no known zone.
func Window(now func() time.Time) schedule.Window { return schedule.Window{Days: 14, Now: now} }

// Timeout is how long the clients of tests wait: a busy machine must not look like a server that does not answer.
const Timeout = time.Minute

// Client returns a client of a clinic's server on a loopback port.
func Client(t testing.TB, h http.Handler, lpu uuid.UUID) *apiclient.Client {
	t.Helper()
	return ClientOf(t, h, apiclient.Config{LPU: lpu})
}

// ClientOf returns a client of a server on a loopback port. BaseURL of its settings is only the path there; without a
// clinic it is any, and without a time-out that is Timeout.
func ClientOf(t testing.TB, h http.Handler, c apiclient.Config) *apiclient.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c.BaseURL = server.URL + c.BaseURL
	if c.LPU == uuid.Nil {
		c.LPU = uuid.New()
	}
	if c.Timeout == 0 {
		c.Timeout = Timeout
	}
	client, err := apiclient.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}
