package terminal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"infomat/kiosk/desk"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
)

// reports writes the readiness report to a stick or to a folder of the terminal.
type reports struct {
	results *results
	check   func(ctx context.Context, parts []health.Part, found func(health.Finding))
	folder  string // the terminal's own
	log     *slog.Logger

	wanted  string        // the file by which the system is asked to mount a stick; "": it cannot be asked
	stick   string        // where a stick is mounted
	mounts  string        // the kernel's list of what is mounted
	writing chan struct{} // holds an element while a report is being written
}

// The names that packaging/bin/stick has too.
const (
	wantedName = "report-wanted"
	stickPlace = "/run/infomat-stick"
)

func newReports(r *results, check func(context.Context, []health.Part, func(health.Finding)), folder string,
	log *slog.Logger,
) *reports {
	all := &reports{
		results: r, check: check, folder: folder, log: log, stick: stickPlace, mounts: "/proc/self/mounts",
		writing: make(chan struct{}, 1),
	}
	if dir := os.Getenv("RUNTIME_DIRECTORY"); dir != "" {
		all.wanted = filepath.Join(dir, wantedName)
	}
	return all
}

// lookForStick is how often it is looked whether a stick has been mounted or taken away.
const lookForStick = 500 * time.Millisecond

// watch asks the system for a stick until ctx ends. Changed is called at once, and whenever one was mounted or taken
// away.
func (r *reports) watch(ctx context.Context, changed func()) {
	if r.wanted != "" {
		if err := r.want(); err != nil {
			r.log.Warn("no stick can be asked for", "error", err)
		}
		defer func() {
			if err := os.Remove(r.wanted); err != nil && !errors.Is(err, fs.ErrNotExist) {
				r.log.Warn("a stick is still asked for", "error", err)
			}
		}()
	}
	there := r.mounted()
	changed()
	t := time.NewTicker(lookForStick)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if now := r.mounted(); now != there {
			there = now
			changed()
		}
	}
}

// want creates the file by which the system is asked.
func (r *reports) want() error {
	f, err := os.OpenFile(r.wanted, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// places returns the stick, if one is mounted, and the terminal's own folder.
func (r *reports) places(words health.Language) (p desk.Places) {
	p.Sticks = r.wanted != ""
	if r.mounted() {
		p.All = append(p.All, desk.Place{Folder: r.stick, Label: words.Text("service.report.stick", nil)})
	}
	p.All = append(p.All, desk.Place{Folder: r.folder, Label: words.Text("service.report.own", nil)})
	return p
}

// mounted reports whether a stick is mounted.
func (r *reports) mounted() bool {
	data, err := os.ReadFile(r.mounts)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[1] == r.stick {
			return true
		}
	}
	return false
}

// writeWithin is how long a report may take: a stick that is broken, or made for mischief, may never answer.
const writeWithin = 30 * time.Second

// errBusy is the error of a report while another one has not come to its end.
var errBusy = errors.New("the last report has not been written to its end: take the stick out and put it back")

// write writes the readiness report as a page and as JSON, and returns the name of the page. Files that could not be
// finished are removed. Errors are desk.ErrFull and desk.ErrReadOnly, or others.
func (r *reports) write(folder string, words health.Language) (string, error) {
	if folder == r.stick && !r.mounted() {
		return "", errors.New("the stick is not there any more")
	}
	select {
	case r.writing <- struct{}{}:
	default:
		return "", errBusy
	}
	if len(r.results.report(diag.Names).Findings) == 0 {
		r.check(context.Background(), nil, func(health.Finding) {})
	}
	report := r.results.report(slices.Concat(diag.Names, diag.Judged))
	type answer struct {
		name string
		err  error
	}
	ended := make(chan answer, 1)
	go func() { // ends when the system has answered
		name, err := put(folder, report, words)
		<-r.writing
		ended <- answer{name, err}
	}()
	select {
	case a := <-ended:
		return a.name, meant(a.err)
	case <-time.After(writeWithin):
		return "", fmt.Errorf("no answer within %s: %w", writeWithin, context.DeadlineExceeded)
	}
}

// meant returns what an error of the system means to a technician.
func meant(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w: %w", desk.ErrFull, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", desk.ErrReadOnly, err)
	}
	return err
}

// put writes both files of a report, or none.
func put(folder string, report diag.Report, words health.Language) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	name := filepath.Join(folder, fmt.Sprintf("infomat-%s-%s", report.Host, time.Now().Format("20060102-150405")))
	page := name + ".html"
	if err := writeFile(page, func(f *os.File) error { return diag.HTML(f, report, words) }); err != nil {
		return "", err
	}
	err := writeFile(name+".json", func(f *os.File) error {
		return json.NewEncoder(f).Encode(diag.Spoken(report, words))
	})
	if err != nil {
		return "", errors.Join(err, os.Remove(page))
	}
	return page, nil
}

// writeFile creates a file. It is removed again where write, or the disk, fails.
func writeFile(name string, write func(*os.File) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}
