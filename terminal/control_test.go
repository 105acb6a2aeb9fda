package terminal

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"infomat/kiosk/config"
	"infomat/kiosk/health"
)

// A program that restarts the computer is told that it may only by a terminal that says so, and where none runs.
func TestVisiting(t *testing.T) {
	var c config.Config
	c.Journal.Path = filepath.Join(t.TempDir(), "journal.db")
	see := func(when string, want bool) {
		t.Helper()
		if got, err := Visiting(t.Context(), c); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", when, got, err, want)
		}
	}
	see("no terminal has run", false)

	visiting := true
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan struct{})
	go func() {
		defer close(served)
		printer := func(context.Context) health.Finding { return health.New(health.PartPrinter, health.KindOK) }
		(&control{printer, func() bool { return visiting }, slog.New(slog.DiscardHandler)}).
			serve(ctx, controlSocket(c.Journal.Path))
	}()
	for {
		if conn, err := net.Dial("unix", controlSocket(c.Journal.Path)); err == nil {
			_ = conn.Close()
			break
		}
	}
	see("a visit goes on", true)
	visiting = false
	see("nobody is there", false)
	cancel()
	<-served
	see("the terminal has ended", false)

	l, err := net.Listen("unix", controlSocket(c.Journal.Path))
	if err != nil {
		t.Fatal(err)
	}
	old := &http.Server{Handler: http.NotFoundHandler()}
	go func() { _ = old.Serve(l) }() // ends with Close
	defer old.Close()
	if _, err := Visiting(t.Context(), c); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a terminal that does not know the question: %v, want an error", err)
	}
}
