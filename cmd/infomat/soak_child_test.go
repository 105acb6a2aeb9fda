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

// soakPlan is the task of the child process of TestSoak: run a terminal and play visits.
type soakPlan struct {
	Config, Out string
	Visits      int
}

const soakVariable = "INFOMAT_TEST_SOAK_PLAN"

// init runs the plan instead of the tests, because a window must be shown from the main goroutine.
func init() {
	plan, ok := planOf[soakPlan](soakVariable)
	if !ok {
		return
	}
	if err := plan.run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(commands.ExitUnexpected)
	}
	os.Exit(commands.ExitDone)
}

// run runs the terminal until all visits are played.
func (c soakPlan) run() error {
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
	frames, painted := frameQueue()
	o.painted = painted
	o.companion = func(s *screen) func(context.Context) error {
		return func(ctx context.Context) error { return c.play(ctx, s.shell, frames, o) }
	}
	return errors.Join(serve(ctx, t, o), t.Close())
}

// soakPause is the patient's pause before each tap. It is slightly longer than the time for which a new screen
// ignores taps.
const soakPause = 230 * time.Millisecond

// play plays the visits and writes a line to soak.csv after each.
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
	player := &walk.Player{
		Shell: shell, Hand: hand, Dir: c.Out, Frames: frames, Started: terminal.Started, Calm: soakPause,
	}
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

// keepHeap writes a heap profile, to find the cause of growth.
func (c soakPlan) keepHeap() error {
	f, err := os.Create(filepath.Join(c.Out, "heap.pprof"))
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}

var soakColumns = []string{"visit", "rss_mb", "heap_mb", "goroutines", "files", "paint_ms"}

// soakFigures returns the columns after the first. The paint time is the median of the visit's screens, because
// some screens wait for the registry.
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
	runtime.GC() // count live objects only
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
