package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"infomat/cmd/infomat/commands"
	"infomat/terminal"
	"infomat/ui"
	"infomat/ui/theme"
	"infomat/ui/walk"
	"infomat/ui/xwalk"
)

// soakPlan is a terminal that one patient after the other comes to.
type soakPlan struct {
	Config, Out string
	Visits      int
}

const soakVariable = "INFOMAT_TEST_SOAK_PLAN"

// The screen's thread is the program's first: a window can be shown from here, and not from a test's goroutine.
func init() {
	plan, ok := planOf[soakPlan](soakVariable)
	if !ok {
		return
	}
	if err := plan.live(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(commands.ExitUnexpected)
	}
	os.Exit(commands.ExitDone)
}

func (c soakPlan) live() error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	conf, err := commands.Load(c.Config)
	if err != nil {
		return err
	}
	log := terminal.StderrLog(slog.LevelWarn)
	t, err := terminal.New(terminal.Options{Config: conf, Log: log})
	if err != nil {
		return err
	}
	o := screenOptions{
		width: panelWidth, height: panelHeight, panelMM: theme.PanelMM(panelWidth, panelHeight), borderless: true,
		title: appID, log: log,
	}
	frames, painted := watched()
	o.painted = painted
	o.beside = func(s *screen) func(context.Context) error {
		return func(ctx context.Context) error { return c.play(ctx, s.shell, frames, o) }
	}
	return errors.Join(serve(ctx, t, o), t.Close())
}

// hurried is how long a patient of the soak looks at a screen before he taps: just longer than a screen takes to
// listen.
const hurried = 230 * time.Millisecond

// play plays the visits and writes a line of figures after each.
func (c soakPlan) play(ctx context.Context, shell *ui.Shell, frames <-chan ui.Frame, o screenOptions) error {
	hand, err := xwalk.Open(ctx, o.width, o.height)
	if err != nil {
		return err
	}
	defer hand.Close()
	file, err := os.Create(filepath.Join(c.Out, "soak.csv"))
	if err != nil {
		return err
	}
	defer file.Close()
	out := csv.NewWriter(file)
	if err := out.Write(soakColumns); err != nil {
		return err
	}
	player := &walk.Player{Shell: shell, Hand: hand, Dir: c.Out, Frames: frames, Started: terminal.Started, Calm: hurried}
	for n := range c.Visits {
		paints, err := player.Visit(ctx)
		if err != nil {
			return fmt.Errorf("visit %d: %w", n+1, err)
		}
		figures, err := soakFigures(paints)
		if err != nil {
			return err
		}
		if err := out.Write(append([]string{strconv.Itoa(n + 1)}, figures...)); err != nil {
			return err
		}
		out.Flush()
	}
	return errors.Join(out.Error(), c.keepHeap())
}

// keepHeap keeps what is on the heap, for whoever wonders why a line is not flat.
func (c soakPlan) keepHeap() error {
	f, err := os.Create(filepath.Join(c.Out, "heap.pprof"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}

var soakColumns = []string{"visit", "rss_mb", "heap_mb", "goroutines", "files", "paint_ms"}

// soakFigures are the columns after the first. Of the visit's screens the median paint is taken: one that waited for
// the registry says nothing.
func soakFigures(paints []time.Duration) ([]string, error) {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return nil, err
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1]) // resident, proc(5)
	if err != nil {
		return nil, err
	}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return nil, err
	}
	runtime.GC() // what is still held, not what waits to be collected
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	slices.Sort(paints)
	var line []string
	for _, v := range []float64{
		float64(pages*os.Getpagesize()) / 1e6, float64(m.HeapAlloc) / 1e6, float64(runtime.NumGoroutine()),
		float64(len(files)), walk.MS(paints[len(paints)/2]),
	} {
		line = append(line, strconv.FormatFloat(v, 'f', 2, 64))
	}
	return line, nil
}
