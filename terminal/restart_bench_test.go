package terminal

import (
	"bufio"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"syscall"
	"testing"
)

var firstFrameLine = regexp.MustCompile(`msg="first frame" ms=(\d+)`)

// firstFrame starts the shipped program, and gives after how many milliseconds its screen could be seen; then it ends
// it in order.
func (s *crashSite) firstFrame(b *testing.B) (ms float64) {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Getenv("INFOMAT"), "run", "--config", s.config)
	out, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		m := firstFrameLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		if ms, err = strconv.ParseFloat(m[1], 64); err != nil {
			b.Fatal(err)
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			b.Fatal(err)
		}
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return ms
}

// BenchmarkRestart measures the first screen after kill -9 in the middle of a booking, and as "x-orderly" how many
// times it takes what a start after an orderly end takes.
func BenchmarkRestart(b *testing.B) {
	if os.Getenv("DISPLAY") == "" || os.Getenv("INFOMAT") == "" {
		b.Skip("there is no display or no program: `make bench` brings both")
	}
	s := newCrashSite(b)
	defer s.close()
	var killed, orderly []float64
	for b.Loop() {
		if s.live(b, s.plan(crashPlan{Kill: 4, After: true, Book: true}), 0) {
			b.Fatal("the terminal was not killed")
		}
		killed = append(killed, s.firstFrame(b))
		orderly = append(orderly, s.firstFrame(b))
	}
	slices.Sort(killed)
	slices.Sort(orderly)
	b.ReportMetric(killed[len(killed)/2], "first-frame-ms")
	b.ReportMetric(killed[len(killed)/2]/orderly[len(orderly)/2], "x-orderly")
	b.ReportMetric(0, "ns/op") // both starts and the killed life together say nothing
}
