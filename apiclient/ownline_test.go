package apiclient_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"infomat/apiclient"
)

// gateway resets each connection at its second request, as gateways do with connections that were idle. It
// answers all other requests with a ticket.
type gateway struct {
	listener    net.Listener
	answer      []byte
	posts       atomic.Int32 // requests other than GET
	connections atomic.Int32
	work        sync.WaitGroup
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{listener: l, answer: sample(t)}
	g.work.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			g.connections.Add(1)
			g.work.Go(func() { g.serve(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close() })
	return g
}

func (g *gateway) url() string { return "http://" + g.listener.Addr().String() }

func (g *gateway) serve(c net.Conn) {
	defer c.Close()
	reader := bufio.NewReader(c)
	for first := true; ; first = false {
		q, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, q.Body)
		if q.Method != http.MethodGet {
			g.posts.Add(1)
		}
		if !first {
			_ = c.(*net.TCPConn).SetLinger(0)
			return
		}
		_, _ = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(g.answer), g.answer)
	}
}

// A reservation and a probe do not use a connection that was used before, and leave none behind.
func TestAReservationHasAConnectionOfItsOwn(t *testing.T) {
	g := newGateway(t)
	client := clientOf(t, g.url(), nil)
	if err := client.Get(t.Context(), "/x", nil, new(any)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := client.Reserve(t.Context(), order()); err != nil {
			t.Errorf("after a reading: %v", err)
		}
		if err := client.Probe(t.Context()); err != nil {
			t.Errorf("the probe after a reading: %v", err)
		}
	}
	if n := g.connections.Load(); n != 5 {
		t.Errorf("%d connections for one reading and four reservations, want 5", n)
	}
}

// Reading keeps its connection.
func TestReadingKeepsItsConnection(t *testing.T) {
	connections := map[string]bool{}
	client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		connections[q.RemoteAddr] = true
		_, _ = io.WriteString(w, `{}`)
	}), nil)
	for range 5 {
		if err := client.Get(t.Context(), "/x", nil, new(any)); err != nil {
			t.Fatal(err)
		}
	}
	if len(connections) != 1 {
		t.Errorf("%d connections for five readings", len(connections))
	}
}

// A transport that keeps connections for POST must not make net/http repeat a reservation whose connection
// breaks.
func TestNetHTTPDoesNotRepeatAReservation(t *testing.T) {
	g := newGateway(t)
	transport := &http.Transport{}
	client := clientOf(t, g.url(), func(c *apiclient.Config) { c.RoundTripper = transport })
	if _, err := client.Reserve(t.Context(), order()); err != nil {
		t.Fatal(err)
	}
	_, err := client.Reserve(t.Context(), order())
	if apiclient.OutcomeOf(err) != apiclient.Unknown || g.posts.Load() != 2 {
		t.Errorf("%v after %d requests, want one unknown of two", err, g.posts.Load())
	}
}
