package serialport

import (
	"errors"
	"testing"
	"time"

	"github.com/tarm/serial"
)

func TestParity(t *testing.T) {
	for s, want := range map[string]serial.Parity{"none": 0, "even": serial.ParityEven, "odd": serial.ParityOdd} {
		p, err := ParseParity(s)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Config{Baud: 9600, Parity: p}).tarm(); got.Parity != want || got.Baud != 9600 {
			t.Errorf("%s: %+v", s, got)
		}
	}
	for _, s := range []string{"", "mark", "Even"} {
		if _, err := ParseParity(s); !errors.Is(err, ErrParity) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// A byte with a parity bit takes longer.
func TestTimeOfAByte(t *testing.T) {
	for parity, bits := range map[Parity]time.Duration{"": 10, ParityNone: 10, ParityEven: 11, ParityOdd: 11} {
		name, _ := pair(t)
		p := open(t, Config{Name: name, Baud: 1200, Parity: parity})
		if got, want := p.Time(1), bits*time.Second/1200; got != want {
			t.Errorf("%q: %v, want %v", parity, got, want)
		}
	}
}
