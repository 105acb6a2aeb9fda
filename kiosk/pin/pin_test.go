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

// Two PINs that differ. No literal of a test may be anybody's PIN.
var right, other = twoPINs()

func twoPINs() (a, b string) {
	for a == b {
		a, b = pin.Random(), pin.Random()
	}
	return a, b
}

func TestCheck(t *testing.T) {
	for want, pins := range map[error][]string{
		nil: {
			right, other, "908172", "102030", "123124", "123457", "121213", "112234", "123322", "147259", "010203",
			"100200", "112213", "121231", "112324", "112344", "132232",
		},
		pin.ErrFormat: {"", "12345", "1234567", "12345a", "a23456", "908 72", "9081726", "١٢٣", "١٢٣٤٥٦"},
		pin.ErrWeak: {
			"000000", "110110", "777778", "100000", "122112", // fewer than three digits
			"123456", "654321", "890123", "975319", "024680", "963074", "210987", // rows
			"123123", "402402", "121212", "454545", // repetitions
			"112233", "447700", // pairs
			"123321", "407704", // mirrors
			"147258", "159753", "369258", "258369", "258147", "753159", "159357", "357159", "147369", "369147",
			"789456", "456123", "321654", "654987", // patterns of the keypad
		},
		pin.ErrPublished: {"402795", "731904"}, // stood in documents and tests
	} {
		for _, p := range pins {
			if err := pin.Check(p); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", p, err, want)
			}
		}
	}
}

// A PIN that Check refuses is not set, and the one before stays.
func TestSetRefusesWhatCheckRefuses(t *testing.T) {
	l, _ := lock(t)
	for _, p := range []string{"123456", "12345", "402795"} {
		if err := pin.Set(l.File, p); !errors.Is(err, pin.Check(p)) {
			t.Errorf("%s was set: %v", p, err)
		}
	}
	if v := l.Try(right); v.Status != pin.Open {
		t.Errorf("%+v", v)
	}
}

func TestSetFails(t *testing.T) {
	if err := pin.Set(filepath.Join(t.TempDir(), "no", "such"), right); err == nil {
		t.Error("a PIN was set in a folder that does not exist")
	}
}

// Nobody but the terminal's user may read the hash: six digits are found offline in hours.
func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	l, _ := lock(t)
	if err := os.Chmod(l.File, 0o644); err != nil { // somebody has opened it to all
		t.Fatal(err)
	}
	if err := pin.Set(l.File, right); err != nil {
		t.Fatal(err)
	}
	l.Try(other)
	for _, name := range []string{l.File, l.File + ".failures"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %s, want 0600", name, info.Mode())
		}
	}
}

// Two files of the same PIN differ by their salt.
func TestHashesAreSalted(t *testing.T) {
	l, _ := lock(t)
	first := read(t, l.File)
	if err := pin.Set(l.File, right); err != nil {
		t.Fatal(err)
	}
	if first == read(t, l.File) || !strings.HasPrefix(first, "$argon2id$v=19$m=32768,t=3,p=1$") {
		t.Errorf("%s", first)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// clock is a clock that the test moves.
type clock struct{ now time.Time }

func lock(t *testing.T) (*pin.Lock, *clock) {
	t.Helper()
	return lockIn(t, t.TempDir())
}

func lockIn(t *testing.T, dir string) (*pin.Lock, *clock) {
	t.Helper()
	file := filepath.Join(dir, "pin")
	if err := pin.Set(file, right); err != nil {
		t.Fatal(err)
	}
	c := &clock{now: time.Now()}
	return reboot(file, c), c
}

// reboot returns the lock of a terminal that has just been switched on.
func reboot(file string, c *clock) *pin.Lock {
	return &pin.Lock{File: file, Now: func() time.Time { return c.now }}
}

func TestTheRightPINOpens(t *testing.T) {
	l, _ := lock(t)
	if v := l.Status(); v != (pin.Verdict{Status: pin.Ready, Left: 5}) {
		t.Errorf("%+v", v)
	}
	if v := l.Try(other); v != (pin.Verdict{Status: pin.Wrong, Left: 4}) {
		t.Errorf("%+v", v)
	}
	if v := l.Status(); v != (pin.Verdict{Status: pin.Ready, Left: 4}) {
		t.Errorf("%+v", v)
	}
	if v := l.Try(right); v != (pin.Verdict{Status: pin.Open}) {
		t.Errorf("%+v", v)
	}
	if v := l.Try(other); v != (pin.Verdict{Status: pin.Wrong, Left: 4}) {
		t.Errorf("the failures were not cleared: %+v", v)
	}
}

// The clock of a Lock without Now is the computer's.
func TestTheComputersClock(t *testing.T) {
	l, _ := lock(t)
	l.Now = nil
	for range 5 {
		l.Try(other)
	}
	if left := time.Until(l.Status().Until); left <= 0 || left > 15*time.Second {
		t.Errorf("%s are left of a pause of 15 s", left)
	}
}

// Every failure is followed by a restart, and the pause of each, too: neither gains a try.
func TestLockoutSurvivesRestarts(t *testing.T) {
	l, c := lock(t)
	want := 15 * time.Second
	for n := 1; n <= 15; n++ {
		v := l.Try(other)
		l = reboot(l.File, c)
		switch {
		case n < 5:
			if v.Status != pin.Wrong || v.Left != 5-n {
				t.Fatalf("failure %d: %+v", n, v)
			}
		case n < 15:
			if v.Status != pin.Waiting || v.Until.Sub(c.now) != want || v.Err != nil {
				t.Fatalf("failure %d: %+v, want to wait %s", n, v, want)
			}
			c.now = c.now.Add(want / 2)
			if v := l.Try(right); v.Status != pin.Waiting || v.Until.Sub(c.now) != want {
				t.Fatalf("failure %d, after a restart: %+v, want the pause to begin anew", n, v)
			}
			c.now = c.now.Add(want - 1)
			if v := l.Status(); v.Status != pin.Waiting {
				t.Fatalf("failure %d: %+v before the pause has ended", n, v)
			}
			c.now = c.now.Add(1)
			if v := l.Status(); v != (pin.Verdict{Status: pin.Ready}) {
				t.Fatalf("failure %d: %+v when the pause has ended", n, v)
			}
			if v := l.Peek(); v != (pin.Verdict{Status: pin.Ready}) {
				t.Fatalf("failure %d: the files say %+v", n, v)
			}
			want *= 2
		default:
			if v.Status != pin.Locked {
				t.Fatalf("failure %d: %+v", n, v)
			}
		}
	}
	c.now = c.now.Add(1000 * time.Hour)
	l = reboot(l.File, c)
	if v, w := l.Try(right), l.Peek(); v.Status != pin.Locked || w.Status != pin.Locked {
		t.Fatalf("locked, and opened by waiting: %+v, %+v", v, w)
	}
	if err := pin.Unlock(l.File); err != nil {
		t.Fatal(err)
	}
	if v := l.Try(right); v.Status != pin.Open { // the running terminal notices
		t.Fatalf("unlocked at the console: %+v", v)
	}
}

// A clock that is set back or forth between two starts gains nothing and extends no pause.
func TestClockChangesGainNothing(t *testing.T) {
	l, c := lock(t)
	for range 5 {
		l.Try(other)
	}
	for _, by := range []time.Duration{-1000 * time.Hour, 1000 * time.Hour} {
		c.now = c.now.Add(by)
		if v := reboot(l.File, c).Status(); v.Status != pin.Waiting || v.Until.Sub(c.now) != 15*time.Second {
			t.Errorf("clock moved by %s: %+v", by, v)
		}
	}
}

// The failure is on disk before the PIN is looked at: here looking at it fails, and the try has been counted.
func TestAFailureIsCountedBeforeThePINIsLookedAt(t *testing.T) {
	l, c := lock(t)
	if err := os.Truncate(l.File, 60); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{" 1\n", " 2\n"} {
		if v := l.Try(right); v.Status != pin.Unreadable {
			t.Fatalf("%+v", v)
		}
		if got := read(t, l.File+".failures"); got != want {
			t.Errorf("%q failures are on disk, want %q", got, want)
		}
	}
	if v := reboot(l.File, c).Status(); v.Left != 3 {
		t.Errorf("%+v", v)
	}
}

// A missing or damaged file keeps the lock shut, and the verdict names it.
func TestBadFilesKeepTheLockShut(t *testing.T) {
	write := func(suffix, text string) func(string) error {
		return func(f string) error { return os.WriteFile(f+suffix, []byte(text), 0o600) }
	}
	folder := func(suffix string) func(string) error {
		return func(f string) error { return errors.Join(os.Remove(f+suffix), os.Mkdir(f+suffix, 0o700)) }
	}
	// rest replaces what follows the parameters of the hash.
	rest := func(text string) func(string) error {
		return func(f string) error {
			data, err := os.ReadFile(f)
			line := string(data)
			return errors.Join(err, os.WriteFile(f, []byte(line[:strings.LastIndex(line[:40], "$")+1]+text), 0o600))
		}
	}
	key := strings.Repeat("A", 43)
	for name, c := range map[string]struct {
		spoil func(file string) error
		want  pin.Status
		peek  pin.Status
	}{
		"no PIN was set":        {os.Remove, pin.NoFile, pin.NoFile},
		"a folder":              {folder(""), pin.Unreadable, pin.Unreadable},
		"empty":                 {write("", ""), pin.Unreadable, pin.Unreadable},
		"garbage":               {write("", "908172\n"), pin.Unreadable, pin.Unreadable},
		"cut short":             {func(f string) error { return os.Truncate(f, 60) }, pin.Unreadable, pin.Ready},
		"no key":                {rest("AAAA"), pin.Unreadable, pin.Ready},
		"a bad salt":            {rest("!$" + key), pin.Unreadable, pin.Ready},
		"a bad key":             {rest("AAAA$!" + key[1:]), pin.Unreadable, pin.Ready},
		"a short key":           {rest("AAAA$AAAA"), pin.Unreadable, pin.Ready},
		"an empty key":          {rest("AAAA$"), pin.Unreadable, pin.Ready},
		"the count is negative": {write(".failures", "-3"), pin.Unreadable, pin.Unreadable},
		"the count is no count": {write(".failures", "x"), pin.Unreadable, pin.Unreadable},
		"the count is empty":    {write(".failures", ""), pin.Unreadable, pin.Unreadable},
		"the count is a folder": {folder(".failures"), pin.Unreadable, pin.Unreadable},
		"the count is a loop": {func(f string) error {
			return errors.Join(os.Remove(f+".failures"), os.Symlink(f+".failures", f+".failures"))
		}, pin.Unreadable, pin.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := lock(t)
			if err := c.spoil(l.File); err != nil {
				t.Fatal(err)
			}
			if v := l.Peek(); v.Status != c.peek {
				t.Errorf("the files say %+v", v)
			}
			v := l.Try(right)
			if v.Status != c.want {
				t.Fatalf("%+v, want status %d", v, c.want)
			}
			if v.Status == pin.Unreadable && (v.Err == nil || !strings.Contains(v.Err.Error(), l.File)) {
				t.Errorf("%v does not name the file", v.Err)
			}
		})
	}
	l := &pin.Lock{}
	for _, v := range []pin.Verdict{l.Try(right), l.Status(), l.Peek()} {
		if v.Status != pin.NoFile {
			t.Errorf("no file is configured: %+v", v)
		}
	}
}

// A count that is missing means no failures.
func TestNoCountFile(t *testing.T) {
	l, _ := lock(t)
	if err := os.Remove(l.File + ".failures"); err != nil {
		t.Fatal(err)
	}
	want := pin.Verdict{Status: pin.Ready, Left: 5}
	if v, w := l.Peek(), l.Status(); v != want || w != want {
		t.Errorf("%+v, %+v", v, w)
	}
	l.Try(other)
	if v := l.Try(right); v.Status != pin.Open {
		t.Errorf("%+v", v)
	}
}

// Taps from many goroutines never get more than the free tries.
func TestManyAtOnce(t *testing.T) {
	l, _ := lock(t)
	var mu sync.Mutex
	got := map[pin.Status]int{}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			v := l.Try(other)
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
	l := &pin.Lock{File: file}
	for b.Loop() {
		if v := l.Try(right); v.Status != pin.Open {
			b.Fatal(v)
		}
	}
}
