package terminal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
}

// places returns the sticks that are mounted, and the terminal's own folder.
func (r *reports) places(words health.Language) (all []desk.Place) {
	for _, pattern := range []string{"/media/*", "/media/*/*", "/run/media/*/*", "/mnt/*"} {
		folders, err := filepath.Glob(pattern)
		if err != nil {
			continue // these patterns are well-formed
		}
		for _, f := range folders {
			if mounted(f) {
				label := words.Text("service.report.stick", map[string]any{"Name": filepath.Base(f)})
				all = append(all, desk.Place{Folder: f, Label: label})
			}
		}
	}
	return append(all, desk.Place{Folder: r.folder, Label: words.Text("service.report.own", nil)})
}

// mounted reports whether something is mounted at a folder.
func mounted(folder string) bool {
	data, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) > 1 && strings.ReplaceAll(fields[1], `\040`, " ") == folder {
			return true
		}
	}
	return false
}

// write writes the readiness report as a page and as JSON, and returns the name of the page. A stick that is full or
// read-only is an error; a file that could not be finished is removed.
func (r *reports) write(folder string, words health.Language) (string, error) {
	if len(r.results.report(diag.Names).Findings) == 0 {
		r.check(context.Background(), nil, func(health.Finding) {})
	}
	report := r.results.report(slices.Concat(diag.Names, diag.Judged))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	stem := fmt.Sprintf("infomat-%s-%s", report.Host, time.Now().Format("20060102-150405"))
	name := filepath.Join(folder, stem)
	page := name + ".html"
	if err := writeFile(page, func(f *os.File) error { return diag.HTML(f, report, words) }); err != nil {
		return "", err
	}
	return page, writeFile(name+".json", func(f *os.File) error {
		return json.NewEncoder(f).Encode(diag.Spoken(report, words))
	})
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
