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

// What the gate does with failures.
const (
	freeTries  = 5                // after so many in a row each further one costs time
	firstPause = 15 * time.Second // after the fifth; doubled with each that follows
	lockAfter  = 15               // in a row: nothing but the console opens the gate
)

// Status is what the gate says.
type Status int

// The states of the gate.
const (
	Open       Status = iota // the PIN was right
	Ready                    // a PIN can be tried
	Wrong                    // the PIN was wrong; another can be tried
	Waiting                  // no PIN is taken until Verdict.Until
	Locked                   // too many failures: `infomat pin` unlocks
	NoFile                   // no PIN was ever set: `infomat pin` sets one
	Unreadable               // the PIN file, or the count of failures, cannot be read or written: Verdict.Err says why
)

// Verdict is the gate's answer.
type Verdict struct {
	Status Status
	Left   int       // how many tries are free of waiting, for Wrong
	Until  time.Time // for Waiting
	Err    error     // for Unreadable: names the file and what is wrong with it
}

// errDamaged is a file that was not written by this program.
var errDamaged = errors.New("it is damaged")

// Lock asks for the PIN. It is safe for concurrent use.
type Lock struct {
	File string           // of the PIN; the failures are counted in a file beside it
	Now  func() time.Time // nil: time.Now

	mu    sync.Mutex
	tries int       // failures in a row as they were last seen on disk
	until time.Time // no PIN is taken before
	known bool      // tries and until are of this process
}

func (l *Lock) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return time.Now()
}

// countFile is where the failures are counted.
func countFile(file string) string { return file + ".failures" }

// Unlock forgets the failures.
func Unlock(file string) error { return writeCount(file, 0) }

func writeCount(file string, n int) error {
	if err := durable.WriteFile(countFile(file), []byte(strconv.Itoa(n)+"\n"), 0o600); err != nil {
		return fmt.Errorf("pin: %w", err)
	}
	return nil
}

// readCount gives the failures in a row; no file means none.
func readCount(file string) (int, error) {
	data, err := os.ReadFile(countFile(file))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("pin: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("pin: %s: %w", countFile(file), errDamaged)
	}
	return n, nil
}

// pause is how long the gate waits after so many failures in a row.
func pause(tries int) time.Duration {
	if tries < freeTries {
		return 0
	}
	return firstPause << (tries - freeTries)
}

// Status tells whether a PIN can be tried now.
func (l *Lock) Status() Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.status()
}

// Peek tells what the files say, without the pauses: those are the running terminal's own.
func (l *Lock) Peek() Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, n, v := l.read()
	switch {
	case v.Status != Ready:
		return v
	case n >= lockAfter:
		return Verdict{Status: Locked}
	}
	return Verdict{Status: Ready, Left: max(0, freeTries-n)}
}

// read looks at the files anew, so that what the console has set counts at once.
func (l *Lock) read() (line string, tries int, v Verdict) {
	if l.File == "" {
		return "", 0, Verdict{Status: NoFile}
	}
	data, err := os.ReadFile(l.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", 0, Verdict{Status: NoFile}
	case err != nil:
		return "", 0, Verdict{Status: Unreadable, Err: fmt.Errorf("pin: %w", err)}
	case !strings.HasPrefix(string(data), scheme):
		return "", 0, Verdict{Status: Unreadable, Err: fmt.Errorf("pin: %s: %w", l.File, errDamaged)}
	}
	if tries, err = readCount(l.File); err != nil {
		return "", 0, Verdict{Status: Unreadable, Err: err}
	}
	return string(data), tries, Verdict{Status: Ready}
}

// status is what the gate says now. After a start the pause of the last failure begins anew: the terminal's clock may have changed while it was off, and
// whoever pulls the plug must not gain by it.
func (l *Lock) status() Verdict {
	_, n, v := l.read()
	if v.Status != Ready {
		return v
	}
	if !l.known || n != l.tries {
		l.known, l.tries, l.until = true, n, l.now().Add(pause(min(n, lockAfter)))
	}
	switch {
	case n >= lockAfter:
		return Verdict{Status: Locked}
	case l.now().Before(l.until):
		return Verdict{Status: Waiting, Until: l.until}
	}
	return Verdict{Status: Ready, Left: max(0, freeTries-n)}
}

// Try tries a PIN. The failure is on disk before the PIN is looked at, and taken back when it was right: whoever cuts the power in between has used
// a try up.
func (l *Lock) Try(pin string) Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v := l.status(); v.Status != Ready {
		return v
	}
	line, _, v := l.read()
	if v.Status != Ready {
		return v
	}
	if err := writeCount(l.File, l.tries+1); err != nil {
		return Verdict{Status: Unreadable, Err: err}
	}
	right, err := matches(line, pin)
	if err != nil {
		return Verdict{Status: Unreadable, Err: fmt.Errorf("pin: %s: %w", l.File, err)}
	}
	if right {
		if err := Unlock(l.File); err != nil {
			return Verdict{Status: Unreadable, Err: err}
		}
		l.tries, l.until = 0, time.Time{}
		return Verdict{Status: Open}
	}
	l.tries++
	l.until = l.now().Add(pause(l.tries))
	if v := l.status(); v.Status != Ready {
		return v
	}
	return Verdict{Status: Wrong, Left: freeTries - l.tries}
}
