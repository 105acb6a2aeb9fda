package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"infomat/ui/walk"
)

// walkOnce plays one patient in the real window and gives the report.
func walkOnce(b *testing.B, more ...string) walk.Report {
	b.Helper()
	if os.Getenv("DISPLAY") == "" {
		b.Skip("there is no display: `make bench` brings one")
	}
	dir := b.TempDir()
	cmd := exec.CommandContext(
		b.Context(), program, append([]string{"demo", "--walk", dir, "--size", "1080x1920"}, more...)...,
	)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "walk.json"))
	if err != nil {
		b.Fatal(err)
	}
	var r walk.Report
	if err := json.Unmarshal(data, &r); err != nil {
		b.Fatal(err)
	}
	return r
}

// medians collects figures of several walks by their units.
type medians map[string][]float64

func (m medians) add(unit string, v float64) { m[unit] = append(m[unit], v) }

func (m medians) report(b *testing.B) {
	for unit, all := range m {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], unit)
	}
	b.ReportMetric(0, "ns/op") // the walk's own pauses say nothing
}

// BenchmarkWalk measures a visit: the first frame, from tap to paint of each screen, and from the tap on
// «Забронировать» to the ticket's last byte on the wire, as a ratio to what it takes at the least: the registry's
// time and bytes×10/baud.
func BenchmarkWalk(b *testing.B) {
	for _, baud := range []int{9600, 115200} {
		b.Run(strconv.Itoa(baud), func(b *testing.B) {
			m := medians{}
			for b.Loop() {
				r := walkOnce(b, "--baud", strconv.Itoa(baud))
				m.add("first-frame-ms", r.FirstFrameMS)
				for _, s := range r.Steps {
					if s.TapToPaintMS > 0 {
						m.add(s.Step+"-paint-ms", s.TapToPaintMS)
					}
				}
				m.add("ticket-bytes", float64(r.Line.TicketBytes))
				m.add("reserve-to-last-byte-ms", r.Line.ReserveToLastByteMS)
				m.add("reserve-to-last-byte/least", r.Line.ReserveToLastByteMS/(r.Line.RegistryMS+r.Line.WireMS))
			}
			m.report(b)
		})
	}
}

// BenchmarkRest measures the program while nobody touches it: memory and processor on the welcome screen and during
// the countdown.
func BenchmarkRest(b *testing.B) {
	m := medians{}
	for b.Loop() {
		for _, rest := range walkOnce(b, "--rest", (20 * time.Second).String()).Rests {
			m.add(rest.Step+"-pss-MB", rest.PSSMB)
			m.add(rest.Step+"-cpu-%", rest.CPUPercent)
		}
	}
	m.report(b)
}
