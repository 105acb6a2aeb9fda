package serialport

import (
	"testing"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

func TestDisturbances(t *testing.T) {
	for name, c := range map[string]struct {
		count  icounter
		flow   Flow
		counts int
	}{
		"nothing":                   {icounter{RX: 5, TX: 500}, FlowNone, 0},
		"a plug without contact":    {icounter{CTS: 2, DSR: 2, DCD: 2}, FlowNone, 6},
		"bytes received wrong":      {icounter{Frame: 1, Overrun: 1, Parity: 1, Break: 1, BufOverrun: 1}, FlowXONXOFF, 5},
		"flow control":              {icounter{CTS: 8, DSR: 8}, FlowRTSCTS, 0},
		"no contact, flow control":  {icounter{CTS: 8, DSR: 8, DCD: 1}, FlowRTSCTS, 1},
		"a bell, which is no fault": {icounter{RNG: 1}, FlowNone, 0},
	} {
		if n := c.count.disturbances(c.flow); n != c.counts {
			t.Errorf("%s: %d, want %d", name, n, c.counts)
		}
	}
}

// What changes between two looks at the lines is counted, if the line does not change it to control the flow.
func TestModemLines(t *testing.T) {
	const all = unix.TIOCM_CTS | unix.TIOCM_DSR | unix.TIOCM_CD
	for name, c := range map[string]struct {
		looks  []int
		flow   Flow
		counts int
	}{
		"nothing":                   {[]int{all, all, all}, FlowNone, 0},
		"the first look":            {[]int{all}, FlowNone, 0},
		"a plug without contact":    {[]int{all, 0, all}, FlowXONXOFF, 6},
		"a printer that is busy":    {[]int{all, all &^ unix.TIOCM_CTS}, FlowNone, 1},
		"flow control":              {[]int{all, unix.TIOCM_CD, all}, FlowRTSCTS, 0},
		"no contact, flow control":  {[]int{all, 0}, FlowRTSCTS, 1},
		"a bell, and our own lines": {[]int{0, unix.TIOCM_RNG, unix.TIOCM_DTR | unix.TIOCM_RTS}, FlowNone, 0},
	} {
		var l modemLines
		for _, now := range c.looks {
			l.see(now, c.flow)
		}
		if l.changes != c.counts || !l.seen {
			t.Errorf("%s: %d, want %d", name, l.changes, c.counts)
		}
	}
}

// A pseudo-terminal counts nothing, and says so.
func TestNoDisturbancesKnown(t *testing.T) {
	_, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	p, err := Open(Config{Name: slave.Name(), Baud: 9600, Flow: FlowNone})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if n, known := p.Disturbances(); known {
		t.Errorf("%d", n)
	}
}
