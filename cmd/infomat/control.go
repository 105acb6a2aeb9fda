package main

import (
	"context"
	"encoding/json"
	"errors"
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

// controlPath is the socket at which a running terminal answers the commands of a technician: beside the journal, so that its folder guards it.
func controlPath(c config.Config) (string, error) {
	name, err := journalPath(c)
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(name), "control.sock"), nil
}

// serveControl answers until ctx ends. The printer's line belongs to the running terminal, so only it can ask the printer.
func (p *parts) serveControl(ctx context.Context) {
	if err := p.control(ctx); err != nil {
		p.log.Warn("a technician's commands cannot reach the running terminal", "error", err)
	}
}

func (p *parts) control(ctx context.Context) error {
	name, err := controlPath(p.config)
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) { // the journal's lock says that no other terminal runs
		return err
	}
	l, err := net.Listen("unix", name)
	if err != nil {
		return err
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return errors.Join(err, l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /printer", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(p.lookAtPrinter(r.Context())) // whoever asked has gone
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// atTerminal asks the running terminal for its printer, and the printer itself where no terminal runs.
func atTerminal(c config.Config) func(context.Context) health.Finding {
	return func(ctx context.Context) health.Finding {
		if f, err := askTerminal(ctx, c); err == nil {
			return f
		}
		return ownPrinter(c)(ctx)
	}
}

func askTerminal(ctx context.Context, c config.Config) (f health.Finding, err error) {
	name, err := controlPath(c)
	if err != nil {
		return f, err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", name)
	}
	client := http.Client{Timeout: controlWithin, Transport: &http.Transport{DisableKeepAlives: true, DialContext: dial}}
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
