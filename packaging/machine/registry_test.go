package machine

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"time"

	"infomat/apiclient/registrysim"
)

// registry is the simulated registry on the host's loopback, with TLS. It can hold what it does, so that the power is
// cut at a known moment.
type registry struct {
	*registrysim.Registry
	server *http.Server
	ended  chan struct{}

	mu     sync.Mutex
	holds  chan struct{} // not nil: reservations are recorded, and their answers held until it is closed
	shut   chan struct{} // not nil: new connections are taken, and nothing is said until it is closed
	arrive chan string   // "connection" or "reservation" each time something is held
}

// openRegistry listens at address, with the certificate of the disk's builder in dir.
func openRegistry(dir, address string, sim *registrysim.Registry) (*registry, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, "registry.pem"), filepath.Join(dir, "registry.key"))
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	r := &registry{Registry: sim, ended: make(chan struct{}), arrive: make(chan string, 100)}
	r.server = &http.Server{Handler: r, ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute}
	secure := tls.NewListener(gate{l, r}, &tls.Config{Certificates: []tls.Certificate{pair}})
	go func() {
		defer close(r.ended)
		_ = r.server.Serve(secure) // ends with Close
	}()
	return r, nil
}

// Close ends the registry and all that it holds.
func (r *registry) Close() {
	r.release()
	_ = r.server.Close()
	<-r.ended
}

// holdAnswers makes the registry record reservations and hold their answers.
func (r *registry) holdAnswers() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.holds = make(chan struct{})
}

// holdConnections makes the registry silent on new connections.
func (r *registry) holdConnections() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shut = make(chan struct{})
}

// release ends holding.
func (r *registry) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, held := range []chan struct{}{r.holds, r.shut} {
		if held != nil {
			close(held)
		}
	}
	r.holds, r.shut = nil, nil
	for len(r.arrive) > 0 {
		<-r.arrive
	}
}

// ServeHTTP answers, or makes the reservation and holds the answer.
func (r *registry) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	held := r.holds
	r.mu.Unlock()
	if held == nil || q.Method != http.MethodPost {
		r.Registry.ServeHTTP(w, q)
		return
	}
	r.Registry.ServeHTTP(httptest.NewRecorder(), q)
	r.told("reservation")
	select {
	case <-held:
	case <-q.Context().Done():
	}
	panic(http.ErrAbortHandler)
}

func (r *registry) told(what string) {
	select {
	case r.arrive <- what:
	default: // nobody waits for it
	}
}

// waitFor waits until something is held.
func (r *registry) waitFor(ctx context.Context, what string) error {
	for {
		select {
		case arrived := <-r.arrive:
			if arrived == what {
				return nil
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// gate is the registry's listener.
type gate struct {
	net.Listener
	r *registry
}

func (g gate) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	g.r.mu.Lock()
	defer g.r.mu.Unlock()
	if g.r.shut == nil {
		return conn, nil
	}
	g.r.told("connection")
	return silent{conn, g.r.shut}, nil
}

// silent is a connection on which nothing is read until it is released.
type silent struct {
	net.Conn
	released <-chan struct{}
}

func (s silent) Read(b []byte) (int, error) {
	<-s.released
	return s.Conn.Read(b)
}
