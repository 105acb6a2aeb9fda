package pin

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"infomat/kiosk/durable"
)

// The limits of the lock. Failures are counted in a row: the right PIN clears them.
const (
	freeTries  = 5                // failures up to this number cost no time but the last, which costs firstPause
	firstPause = 15 * time.Second // doubled with each further failure
	lockAfter  = 15               // failures after which only the console unlocks

	// uncountedPause precedes each try while the count cannot be written. A restart clears a count that is in memory
	// alone, so a restart has to cost at least this much for each try.
	uncountedPause = time.Minute
)

// Status is the condition of the lock.
type Status int

// The conditions of the lock.
const (
	Open       Status = iota // the PIN was right
	Ready                    // a PIN can be tried
	Uncounted                // as Ready, but failures are counted in memory alone; Verdict.Err says why
	Wrong                    // the PIN was wrong; another can be tried
	Waiting                  // no PIN is taken before Verdict.Until
	Locked                   // lockAfter failures: `infomat pin --unlock` unlocks
	NoFile                   // no PIN is set: `infomat pin` sets one
	Unreadable               // the PIN file or the count cannot be read; Verdict.Err says why
)

// Verdict is an answer of the lock.
type Verdict struct {
	Status Status
	Left   int       // for Ready, Uncounted, Wrong: the number of failures before the first pause
	Until  time.Time // for Waiting

	// Err names the file and what is wrong with it. It is set for Unreadable and Uncounted, and for Waiting and Locked
	// while the count cannot be written.
	Err error
}

// errDamaged is returned for a file that this program did not write.
var errDamaged = errors.New("it is damaged")

// Lock checks PINs. Its zero value with File set is ready for use. It is safe for concurrent use.
type Lock struct {
	File string           // holds the PIN; the failures are counted in File + ".failures"
	Now  func() time.Time // nil: time.Now

	mu        sync.Mutex
	known     bool        // the fields below are set
	count     fs.FileInfo // of the count file as this Lock read or wrote it last; nil: there was none
	tries     int         // failures in a row; more than the file holds while uncounted is set
	until     time.Time   // no PIN is taken before
	uncounted error       // why the last failure could not be written; nil: it was
}

func (l *Lock) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}

// countFile returns the name of the file that counts the failures.
func countFile(file string) string { return file + ".failures" }

// Unlock clears the failures that are counted for a PIN file.
func Unlock(file string) error { return writeCount(file, 0) }

// writeCount writes the count. The file has a constant length: where the disk has no room for a new file, the old one
// is overwritten in place, which needs none.
func writeCount(file string, n int) error {
	data := fmt.Appendf(nil, "%2d\n", n)
	err := durable.WriteFile(countFile(file), data, 0o600)
	if err == nil {
		return nil
	}
	if durable.Overwrite(countFile(file), data) == nil {
		return nil
	}
	return fmt.Errorf("pin: %s: %w", countFile(file), err)
}

// readCount returns the failures in a row and the state of the file that counts them; 0 and nil where there is none.
func readCount(file string) (int, fs.FileInfo, error) {
	name := countFile(file)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("pin: %w", err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return 0, nil, fmt.Errorf("pin: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || n < 0 {
		return 0, nil, fmt.Errorf("pin: %s: %w", name, errDamaged)
	}
	return n, info, nil
}

// pause returns how long the lock waits after a number of failures in a row, up to lockAfter.
func pause(tries int) time.Duration {
	if tries < freeTries {
		return 0
	}
	return firstPause << (min(tries, lockAfter) - freeTries)
}

// Status reports whether a PIN can be tried now.
func (l *Lock) Status() Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, v := l.status()
	return v
}

// Peek reports what the files say. It knows nothing of the pauses: those are kept by the Lock of the running terminal.
// It writes nothing. Uncounted is reported for a count file that exists and cannot be opened for writing.
func (l *Lock) Peek() Verdict {
	_, n, info, err := l.read()
	switch {
	case errors.Is(err, errNoFile):
		return Verdict{Status: NoFile}
	case err != nil:
		return Verdict{Status: Unreadable, Err: err}
	case n >= lockAfter:
		return Verdict{Status: Locked}
	}
	v := Verdict{Status: Ready, Left: max(0, freeTries-n)}
	if info == nil {
		return v
	}
	f, err := os.OpenFile(countFile(l.File), os.O_WRONLY, 0)
	if err != nil {
		v.Status, v.Err = Uncounted, fmt.Errorf("pin: %w", err)
		return v
	}
	_ = f.Close() // nothing was written
	return v
}

// errNoFile is returned where no PIN is set.
var errNoFile = errors.New("pin: no PIN is set")

// read reads both files, so that what the console has set counts at once. The line is that of the PIN file.
func (l *Lock) read() (line string, tries int, count fs.FileInfo, err error) {
	if l.File == "" {
		return "", 0, nil, errNoFile
	}
	data, err := os.ReadFile(l.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", 0, nil, errNoFile
	case err != nil:
		return "", 0, nil, fmt.Errorf("pin: %w", err)
	case !strings.HasPrefix(string(data), scheme):
		return "", 0, nil, fmt.Errorf("pin: %s: %w", l.File, errDamaged)
	}
	tries, count, err = readCount(l.File)
	return string(data), tries, count, err
}

// status returns the line of the PIN file and whether a PIN can be tried now. After a start the pause of the last
// failure begins again: the clock may have been set while the terminal was off, and switching it off must not shorten
// the pause.
func (l *Lock) status() (line string, v Verdict) {
	line, n, count, err := l.read()
	switch {
	case errors.Is(err, errNoFile):
		return "", Verdict{Status: NoFile}
	case err != nil:
		return "", Verdict{Status: Unreadable, Err: err}
	}
	if !l.known || !same(l.count, count) {
		l.known, l.count, l.tries, l.until, l.uncounted = true, count, n, l.now().Add(pause(n)), nil
	}
	switch {
	case l.tries >= lockAfter:
		return line, Verdict{Status: Locked, Err: l.uncounted}
	case l.now().Before(l.until):
		return line, Verdict{Status: Waiting, Until: l.until, Err: l.uncounted}
	}
	v = Verdict{Status: Ready, Left: max(0, freeTries-l.tries), Err: l.uncounted}
	if l.uncounted != nil {
		v.Status = Uncounted
	}
	return line, v
}

// same reports whether a count file was left alone between two looks; the console may have unlocked in between.
func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// keep writes the count and remembers the file as written. The error is also kept as l.uncounted.
func (l *Lock) keep(n int) error {
	l.uncounted = writeCount(l.File, n)
	if l.uncounted == nil {
		_, l.count, l.uncounted = readCount(l.File)
	}
	return l.uncounted
}

// Try checks a PIN. The failure is on disk before the PIN is looked at, and is cleared when the PIN was right: a power
// cut in between costs a try.
//
// Where the failure cannot be written, no PIN is looked at and uncountedPause begins. After it each try is counted in
// memory and followed by that pause at least, and the right PIN opens. A restart ends with the pause again.
func (l *Lock) Try(pin string) Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	line, v := l.status()
	if v.Status != Ready && v.Status != Uncounted {
		return v
	}
	waited := l.uncounted != nil
	if err := l.keep(l.tries + 1); err != nil && !waited {
		l.until = l.now().Add(uncountedPause)
		return Verdict{Status: Waiting, Until: l.until, Err: err}
	}
	l.tries++
	right, err := matches(line, pin)
	if err != nil {
		return Verdict{Status: Unreadable, Err: fmt.Errorf("pin: %s: %w", l.File, err)}
	}
	if right {
		_ = l.keep(0) // where it fails the count stays on disk and is clear in memory
		l.tries, l.until = 0, time.Time{}
		return Verdict{Status: Open}
	}
	wait := pause(l.tries)
	if l.uncounted != nil {
		wait = max(wait, uncountedPause)
	}
	l.until = l.now().Add(wait)
	if _, v := l.status(); v.Status != Ready {
		return v
	}
	return Verdict{Status: Wrong, Left: freeTries - l.tries}
}
