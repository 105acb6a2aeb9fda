package main_test

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"infomat/ui/xwalk"
)

// xserver is a display of its own, whose monitors a test changes.
type xserver struct {
	t    *testing.T
	name string
}

// startX starts a display that shows itself nowhere, with the modes of a panel that can be turned.
func startX(t *testing.T) *xserver {
	t.Helper()
	x := startServer(t, "Xvfb", "-screen", "0", "1920x1920x24")
	for _, size := range [][2]int{{1280, 1024}, {1024, 1280}} {
		name := fmt.Sprintf("%dx%d", size[0], size[1])
		x.randr("--newmode", name, "0", fmt.Sprint(size[0]), "0", "0", "0", fmt.Sprint(size[1]), "0", "0", "0")
		x.randr("--addmode", "screen", name)
	}
	return x
}

// startServer starts an X server. It becomes the display of the test.
func startServer(t *testing.T, program string, args ...string) *xserver {
	t.Helper()
	for _, tool := range []string{program, "xrandr"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append(args, "-displayfd", "3", "-nolisten", "tcp", "-noreset")...)
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // its only user is gone
		_ = cmd.Wait()         // reports the kill
	})
	w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	x := &xserver{t: t, name: ":" + strings.TrimSpace(number)}
	t.Setenv("DISPLAY", x.name)
	return x
}

func (x *xserver) randr(args ...string) {
	x.t.Helper()
	if out, err := exec.Command("xrandr", args...).CombinedOutput(); err != nil {
		x.t.Fatalf("xrandr %v: %v %s", args, err, out)
	}
}

// shows waits until the window is at a part of the display and a page is painted in all of it.
func (x *xserver) shows(r *terminal, what string, want image.Rectangle) {
	x.t.Helper()
	size := want.Size()
	ctx, cancel := context.WithTimeout(x.t.Context(), 20*time.Second)
	defer cancel()
	hand, err := xwalk.Open(ctx, size.X, size.Y)
	if err != nil {
		x.t.Fatalf("%s: %v\n%s", what, err, r.logged())
	}
	defer hand.Close()
	for {
		at, err := hand.Place()
		if err == nil && at == want.Min {
			var picture image.Image
			if picture, err = hand.Picture(ctx); err == nil {
				first, last := picture.At(3, 3), picture.At(size.X-4, size.Y-4)
				if red, _, _, _ := first.RGBA(); first == last && red > 0x8000 {
					return
				}
			}
		}
		select {
		case <-ctx.Done():
			x.t.Fatalf("%s: the window is at %v, or not painted in all of it: %v\n%s", what, at, err, r.logged())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// TestTheWindowStaysOnThePanel turns the panel, and connects and removes a primary monitor, while the terminal runs.
func TestTheWindowStaysOnThePanel(t *testing.T) {
	x := startX(t)
	x.randr("--output", "screen", "--mode", "1280x1024")
	x.randr("--setmonitor", "first", "640/200x480/150+0+0", "screen")
	x.randr("--setmonitor", "panel", "1000/300x800/240+280+100", "none")
	r := newSite(t).run()
	check := func(what string, want image.Rectangle) {
		t.Helper()
		x.shows(r, what, want)
	}
	check("two monitors, the second is larger", image.Rect(280, 100, 1280, 900))
	x.randr("--delmonitor", "panel")
	check("one is gone", image.Rect(0, 0, 640, 480))
	x.randr("--delmonitor", "first")
	check("the display's own", image.Rect(0, 0, 1280, 1024))
	x.randr("--output", "screen", "--mode", "1024x1280")
	check("turned", image.Rect(0, 0, 1024, 1280))
	x.randr("--setmonitor", "*small", "700/200x900/260+300+200", "none")
	check("a primary one came", image.Rect(300, 200, 1000, 1100))
	r.end()
}

// TestTheWindowTurnsWithThePanel turns a display as `xrandr -o left` does, to each side while the terminal runs. Xvfb
// cannot be turned; Xephyr, which is a window of another display, can.
func TestTheWindowTurnsWithThePanel(t *testing.T) {
	startServer(t, "Xvfb", "-screen", "0", "1920x1920x24")
	x := startServer(t, "Xephyr", "-screen", "1280x1024")
	r := newSite(t).run()
	x.shows(r, "upright", image.Rect(0, 0, 1280, 1024))
	for _, turn := range []struct {
		to   string
		size image.Point
	}{
		{"left", image.Pt(1024, 1280)},
		{"right", image.Pt(1024, 1280)},
		{"inverted", image.Pt(1280, 1024)},
		{"normal", image.Pt(1280, 1024)},
	} {
		x.randr("-o", turn.to)
		x.shows(r, turn.to, image.Rectangle{Max: turn.size})
	}
	r.end()
}

// TestTheTerminalWaitsForAMonitor starts the terminal before its monitor is on: systemd counts it as started and its
// watchdog is fed. It opens when the monitor is switched on, and can be ended before.
func TestTheTerminalWaitsForAMonitor(t *testing.T) {
	x := startX(t)
	x.randr("--fb", "1920x1920", "--output", "screen", "--off")
	s := newSite(t)
	early := s.run()
	early.wait("no monitor is on")
	early.end()
	h := hearSystemd(t)
	r := s.run(h.environment()...)
	h.listen(r, "STATUS=no monitor is on")
	h.listen(r, "READY=1")
	for range 3 {
		h.listen(r, "WATCHDOG=1")
	}
	if strings.Contains(r.logged(), "first frame") {
		t.Errorf("it has opened without a monitor:\n%s", r.logged())
	}
	x.randr("--output", "screen", "--mode", "1280x1024")
	x.shows(r, "the monitor is on", image.Rect(0, 0, 1280, 1024))
	h.listen(r, "STATUS=in service")
	r.end()
}
