package main

import (
	"image"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb/xproto"

	"infomat/device/scanner"
	"infomat/ui/widgets"
)

// TestWindowHearsAScannerThatTypes types a policy into a real window as a scanner does, with the keyboard's layout set
// to Russian, and then with fingers. The scanner's keys mean nothing else, a finger's what they always do.
func TestWindowHearsAScannerThatTypes(t *testing.T) {
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	const number = "7700123456789012"
	layout := func(name string) {
		if out, err := exec.Command("setxkbmap", name).CombinedOutput(); err != nil {
			t.Skipf("the layout cannot be set: %v %s", err, out)
		}
	}
	var mu sync.Mutex
	var scans []scanner.Scan
	names := 0
	wanted := true
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var window fyne.Window
	var err error
	fyne.DoAndWait(func() {
		window, err = newWindow(fyne.CurrentApp(), screenOptions{width: 411, height: 300, borderless: true, log: log})
		if err != nil {
			return
		}
		taken := typed(func() bool { return wanted }, func(x scanner.Scan) {
			mu.Lock()
			defer mu.Unlock()
			scans = append(scans, x)
		})
		typing := func(fyne.KeyName, bool) { names++ }
		widgets.Listen(window.Canvas(), 500*time.Millisecond, taken, typing, func(fyne.KeyName) {})
		window.Resize(fyne.NewSize(411, 300))
		window.Show()
		window.RequestFocus()
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { fyne.DoAndWait(window.Close) })
	k := newKeyboard(t)
	time.Sleep(time.Second) // the window gets the focus
	layout("ru")
	t.Cleanup(func() { layout("us") })
	time.Sleep(500 * time.Millisecond)
	places := func(pause time.Duration) {
		for _, d := range number + "\n" {
			code := byte(9 + (d-'0'+9)%10 + 1) // X11's codes: 1 is 10, 0 is 19
			if d == '\n' {
				code = 36
			}
			k.send(xproto.KeyPress, code, image.Point{})
			k.send(xproto.KeyRelease, code, image.Point{})
			time.Sleep(pause)
		}
		time.Sleep(700 * time.Millisecond)
	}
	read := func() (all []scanner.Scan, typed int) {
		fyne.DoAndWait(func() {
			mu.Lock()
			defer mu.Unlock()
			all, typed = scans, names
			scans, names = nil, 0
		})
		return all, typed
	}
	places(2 * time.Millisecond)
	if all, typed := read(); len(all) != 1 || string(all[0].Policy) != number || typed > 1 {
		t.Errorf("a scanner: %v, %d keys meant something", all, typed)
	}
	places(120 * time.Millisecond)
	if all, typed := read(); len(all) != 0 || typed < 10 {
		t.Errorf("fingers: %v, %d keys meant something", all, typed)
	}
	fyne.DoAndWait(func() { wanted = false })
	places(2 * time.Millisecond)
	if all, typed := read(); len(all) != 0 || typed < 10 {
		t.Errorf("while nobody waits: %v, %d keys meant something", all, typed)
	}
}
