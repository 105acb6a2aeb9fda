package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestSoak plays as many visits as INFOMAT_SOAK_VISITS says in a real window, and leaves the figures of each in soak.csv and their lines in soak.png, in the
// folder that INFOMAT_SOAK_OUT names. The registry and the printer are in this process, so that their books do not count as the terminal's memory.
func TestSoak(t *testing.T) {
	visits, err := strconv.Atoi(os.Getenv("INFOMAT_SOAK_VISITS"))
	if err != nil || os.Getenv("DISPLAY") == "" {
		t.Skip("`make soak` plays it")
	}
	out := os.Getenv("INFOMAT_SOAK_OUT")
	if out == "" {
		out = t.TempDir()
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	s := newCrashSite(t)
	defer s.close()
	text, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	patient := strings.ReplaceAll(string(text), `timeout = "1s"`, `timeout = "15s"`) // a small machine that draws and plays three parts is slow
	if err := os.WriteFile(s.config, []byte(patient), 0o600); err != nil {
		t.Fatal(err)
	}
	plan, err := json.Marshal(soakPlan{Config: s.config, Out: out, Visits: visits})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), soakVariable+"="+string(plan))
	cmd.Stderr = os.Stderr
	failed := cmd.Run()
	columns := readSoak(t, filepath.Join(out, "soak.csv"))
	if err := drawSoak(filepath.Join(out, "soak.png"), columns); err != nil {
		t.Error(err)
	}
	if failed != nil {
		t.Fatal(failed)
	}
	s.judge(t, true)
	if n := len(s.sim.Bookings()); n != visits {
		t.Errorf("%d bookings after %d visits", n, visits)
	}
	for name, most := range map[string]float64{"rss_mb": 1.15, "heap_mb": 1.25, "goroutines": 1.1, "files": 1.1} {
		early, late := quarter(columns[name], 1), quarter(columns[name], 3)
		t.Logf("%s: %.1f in the second quarter, %.1f in the last", name, early, late)
		if visits >= 100 && late > early*most {
			t.Errorf("%s grows: %.1f, then %.1f", name, early, late)
		}
	}
}

func readSoak(t *testing.T, name string) map[string][]float64 {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%d lines of figures: %v", len(rows), err)
	}
	columns := map[string][]float64{}
	for _, row := range rows[1:] {
		for i, text := range row {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			columns[rows[0][i]] = append(columns[rows[0][i]], v)
		}
	}
	return columns
}

// quarter is the median of a quarter of the figures, counted from 0.
func quarter(all []float64, n int) float64 {
	part := slices.Sorted(slices.Values(all[len(all)*n/4 : max(len(all)*n/4+1, len(all)*(n+1)/4)]))
	return part[len(part)/2]
}

// soakPanels are the lines of the picture.
var soakPanels = []struct{ column, title string }{
	{"rss_mb", "Memory, resident, MB"}, {"heap_mb", "Go heap in use, MB"}, {"goroutines", "Goroutines"}, {"files", "Open files"}, {"paint_ms", "From tap to paint, median of a visit, ms"},
}

func drawSoak(name string, columns map[string][]float64) error {
	p, err := newPlot(1200, 240*len(soakPanels)+60)
	if err != nil {
		return err
	}
	p.text(60, 40, 24, fmt.Sprintf("%d visits in a real window", len(columns["visit"])))
	for i, panel := range soakPanels {
		p.line(60+240*i, 220, panel.title, columns[panel.column])
	}
	return p.write(name)
}
