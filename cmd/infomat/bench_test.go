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

// walkOnce plays one patient in a real window and returns the report.
func walkOnce(b *testing.B, more ...string) walk.Report {
	b.Helper()
	if os.Getenv("DISPLAY") == "" {
		b.Skip("no X display; `make bench` starts one")
	}
	dir := b.TempDir()
	cmd := exec.CommandContext(
		b.Context(),
		program,
		append([]string{"demo", "--walk", dir, "--size", "1080x1920"}, more...)...)
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

// medians collects values of several walks by unit and reports the median of each.
type medians map[string][]float64

func (m medians) add(unit string, v float64) { m[unit] = append(m[unit], v) }

func (m medians) report(b *testing.B) {
	for unit, all := range m {
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], unit)
	}
	b.ReportMetric(0, "ns/op") // the duration is mostly the walk's own pauses
}

// BenchmarkWalk measures a visit: the first frame, the time from tap to paint of each screen, and the time from
// the tap on «Забронировать» to the last byte of the ticket. The latter is also reported relative to its minimum,
// the registry's latency plus bytes×10/baud.
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

// BenchmarkRest measures memory and processor time without input, on the welcome screen and during the countdown.
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
