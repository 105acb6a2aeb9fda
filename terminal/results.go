package terminal

import (
	"encoding/json"
	"log/slog"
	"os"
	"sync"

	"infomat/kiosk/diag"
	"infomat/kiosk/durable"
	"infomat/kiosk/health"
)

// results keeps what each check found last, also over a restart. It is safe for concurrent use.
type results struct {
	file string
	log  *slog.Logger

	mu    sync.Mutex
	found map[health.Part]health.Finding
}

// newResults reads the file of an earlier run. A file that cannot be read counts as empty.
func newResults(file string, log *slog.Logger) *results {
	r := &results{file: file, log: log}
	if data, err := os.ReadFile(file); err != nil || json.Unmarshal(data, &r.found) != nil || r.found == nil {
		r.found = map[health.Part]health.Finding{}
	}
	return r
}

// add keeps a finding in memory.
func (r *results) add(f health.Finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found[f.Part] = f
}

// save writes the findings to the file.
func (r *results) save() {
	r.mu.Lock()
	defer r.mu.Unlock()
	data, err := json.Marshal(r.found)
	if err == nil {
		err = durable.WriteFile(r.file, data, 0o600)
	}
	if err != nil {
		r.log.Warn("the findings cannot be kept", "error", err)
	}
}

// judge keeps what a technician says of something that no check can look at.
func (r *results) judge(part health.Part, well bool) health.Finding {
	f := diag.Judgement(part, well)
	r.add(f)
	r.save()
	return f
}

// last returns what was found last; the zero finding where nothing was.
func (r *results) last(part health.Part) health.Finding {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.found[part]
}

// report returns what was found last of each of these parts.
func (r *results) report(parts []health.Part) diag.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	report := diag.Report{Version: Version, CanServe: true}
	report.Host, _ = os.Hostname() // blank where it has none
	for _, part := range parts {
		f, ok := r.found[part]
		if !ok {
			continue
		}
		report.Findings = append(report.Findings, f)
		if f.At.After(report.At) {
			report.At = f.At
		}
		report.CanServe = report.CanServe && f.Level != health.Failure
	}
	return report
}
