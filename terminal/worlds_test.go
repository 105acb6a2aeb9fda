package terminal

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"infomat/apiclient/registrysim"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
)

// brokenWorld is a terminal whose surroundings can be spoilt before it is built, and afterwards.
type brokenWorld struct {
	t        *testing.T
	config   config.Config
	sim      *registrysim.Registry
	handler  http.Handler
	printer  *virtual.Printer
	terminal *Terminal
}

// tmpfs mounts a small file system.
func tmpfs(t *testing.T, dir, options string) {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("only root may mount")
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("nothing can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
}

func (w *brokenWorld) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.handler.ServeHTTP(out, r)
}

func (w *brokenWorld) file(text string) string {
	name := filepath.Join(w.t.TempDir(), "timetable.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return name
}

// skewed answers with a date that is wrong.
func (w *brokenWorld) skewed(by time.Duration) {
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Date", time.Now().Add(by).UTC().Format(http.TimeFormat))
		w.sim.ServeHTTP(out, r)
	})
}

// foreign answers every request with somebody else's page.
func (w *brokenWorld) foreign(status int) {
	w.handler = http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		out.WriteHeader(status)
		_, _ = io.WriteString(out, "<html>400 The plain HTTP request was sent to HTTPS port</html>")
	})
}

// watched is what the running terminal's watch finds: each part is looked at once.
func (w *brokenWorld) watched() (all []health.Finding) {
	for _, part := range w.terminal.watch.Parts {
		all = append(all, part.Check(w.t.Context()))
	}
	return all
}

// diagnosed is what `infomat diag` finds. The printer is asked over the running terminal's line, as the command does.
func (w *brokenWorld) diagnosed() []health.Finding {
	checks, err := Checks(func() config.Config { return w.config }, w.terminal.lookAtPrinter)
	if err != nil {
		w.t.Fatal(err)
	}
	return diag.Run(context.Background(), Version, checks, nil, nil).Findings
}

// The watch of the running terminal and `infomat diag` tell the same of the same world: the level of each part that
// both look at, and what works for patients.
func TestDiagAndRunAgree(t *testing.T) {
	closed := func(why kiosk.Reason) kiosk.Service { return kiosk.Service{Down: why} }
	for name, c := range map[string]struct {
		before func(w *brokenWorld) // spoils the world before the terminal is built
		after  func(w *brokenWorld) // and afterwards
		part   health.Part          // what both have to find
		kind   string
		want   kiosk.Service
		except health.Part // diag, which only reads, cannot see what the watch sees
	}{
		"nothing": {part: health.PartTimetable, kind: "ok"},
		"9 MB are free": {before: func(w *brokenWorld) {
			dir := w.t.TempDir()
			tmpfs(w.t, dir, "size=9m")
			w.config.Journal.Path = filepath.Join(dir, "journal.db")
		}, part: health.PartDisk, kind: "full", want: closed(kiosk.ReasonJournal)},
		"300 MB are free": {before: func(w *brokenWorld) {
			dir := w.t.TempDir()
			tmpfs(w.t, dir, "size=300m")
			w.config.Journal.Path = filepath.Join(dir, "journal.db")
		}, part: health.PartDisk, kind: "low"},
		"the disk has become read-only": {before: func(w *brokenWorld) {
			dir := w.t.TempDir()
			tmpfs(w.t, dir, "size=600m")
			w.config.Journal.Path = filepath.Join(dir, "journal.db")
		}, after: func(w *brokenWorld) {
			if err := w.terminal.journal.Close(); err != nil {
				w.t.Fatal(err)
			}
			if err := unix.Mount("", filepath.Dir(w.config.Journal.Path), "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
				w.t.Skipf("it cannot be remounted: %v", err)
			}
		}, part: health.PartDisk, kind: "read_only", want: closed(kiosk.ReasonJournal), except: health.PartJournal},
		"the journal cannot be written": {before: func(w *brokenWorld) {
			name := w.config.Journal.Path
			made := os.MkdirAll(filepath.Join(name, "new"), 0o700) // where a segment is made
			owner := os.WriteFile(filepath.Join(name, "owner"), []byte("closed after record 5"), 0o600)
			if err := errors.Join(made, owner); err != nil {
				w.t.Fatal(err)
			}
		}, part: health.PartJournal, want: closed(kiosk.ReasonJournal)},
		"the clock is off": {
			before: func(w *brokenWorld) { w.skewed(-20 * time.Second) }, part: health.PartClock,
			kind: "off",
		},
		"the clock is wrong": {
			before: func(w *brokenWorld) { w.skewed(10 * time.Minute) }, part: health.PartClock, kind: "wrong",
		},
		"paper out": {
			after: func(w *brokenWorld) { w.printer.SetFault(virtual.PaperOut) }, part: health.PartPrinter, kind: "out",
			want: kiosk.Service{NoPaper: true},
		},
		"switched off": {
			after: func(w *brokenWorld) { w.printer.SetFault(virtual.Silent) }, part: health.PartPrinter, kind: "silent",
			want: kiosk.Service{NoPaper: true},
		},
		"no timetable file": {before: func(w *brokenWorld) {
			w.config.Schedule.Source, w.config.Schedule.File = "file", filepath.Join(w.t.TempDir(), "none.json")
		}, part: health.PartTimetable, kind: "unreadable", want: closed(kiosk.ReasonTimetable)},
		"a half-written timetable file": {before: func(w *brokenWorld) {
			w.config.Schedule.Source, w.config.Schedule.File = "file", w.file(`{"asOf": "2026-11-27T`)
		}, part: health.PartTimetable, kind: "unreadable", want: closed(kiosk.ReasonTimetable)},
		"no timetable file, and no registry": {before: func(w *brokenWorld) {
			w.config.Schedule.Source, w.config.Schedule.File = "file", w.file(`{"asOf": "2026-11-27T`)
			w.config.Registry.URL = "http://127.0.0.1:9"
		}, part: health.PartTimetable, kind: "unreadable", want: closed(kiosk.ReasonRegistry)},
		"no registry": {
			before: func(w *brokenWorld) { w.config.Registry.URL = "http://127.0.0.1:9" },
			want:   closed(kiosk.ReasonRegistry),
		},
		"the token is refused": {before: func(w *brokenWorld) {
			w.config.Registry.Auth.TokenFile = tokenFile(w.t, "wrong")
		}, part: health.PartAccess, want: closed(kiosk.ReasonAccess)},
		"the signature is refused": {after: func(w *brokenWorld) {
			w.sim.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: "5009", Times: -1})
			reserveAny(w.t, w.terminal, w.sim)
		}, part: health.PartAccess, kind: "signature", want: closed(kiosk.ReasonAccess)},
		"no token": {after: func(w *brokenWorld) {
			if err := os.Remove(w.config.Registry.Auth.TokenFile); err != nil {
				w.t.Fatal(err)
			}
		}, want: closed(kiosk.ReasonAccess)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newBrokenWorld(t, c.before)
			if c.after != nil {
				c.after(w)
			}
			run, report := w.watched(), w.diagnosed()
			if got := health.ServiceOf(run...); got != c.want {
				t.Errorf("run: %+v, want %+v: %+v", got, c.want, run)
			}
			if got := health.ServiceOf(report...); got != c.want {
				t.Errorf("diag: %+v, want %+v: %+v", got, c.want, report)
			}
			for _, f := range run {
				i := slices.IndexFunc(report, func(other health.Finding) bool { return other.Part == f.Part })
				if i < 0 || f.Part == c.except || report[i].Kind == "skipped" || f.Part == health.PartClock &&
					c.part != health.PartClock {
					continue // only the watch looks at it, or diag had no answer to look at
				}
				if d := report[i]; d.Level != f.Level || d.Closes != f.Closes || d.NoPaper != f.NoPaper {
					t.Errorf("%s: run says %s %s, diag says %s %s", f.Part, f.Kind, f.Level, d.Kind, d.Level)
				}
			}
			for who, all := range map[string][]health.Finding{"run": run, "diag": report} {
				if i := slices.IndexFunc(all, func(f health.Finding) bool { return f.Part == c.part }); c.part != "" &&
					c.kind != "" && all[i].Kind != c.kind {
					t.Errorf("%s: %s is %s, want %s", who, c.part, all[i].Kind, c.kind)
				}
			}
		})
	}
}

// newBrokenWorld builds a terminal that has tried to read its timetable once.
func newBrokenWorld(t *testing.T, before func(*brokenWorld)) *brokenWorld {
	t.Helper()
	w := &brokenWorld{t: t, printer: printerInSoftware(t)}
	var err error
	if w.sim, err = registrysim.New(registrysim.Options{Token: "right"}); err != nil {
		t.Fatal(err)
	}
	w.handler = w.sim
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	if w.config, err = config.Default(); err != nil {
		t.Fatal(err)
	}
	c := &w.config
	c.Registry.URL, c.Registry.LPU.UUID, c.Registry.Auth.TokenFile = server.URL, w.sim.LPU(), tokenFile(t, "right")
	c.Registry.Timeout.Duration = 20 * time.Second
	c.Printer.Port, c.Journal.Path = w.printer.Path(), filepath.Join(t.TempDir(), "journal.db")
	if before != nil {
		before(w)
	}
	w.terminal, err = New(Options{Config: w.config, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.terminal.Close() }) // some have no journal to close
	_ = w.terminal.store.Load(t.Context())       // what it failed with is looked at
	return w
}

// Answers that are not the registry's never confirm it: a gateway's page, and a proxy's.
func TestDiagConfirmsOnlyWhatItHasSeen(t *testing.T) {
	for _, status := range []int{
		http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusProxyAuthRequired,
		http.StatusOK, http.StatusBadGateway,
	} {
		w := newBrokenWorld(t, nil)
		w.foreign(status)
		report := diag.Report{Findings: w.diagnosed()}
		f, failed := report.Failed(health.PartHTTP)
		if !failed || f.Detail == "" {
			t.Errorf("%d: %+v", status, report.Findings)
		}
		if i := slices.IndexFunc(report.Findings,
			func(f health.Finding) bool { return f.Part == health.PartAccess }); report.Findings[i].Kind != "skipped" {
			t.Errorf("%d: %+v", status, report.Findings[i])
		}
	}
}

// A timetable that does not come from the registry is checked when the registry is away.
func TestTheTimetableIsCheckedWithoutTheRegistry(t *testing.T) {
	document, err := os.ReadFile("../docs/timetable.example.json")
	if err != nil {
		t.Fatal(err)
	}
	for text, readable := range map[string]bool{string(document): true, "{": false} {
		w := newBrokenWorld(t, func(w *brokenWorld) {
			w.config.Registry.URL = "http://127.0.0.1:9"
			w.config.Schedule.Source, w.config.Schedule.File = "file", w.file(text)
		})
		all := w.diagnosed()
		i := slices.IndexFunc(all, func(f health.Finding) bool { return f.Part == health.PartTimetable })
		if f := all[i]; f.Kind == "skipped" || (f.Kind != "unreadable") != readable {
			t.Errorf("%.20q: %+v", text, f)
		}
	}
}

// A record that cannot be written closes booking at once, and it stays closed until the watch has seen a good journal.
func TestAFailedAppendClosesBooking(t *testing.T) {
	w := newBrokenWorld(t, nil)
	p := w.terminal
	r := &records{journal: p.journal, report: p.report}
	if err := p.journal.Close(); err != nil {
		t.Fatal(err)
	}
	err := r.Append(t.Context(), kiosk.Record{Operation: uuid.New(), Stage: kiosk.StageIntent, At: time.Now()})
	if now := p.watch.Snapshot(); err == nil || now.Service.Down != kiosk.ReasonJournal ||
		now.Mode != health.OutOfService {
		t.Errorf("%v, %+v", err, now.Service)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	before := p.watch.Snapshot()
	if err := r.Append(ended, kiosk.Record{}); err == nil || !errors.Is(ended.Err(), context.Canceled) {
		t.Error("written")
	}
	if now := p.watch.Snapshot(); !slices.EqualFunc(now.Parts, before.Parts,
		func(a, b health.Status) bool { return a.At == b.At }) {
		t.Error("the end of the program is reported as a failure of the journal")
	}
}

// A refused reservation is told by its own reason, before anybody has looked.
func TestARefusedReservationIsReported(t *testing.T) {
	w := newBrokenWorld(t, nil)
	p := w.terminal
	w.sim.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: "5403"})
	reserveAny(t, p, w.sim)
	now := p.watch.Snapshot()
	i := slices.IndexFunc(now.Parts, func(s health.Status) bool { return s.Part == health.PartAccess })
	if s := now.Parts[i]; s.Kind != "client" || now.Service.Down != kiosk.ReasonAccess ||
		!strings.Contains(s.Say(echoed{}), "client") {
		t.Errorf("%+v", s)
	}
}

type echoed struct{}

func (echoed) Text(id string, _ map[string]any) string { return id }
