package walk

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"infomat/kiosk"
)

// Rest is the load of the program while no one touches the screen.
type Rest struct {
	Step       string  `json:"step"`
	Seconds    float64 `json:"seconds"`
	PSSMB      float64 `json:"pss_mb"`      // proportional set size at the end, in 10⁶ bytes
	CPUPercent float64 `json:"cpu_percent"` // of one core, user and system
}

// rest waits for p.Rest on a screen and measures the load. It first returns the memory of the walk's own pictures to
// the system, because a terminal takes no pictures.
func (p *Player) rest(ctx context.Context, step kiosk.Step) error {
	if p.Rest <= 0 {
		return nil
	}
	debug.FreeOSMemory()
	used, err := cpuTime()
	if err != nil {
		return err
	}
	began := time.Now()
	select {
	case <-time.After(p.Rest):
	case <-ctx.Done():
		return fmt.Errorf("walk: resting: %w", ctx.Err())
	}
	lasted := time.Since(began)
	after, err := cpuTime()
	if err != nil {
		return err
	}
	pss, err := pssBytes()
	if err != nil {
		return err
	}
	p.report.Rests = append(p.report.Rests, Rest{
		Step: step.String(), Seconds: lasted.Seconds(), PSSMB: float64(pss) / 1e6,
		CPUPercent: 100 * float64(after-used) / float64(lasted),
	})
	return nil
}

// cpuTime returns the processor time that the process has used on all cores.
func cpuTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("walk: processor time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}

// pssBytes returns the proportional set size of the process: its private memory and its share of shared memory
// (proc_pid_smaps_rollup in proc(5)).
func pssBytes() (int, error) {
	data, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return 0, fmt.Errorf("walk: memory: %w", err)
	}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "Pss:" {
			kb, err := strconv.Atoi(fields[1])
			return kb * 1024, err
		}
	}
	return 0, fmt.Errorf("walk: memory: /proc/self/smaps_rollup has no Pss")
}
