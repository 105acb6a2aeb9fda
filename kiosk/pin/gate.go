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

// State is what the gate says.
type State int

// The states of the gate.
const (
	Open       State = iota // the PIN was right
	Ready                   // a PIN can be tried
	Wrong                   // the PIN was wrong; another can be tried
	Waiting                 // no PIN is taken until Verdict.Until
	Locked                  // too many failures: `infomat pin` unlocks
	NoFile                  // no PIN was ever set: `infomat pin` sets one
	Unreadable              // the PIN file, or the count of failures, cannot be read or written: Verdict.Err says why
)

// Verdict is the gate's answer.
type Verdict struct {
	State State
	Left  int       // how many tries are free of waiting, for Wrong
	Until time.Time // for Waiting
	Err   error     // for Unreadable: names the file and what is wrong with it
}

// errDamaged is a file that was not written by this program.
var errDamaged = errors.New("it is damaged")

// Gate asks for the PIN. It is safe for concurrent use.
type Gate struct {
	File string           // of the PIN; the failures are counted in a file beside it
	Now  func() time.Time // nil: time.Now

	mu    sync.Mutex
	tries int       // failures in a row as they were last seen on disk
	until time.Time // no PIN is taken before
	known bool      // tries and until are of this process
}

func (g *Gate) now() time.Time {
	if g.Now != nil {
		return g.Now()
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

// State tells whether a PIN can be tried now.
func (g *Gate) State() Verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.state()
}

// Peek tells what the files say, without the pauses: those are the running terminal's own.
func (g *Gate) Peek() Verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	_, n, v := g.read()
	switch {
	case v.State != Ready:
		return v
	case n >= lockAfter:
		return Verdict{State: Locked}
	}
	return Verdict{State: Ready, Left: max(0, freeTries-n)}
}

// read looks at the files anew, so that what the console has set counts at once.
func (g *Gate) read() (line string, tries int, v Verdict) {
	if g.File == "" {
		return "", 0, Verdict{State: NoFile}
	}
	data, err := os.ReadFile(g.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", 0, Verdict{State: NoFile}
	case err != nil:
		return "", 0, Verdict{State: Unreadable, Err: fmt.Errorf("pin: %w", err)}
	case !strings.HasPrefix(string(data), scheme):
		return "", 0, Verdict{State: Unreadable, Err: fmt.Errorf("pin: %s: %w", g.File, errDamaged)}
	}
	if tries, err = readCount(g.File); err != nil {
		return "", 0, Verdict{State: Unreadable, Err: err}
	}
	return string(data), tries, Verdict{State: Ready}
}

// state is what the gate says now. After a start the pause of the last failure begins anew: the terminal's clock may have changed while it was off, and
// whoever pulls the plug must not gain by it.
func (g *Gate) state() Verdict {
	_, n, v := g.read()
	if v.State != Ready {
		return v
	}
	if !g.known || n != g.tries {
		g.known, g.tries, g.until = true, n, g.now().Add(pause(min(n, lockAfter)))
	}
	switch {
	case n >= lockAfter:
		return Verdict{State: Locked}
	case g.now().Before(g.until):
		return Verdict{State: Waiting, Until: g.until}
	}
	return Verdict{State: Ready, Left: max(0, freeTries-n)}
}

// Try tries a PIN. The failure is on disk before the PIN is looked at, and taken back when it was right: whoever cuts the power in between has used
// a try up.
func (g *Gate) Try(pin string) Verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	if v := g.state(); v.State != Ready {
		return v
	}
	line, _, v := g.read()
	if v.State != Ready {
		return v
	}
	if err := writeCount(g.File, g.tries+1); err != nil {
		return Verdict{State: Unreadable, Err: err}
	}
	right, err := matches(line, pin)
	if err != nil {
		return Verdict{State: Unreadable, Err: fmt.Errorf("pin: %s: %w", g.File, err)}
	}
	if right {
		if err := Unlock(g.File); err != nil {
			return Verdict{State: Unreadable, Err: err}
		}
		g.tries, g.until = 0, time.Time{}
		return Verdict{State: Open}
	}
	g.tries++
	g.until = g.now().Add(pause(g.tries))
	if v := g.state(); v.State != Ready {
		return v
	}
	return Verdict{State: Wrong, Left: freeTries - g.tries}
}
