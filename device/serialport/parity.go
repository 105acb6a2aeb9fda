package serialport

import (
	"fmt"
	"time"

	"github.com/tarm/serial"
)

// Parity is the bit behind the eight of a byte, by which a printer finds a byte with one wrong bit: it prints ? in its
// place, or drops it. A byte of a printer that is found wrong is dropped, and counted: see Port.Disturbances.
type Parity string

// The kinds of parity.
const (
	ParityNone Parity = "none" // there is no such bit
	ParityEven Parity = "even"
	ParityOdd  Parity = "odd"
)

// ParseParity returns the parity that s names. The error wraps ErrParity.
func ParseParity(s string) (Parity, error) {
	switch p := Parity(s); p {
	case ParityNone, ParityEven, ParityOdd:
		return p, nil
	}
	return "", fmt.Errorf("%q: %w", s, ErrParity)
}

// tarm returns the configuration of the library.
func (c Config) tarm() *serial.Config {
	t := &serial.Config{Name: c.Name, Baud: c.Baud}
	switch c.Parity {
	case ParityEven:
		t.Parity = serial.ParityEven
	case ParityOdd:
		t.Parity = serial.ParityOdd
	case ParityNone:
	}
	return t
}

// byteTime returns how long a byte is on the line: a start bit, eight of data, the parity, a stop bit.
func (c Config) byteTime() time.Duration {
	bits := 10
	if c.tarm().Parity != 0 {
		bits = 11
	}
	return time.Duration(bits) * time.Second / time.Duration(max(1, c.Baud))
}
