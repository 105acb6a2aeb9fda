package virtual_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func profile(t testing.TB, name string) escpos.Profile {
	t.Helper()
	p, err := escpos.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// host is a printer and the port at the other end of its line.
type host struct {
	t       *testing.T
	printer *virtual.Printer
	port    *serialport.Port
}

func start(t *testing.T, o virtual.Options, flow serialport.Flow) *host {
	t.Helper()
	v, err := virtual.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	baud := o.Baud
	if baud == 0 {
		baud = 115200
	}
	port, err := serialport.Open(serialport.Config{Name: v.Path(), Baud: baud, Flow: flow, Buffer: o.Buffer})
	if err != nil {
		t.Fatal(errors.Join(err, v.Close()))
	}
	t.Cleanup(func() {
		_ = port.Close() // some tests have cut the line
		_ = v.Close()
	})
	return &host{t, v, port}
}

func (h *host) send(data ...byte) {
	h.t.Helper()
	if err := h.port.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.port.Write(data); err != nil {
		h.t.Fatal(err)
	}
}

// expect reads so many bytes as are expected.
func (h *host) expect(want ...byte) {
	h.t.Helper()
	if err := h.port.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		h.t.Fatal(err)
	}
	got := make([]byte, len(want))
	if n, err := io.ReadFull(h.port, got); err != nil || !bytes.Equal(got, want) {
		h.t.Fatalf("got % x (%v), want % x", got[:n], err, want)
	}
}

// silence is a while in which nothing comes.
func (h *host) silence() {
	h.t.Helper()
	if err := h.port.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		h.t.Fatal(err)
	}
	var b [1]byte
	if _, err := h.port.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) {
		h.t.Fatalf("%#02x came (%v), and nothing should have", b, err)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 1000 {
		if is() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}
