package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"infomat/apiclient/registrysim"
	"infomat/device/escpos"
	"infomat/device/virtual"
	"infomat/kiosk"

	"github.com/google/uuid"
)

// TestSoak plays INFOMAT_SOAK_VISITS visits in a real window. It writes the measurements of each visit to soak.csv
// and charts of them to soak.png, in the folder INFOMAT_SOAK_OUT. Registry and printer run in this process, so
// that their records do not count as memory of the terminal.
func TestSoak(t *testing.T) {
	visits, err := strconv.Atoi(os.Getenv("INFOMAT_SOAK_VISITS"))
	if err != nil || os.Getenv("DISPLAY") == "" {
		t.Skip("run by `make soak`")
	}
	out := os.Getenv("INFOMAT_SOAK_OUT")
	if out == "" {
		out = t.TempDir()
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	sim, printer, file := soakWorld(t)
	plan, err := json.Marshal(soakPlan{Config: file, Out: out, Visits: visits})
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
	if n := len(sim.Bookings()); n != visits {
		t.Errorf("%d bookings after %d visits", n, visits)
	}
	checkTickets(t, sim, printer)
	for name, most := range map[string]float64{"rss_mb": 1.15, "heap_mb": 1.25, "goroutines": 1.1, "files": 1.1} {
		early, late := quarter(columns[name], 1), quarter(columns[name], 3)
		t.Logf("%s: %.1f in the second quarter, %.1f in the last", name, early, late)
		if visits >= 100 && late > early*most {
			t.Errorf("%s grows: %.1f, then %.1f", name, early, late)
		}
	}
}

// soakWorld starts a registry and a printer and writes the configuration of a terminal. The time-outs are long,
// because a small computer is slow when it runs all three.
func soakWorld(t *testing.T) (sim *registrysim.Registry, printer *virtual.Printer, file string) {
	t.Helper()
	sim, err := registrysim.New(registrysim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	profile, err := escpos.ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	if printer, err = virtual.Start(virtual.Options{Profile: profile}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = printer.Close() })
	dir := t.TempDir()
	file = filepath.Join(dir, "infomat.toml")
	text := fmt.Sprintf("[registry]\nurl = %q\nlpu_guid = %q\ntimeout = \"15s\"\n[printer]\nport = %q\nbaud = 115200\n"+
		"timeout = \"15s\"\n[journal]\npath = %q\n", server.URL, sim.LPU(), printer.Path(), filepath.Join(dir, "journal.db"))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return sim, printer, file
}

// checkTickets checks that exactly one ticket with the right number was printed for each booking.
func checkTickets(t *testing.T, sim *registrysim.Registry, printer *virtual.Printer) {
	t.Helper()
	papers := map[string]int{}
	for _, p := range printer.Papers() {
		papers[p.Text()]++
	}
	for _, b := range sim.Bookings() {
		printed := 0
		for text, n := range papers {
			if strings.Contains(text, "ТАЛОН № "+b.Num) && strings.Contains(text, kiosk.Code(uuid.MustParse(b.RequestID))) {
				printed += n
			}
		}
		if printed != 1 {
			t.Errorf("%d tickets for booking %s, want 1", printed, b.RequestID)
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
		t.Fatalf("soak.csv has %d lines: %v", len(rows), err)
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

// quarter returns the median of the nth quarter of the values, counted from 0.
func quarter(all []float64, n int) float64 {
	part := slices.Sorted(slices.Values(all[len(all)*n/4 : max(len(all)*n/4+1, len(all)*(n+1)/4)]))
	return part[len(part)/2]
}

// soakPanels lists the charts.
var soakPanels = []struct{ column, title string }{
	{"rss_mb", "Memory, resident, MB"},
	{"heap_mb", "Go heap in use, MB"},
	{"goroutines", "Goroutines"},
	{"files", "Open files"},
	{"paint_ms", "From tap to paint, median of a visit, ms"},
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
