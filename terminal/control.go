package terminal

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"infomat/kiosk/config"
	"infomat/kiosk/health"
)

// controlWithin bounds a question to the running terminal: its printer may be in the middle of a ticket.
const controlWithin = 30 * time.Second

// controlSocket is the socket at which a running terminal answers the commands of a technician: beside the journal, so
// that the folder guards it.
func controlSocket(journal string) string {
	return filepath.Join(filepath.Dir(journal), "control.sock")
}

// serveControl answers until ctx ends. The printer's line belongs to the running terminal, so only it can ask the
// printer.
func serveControl(ctx context.Context, socket string, printer func(context.Context) health.Finding, log *slog.Logger) {
	if err := control(ctx, socket, printer); err != nil {
		log.Warn("a technician's commands cannot reach the running terminal", "error", err)
	}
}

func control(ctx context.Context, socket string, printer func(context.Context) health.Finding) error {
	// The journal's lock says that no other terminal runs.
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /printer", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(printer(r.Context())) // the one who asked may have gone
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// AtTerminal returns a function that asks the running terminal for its printer, and the printer itself where no
// terminal runs.
func AtTerminal(c config.Config) func(context.Context) health.Finding {
	return func(ctx context.Context) health.Finding {
		if f, err := askTerminal(ctx, c); err == nil {
			return f
		}
		return AskPrinter(ctx, c)
	}
}

func askTerminal(ctx context.Context, c config.Config) (f health.Finding, err error) {
	name, err := c.JournalPath()
	if err != nil {
		return f, err
	}
	socket := controlSocket(name)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	client := http.Client{
		Timeout: controlWithin, Transport: &http.Transport{DisableKeepAlives: true, DialContext: dial},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://terminal/printer", nil)
	if err != nil {
		return f, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return f, err
	}
	defer resp.Body.Close()
	return f, json.NewDecoder(resp.Body).Decode(&f)
}
