package serialport

import (
	"testing"

	"github.com/creack/pty"
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
