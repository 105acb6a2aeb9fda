package metrics

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"
)

// Server is where the figures can be read.
type Server struct {
	Listen            string
	CertFile, KeyFile string // blank: no TLS
	User, Password    string // blank: nobody is asked who he is

	// Refused is told of each connection that gets no figures, with a detail where there is one. It may be nil and is
	// called by many goroutines.
	Refused func(why Reason, detail string)
}

// The time limits. A Prometheus opens another connection where its own was closed between two scrapes.
const (
	handshakeAndHeader = 5 * time.Second
	readWithin         = 5 * time.Second
	answerWithin       = 10 * time.Second
	idleFor            = 15 * time.Second
	headerBytes        = 8 << 10
)

// Open begins to listen, so that whoever starts the terminal hears of an address that is taken.
func (s Server) Open() (net.Listener, error) {
	if s.User != "" && s.Password == "" {
		return nil, errors.New("metrics: the user's password is empty")
	}
	l, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return l, nil
}

// Serve answers until ctx ends.
func (s Server) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	if s.Refused == nil {
		s.Refused = func(Reason, string) {}
	}
	var http1 http.Protocols // a Prometheus needs no HTTP/2, and a flood of its streams passes any limit of connections
	http1.SetHTTP1(true)
	server := &http.Server{
		Handler:           s.guarded(h),
		Protocols:         &http1,
		ConnContext:       withGuest,
		ErrorLog:          log.New(faults(s.Refused), "", 0),
		ReadHeaderTimeout: handshakeAndHeader,
		ReadTimeout:       readWithin,
		WriteTimeout:      answerWithin,
		IdleTimeout:       idleFor,
		MaxHeaderBytes:    headerBytes,
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	limited := &door{Listener: l, refused: s.Refused}
	var err error
	if s.CertFile != "" {
		err = server.ServeTLS(limited, s.CertFile, s.KeyFile)
	} else {
		err = server.Serve(limited)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("metrics: %w", errors.Join(err, l.Close()))
}

// guarded asks for name and password, where there are any. Both are compared as sums, so that the time of an answer
// says nothing of how much was right. A wrong one costs its connection, so that the pauses between connections bound
// how many can be tried.
func (s Server) guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		known := s.User == "" || same(user, s.User) && same(password, s.Password)
		if g, ok := r.Context().Value(guestKey{}).(*guest); ok {
			g.judge(known)
		}
		if !known {
			w.Header().Set("WWW-Authenticate", `Basic realm="infomat"`)
			w.Header().Set("Connection", "close")
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// faults takes what net/http logs. A failed handshake is no fault: its connection counts as unfinished when it ends.
type faults func(Reason, string)

// Write implements io.Writer. The log package calls it for one message at a time.
func (f faults) Write(message []byte) (int, error) {
	if !bytes.HasPrefix(message, []byte("http: TLS handshake error")) {
		line, _, _ := bytes.Cut(message, []byte("\n"))
		f(RefusedFault, string(line[:min(len(line), 200)]))
	}
	return len(message), nil
}
