package pin_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"infomat/kiosk/pin"
)

const right, other = "402795", "731904"

func TestCheck(t *testing.T) {
	for p, want := range map[string]error{
		right: nil, other: nil, "908172": nil, "": pin.ErrFormat, "12345": pin.ErrFormat, "1234567": pin.ErrFormat, "12345a": pin.ErrFormat, "١٢٣٤٥٦": pin.ErrFormat,
		"000000": pin.ErrWeak, "123456": pin.ErrWeak, "654321": pin.ErrWeak, "890123": pin.ErrWeak, "975319": pin.ErrWeak, "123123": pin.ErrWeak, "454545": pin.ErrWeak,
		"112233": pin.ErrWeak, "123321": pin.ErrWeak, "110110": pin.ErrWeak, "777778": pin.ErrWeak, "147258": pin.ErrWeak, "159753": pin.ErrWeak,
	} {
		if err := pin.Check(p); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", p, err, want)
		}
	}
	if err := pin.Set(filepath.Join(t.TempDir(), "pin"), "123456"); !errors.Is(err, pin.ErrWeak) {
		t.Errorf("a weak PIN was set: %v", err)
	}
}

// clock is a clock that the test moves.
type clock struct{ now time.Time }

func gate(t *testing.T) (*pin.Lock, *clock) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pin")
	if err := pin.Set(file, right); err != nil {
		t.Fatal(err)
	}
	c := &clock{now: time.Now()}
	return reboot(file, c), c
}

// reboot is the gate of a terminal that was just switched on.
func reboot(file string, c *clock) *pin.Lock {
	return &pin.Lock{File: file, Now: func() time.Time { return c.now }}
}

func TestTheRightPINOpens(t *testing.T) {
	g, _ := gate(t)
	if v := g.Try(other); v.Status != pin.Wrong || v.Left != 4 {
		t.Errorf("%+v", v)
	}
	if v := g.Try(right); v.Status != pin.Open {
		t.Errorf("%+v", v)
	}
	if v := g.Try(other); v.Status != pin.Wrong || v.Left != 4 {
		t.Errorf("the failures were not forgotten: %+v", v)
	}
}

// Every failure is tried after a reboot, and the pause of each, too: neither helps.
func TestLockoutSurvivesReboots(t *testing.T) {
	g, c := gate(t)
	want := 15 * time.Second
	for n := 1; n <= 15; n++ {
		v := g.Try(other)
		g = reboot(g.File, c)
		switch {
		case n < 5:
			if v.Status != pin.Wrong || v.Left != 5-n {
				t.Fatalf("failure %d: %+v", n, v)
			}
		case n < 15:
			if v.Status != pin.Waiting || v.Until.Sub(c.now) != want {
				t.Fatalf("failure %d: %+v, want to wait %s", n, v, want)
			}
			c.now = c.now.Add(want / 2)
			if v := g.Try(right); v.Status != pin.Waiting || v.Until.Sub(c.now) != want {
				t.Fatalf("failure %d, after a reboot: %+v, want the pause to begin anew", n, v)
			}
			c.now = c.now.Add(want)
			want *= 2
		default:
			if v.Status != pin.Locked {
				t.Fatalf("failure %d: %+v", n, v)
			}
		}
	}
	c.now = c.now.Add(1000 * time.Hour)
	if v := reboot(g.File, c).Try(right); v.Status != pin.Locked {
		t.Fatalf("locked, and opened by waiting: %+v", v)
	}
	if err := pin.Unlock(g.File); err != nil {
		t.Fatal(err)
	}
	if v := g.Try(right); v.Status != pin.Open { // the running terminal notices
		t.Fatalf("unlocked at the console: %+v", v)
	}
}

// A clock that is set back or forth between two starts gains nothing and shuts nobody out for longer than the pause.
func TestClockChangesGainNothing(t *testing.T) {
	g, c := gate(t)
	for range 5 {
		g.Try(other)
	}
	for _, by := range []time.Duration{-1000 * time.Hour, 1000 * time.Hour} {
		c.now = c.now.Add(by)
		if v := reboot(g.File, c).Status(); v.Status != pin.Waiting || v.Until.Sub(c.now) != 15*time.Second {
			t.Errorf("clock moved by %s: %+v", by, v)
		}
	}
}

// Whatever is wrong with the files, the gate stays shut and says why.
func TestBadFilesKeepTheGateShut(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(file string) error
		want  pin.Status
	}{
		"no PIN was set":      {os.Remove, pin.NoFile},
		"a folder":            {func(f string) error { return errors.Join(os.Remove(f), os.Mkdir(f, 0o700)) }, pin.Unreadable},
		"empty":               {func(f string) error { return os.WriteFile(f, nil, 0o600) }, pin.Unreadable},
		"garbage":             {func(f string) error { return os.WriteFile(f, []byte("402795\n"), 0o600) }, pin.Unreadable},
		"cut short":           {func(f string) error { return os.Truncate(f, 60) }, pin.Unreadable},
		"the count is broken": {func(f string) error { return os.WriteFile(f+".failures", []byte("-3"), 0o600) }, pin.Unreadable},
		"the count is empty":  {func(f string) error { return os.WriteFile(f+".failures", nil, 0o600) }, pin.Unreadable},
		"the count is a folder": {func(f string) error {
			return errors.Join(os.Remove(f+".failures"), os.Mkdir(f+".failures", 0o700))
		}, pin.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := gate(t)
			if err := c.spoil(g.File); err != nil {
				t.Fatal(err)
			}
			v := g.Try(right)
			if v.Status != c.want {
				t.Fatalf("%+v, want state %d", v, c.want)
			}
			if v.Status == pin.Unreadable && (v.Err == nil || !strings.Contains(v.Err.Error(), g.File)) {
				t.Errorf("%v does not name the file", v.Err)
			}
		})
	}
	if v := (&pin.Lock{}).Try(right); v.Status != pin.NoFile {
		t.Errorf("no file is configured: %+v", v)
	}
}

// A count that cannot be written keeps the gate shut: else the tries would be free.
func TestCountThatCannotBeWritten(t *testing.T) {
	g, _ := gate(t)
	if err := os.Chmod(filepath.Dir(g.File), 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(g.File), 0o700) })
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	if v := g.Try(right); v.Status != pin.Unreadable || v.Err == nil {
		t.Errorf("%+v", v)
	}
}

// Frantic taps from many goroutines never get more than the free tries.
func TestManyAtOnce(t *testing.T) {
	g, _ := gate(t)
	var mu sync.Mutex
	got := map[pin.Status]int{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			v := g.Try(other)
			mu.Lock()
			defer mu.Unlock()
			got[v.Status]++
		})
	}
	all.Wait()
	if got[pin.Wrong] != 4 || got[pin.Waiting] != 16 {
		t.Errorf("%v", got)
	}
}

func BenchmarkTry(b *testing.B) {
	file := filepath.Join(b.TempDir(), "pin")
	if err := pin.Set(file, right); err != nil {
		b.Fatal(err)
	}
	g := &pin.Lock{File: file}
	for b.Loop() {
		if v := g.Try(right); v.Status != pin.Open {
			b.Fatal(v)
		}
	}
}
