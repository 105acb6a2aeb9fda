package metrics

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server is where the figures can be read.
type Server struct {
	Listen            string
	CertFile, KeyFile string // blank: no TLS
	User, Password    string // blank: nobody is asked who he is
}

// Open begins to listen, so that whoever starts the terminal hears of an address that is taken.
func (s Server) Open() (net.Listener, error) {
	l, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return l, nil
}

// Serve answers until ctx ends.
func (s Server) Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	if s.User != "" {
		h = s.guarded(h)
	}
	server := &http.Server{
		Handler:        h,
		ReadTimeout:    10 * time.Second,
		WriteTimeout:   20 * time.Second,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 1 << 14,
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	var err error
	if s.CertFile != "" {
		err = server.ServeTLS(l, s.CertFile, s.KeyFile)
	} else {
		err = server.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("metrics: %w", errors.Join(err, l.Close()))
}

// guarded asks for name and password. Both are compared as sums, so that the time of an answer says nothing of how
// much was right.
func (s Server) guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if !same(user, s.User) || !same(password, s.Password) {
			w.Header().Set("WWW-Authenticate", `Basic realm="infomat"`)
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
