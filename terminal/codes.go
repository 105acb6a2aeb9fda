package terminal

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"infomat/device/line"
	"infomat/device/scanner"
	"infomat/device/serialport"
	"infomat/kiosk/config"
	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// codes hands each code that was read to the one who waits for it: the technicians' page while it is shown, else the
// visit. Where nobody waits, the number is overwritten. It is safe for concurrent use.
type codes struct {
	mu    sync.Mutex
	page  chan<- desk.Scan    // nil: the page is not shown
	visit func(policy []byte) // nil: no visit asks for a policy
}

// heard takes a code over. It does not block.
func (c *codes) heard(s scanner.Scan) {
	c.mu.Lock()
	page, visit := c.page, c.visit
	c.mu.Unlock()
	switch {
	case page != nil:
		defer s.Wipe()
		select {
		case page <- desk.Scan{At: time.Now(), Form: string(s.Form), Length: s.Length, Masked: s.Masked()}:
		default: // the page has seen enough
		}
	case visit != nil && s.Policy != nil:
		visit(s.Policy)
	default:
		s.Wipe()
	}
}

// watch tells of each code until ctx ends, and keeps it from the visit.
func (c *codes) watch(ctx context.Context, tell func(desk.Scan)) {
	scans := make(chan desk.Scan, 4)
	c.show(scans)
	defer c.show(nil)
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-scans:
			tell(s)
		}
	}
}

func (c *codes) show(page chan<- desk.Scan) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.page = page
}

// TakePolicies has take called with the number of each policy that is read while no technician looks at the scanner.
// Take owns the bytes and overwrites them; it must not block. A number that no visit asks for is nobody's: take drops
// it.
func (t *Terminal) TakePolicies(take func(policy []byte)) {
	t.codes.mu.Lock()
	defer t.codes.mu.Unlock()
	t.codes.visit = take
}

// Scanned takes a code that the window has recognised among keys.
func (t *Terminal) Scanned(s scanner.Scan) { t.codes.heard(s) }

// newScanner returns the serial scanner of the settings; nil: there is none.
func newScanner(
	c config.Scanner, heard func(scanner.Scan), changed func(), log *slog.Logger,
) (*scanner.Scanner, error) {
	if c.Port == "" {
		return nil, nil
	}
	suffix, err := scanner.ParseSuffix(c.Suffix)
	if err != nil {
		return nil, badSetting("scanner.suffix", err)
	}
	return scanner.New(scanner.Config{Port: c.Port, Baud: c.Baud, Suffix: suffix}, heard, changed, log), nil
}

// lookAtScanner judges the scanner by the line that the terminal has.
func (t *Terminal) lookAtScanner(context.Context) health.Finding {
	c := t.settings.inUse().Scanner
	if t.scanner == nil {
		return checks.NoScanner()
	}
	s := t.scanner.Status()
	return checks.Scanner(c.Port, PortThatStays(c.Port), s.Open, s.Err)
}

// AskScanner opens the scanner's line for a look. A port in use is most likely the running terminal's.
func AskScanner(c config.Scanner) health.Finding {
	if c.Port == "" {
		return checks.NoScanner()
	}
	port, err := serialport.Open(serialport.Config{Name: c.Port, Baud: c.Baud})
	if errors.Is(err, line.ErrBusy) {
		return health.New(health.PartScanner, "in_use").With(map[string]any{"Port": c.Port})
	}
	if err == nil {
		err = port.Close()
	}
	return checks.Scanner(c.Port, PortThatStays(c.Port), err == nil, err)
}
