package terminal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
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

// control answers the questions that only the running terminal can: how the printer is, whose line belongs to it, and
// whether a visit is going on.
type control struct {
	printer  func(context.Context) health.Finding
	visiting func() bool
	log      *slog.Logger
}

// serve answers at the socket until ctx ends.
func (c *control) serve(ctx context.Context, socket string) {
	if err := c.listen(ctx, socket); err != nil {
		c.log.Warn("a technician's commands cannot reach the running terminal", "error", err)
	}
}

func (c *control) listen(ctx context.Context, socket string) error {
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
	answer := func(w http.ResponseWriter, what any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(what) // the one who asked may have gone
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /printer", func(w http.ResponseWriter, r *http.Request) { answer(w, c.printer(r.Context())) })
	mux.HandleFunc("GET /visiting", func(w http.ResponseWriter, _ *http.Request) { answer(w, c.visiting()) })
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
		var f health.Finding
		if err := askTerminal(ctx, c, "printer", &f); err == nil {
			return f
		}
		return AskPrinter(ctx, c)
	}
}

// Visiting asks the running terminal whether a visit is going on. Where no terminal runs there is none.
func Visiting(ctx context.Context, c config.Config) (visiting bool, err error) {
	err = askTerminal(ctx, c, "visiting", &visiting)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return false, nil
	}
	return visiting, err
}

// askTerminal asks the running terminal for something and decodes its answer.
func askTerminal(ctx context.Context, c config.Config, what string, answer any) error {
	name, err := c.JournalPath()
	if err != nil {
		return err
	}
	socket := controlSocket(name)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	client := http.Client{
		Timeout: controlWithin, Transport: &http.Transport{DisableKeepAlives: true, DialContext: dial},
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://terminal/"+what, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK { // an older version runs
		return fmt.Errorf("the running terminal does not answer %s: %s", what, resp.Status)
	}
	return json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(answer)
}
