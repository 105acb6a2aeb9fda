package serialport

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/tarm/serial"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"infomat/device/line"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pair is a line: the port's name, and the device's end.
func pair(t *testing.T) (name string, device *os.File) {
	t.Helper()
	device, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = device.Close() // some tests have closed it
		_ = slave.Close()
	})
	return slave.Name(), device
}

func open(t *testing.T, c Config) *Port {
	t.Helper()
	p, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func TestParseFlow(t *testing.T) {
	for _, s := range []string{"none", "rtscts", "xonxoff"} {
		if f, err := ParseFlow(s); err != nil || string(f) != s {
			t.Errorf("%q: %q, %v", s, f, err)
		}
	}
	if _, err := ParseFlow("dsr"); !errors.Is(err, ErrFlow) {
		t.Errorf("dsr: %v", err)
	}
}

func TestEveryByteComesThrough(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, baud := range []int{9600, 19200, 115200} {
		name, device := pair(t)
		p := open(t, Config{Name: name, Baud: baud, Flow: FlowNone})
		if n, err := p.Write(all); err != nil || n != len(all) {
			t.Fatal(n, err)
		}
		got := make([]byte, len(all))
		if _, err := io.ReadFull(device, got); err != nil || !bytes.Equal(got, all) {
			t.Errorf("%d baud: the device got % x, %v", baud, got, err)
		}
		if _, err := device.Write(all); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(reader{p}, got); err != nil || !bytes.Equal(got, all) {
			t.Errorf("%d baud: the port got % x, %v", baud, got, err)
		}
	}
}

type reader struct{ *Port }

// A deadline that passes and a line that was cut are told apart.
func TestTimeoutIsNoHangup(t *testing.T) {
	name, device := pair(t)
	p := open(t, Config{Name: name, Baud: 9600, Flow: FlowNone})
	if err := p.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	var b [1]byte
	if _, err := p.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, line.ErrHangup) {
		t.Fatalf("nothing came: %v", err)
	}
	if err := p.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := device.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := p.Read(b[:]); !errors.Is(err, line.ErrHangup) || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("the line was cut: %v", err)
		}
		if _, err := p.Write(b[:]); !errors.Is(err, line.ErrHangup) {
			t.Errorf("writing to a line that was cut: %v", err)
		}
		if err := p.Flush(); !errors.Is(err, line.ErrHangup) {
			t.Errorf("flushing a line that was cut: %v", err)
		}
	}
}

// Close frees whoever waits, at once.
func TestCloseFreesReadAndWrite(t *testing.T) {
	name, device := pair(t)
	p := open(t, Config{Name: name, Baud: 115200, Flow: FlowXONXOFF})
	if _, err := device.Write([]byte{0x13}); err != nil { // XOFF: nothing is taken any more
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	var all sync.WaitGroup
	reading := make(chan struct{})
	all.Go(func() {
		close(reading)
		var b [1]byte
		if _, err := p.Read(b[:]); !errors.Is(err, os.ErrClosed) {
			t.Errorf("a pending Read got %v", err)
		}
	})
	all.Go(func() {
		<-reading
		if _, err := p.Write(bytes.Repeat([]byte{'x'}, 1<<16)); !errors.Is(err, os.ErrClosed) {
			t.Errorf("a pending Write got %v", err)
		}
	})
	<-reading
	time.Sleep(100 * time.Millisecond) // both wait now, or will find the port closed
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	all.Wait()
}

// A device that holds the line up fails the write when its time is over, and what is left is dropped.
func TestWriteDeadline(t *testing.T) {
	name, device := pair(t)
	p := open(t, Config{Name: name, Baud: 115200, Flow: FlowXONXOFF})
	if _, err := device.Write([]byte{0x13}); err != nil { // XOFF
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	if err := p.SetWriteDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	n, err := p.Write([]byte("xxx"))
	if !errors.Is(err, os.ErrDeadlineExceeded) || n != 0 {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if err := p.Discard(); err != nil {
		t.Fatal(err)
	}
	if n, err := p.Waiting(); n != 0 || err != nil {
		t.Errorf("%d bytes wait, %v", n, err)
	}
	if _, err := device.Write([]byte{0x11}); err != nil { // XON
		t.Fatal(err)
	}
	if err := p.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write([]byte("y")); err != nil {
		t.Fatalf("after XON: %v", err)
	}
}

func TestFlowIsSet(t *testing.T) {
	for flow, want := range map[Flow]struct{ c, i uint32 }{
		FlowNone: {0, 0}, FlowRTSCTS: {unix.CRTSCTS, 0}, FlowXONXOFF: {0, unix.IXON | unix.IXOFF},
	} {
		name, device := pair(t)
		open(t, Config{Name: name, Baud: 9600, Flow: flow})
		set, err := unix.IoctlGetTermios(int(device.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if c, i := set.Cflag&unix.CRTSCTS, set.Iflag&(unix.IXON|unix.IXOFF|unix.IXANY); c != want.c || i != want.i {
			t.Errorf("%s: cflag %#x, iflag %#x", flow, c, i)
		}
	}
}

func TestExclusive(t *testing.T) {
	name, _ := pair(t)
	p := open(t, Config{Name: name, Baud: 9600, Flow: FlowNone})
	if _, err := Open(Config{Name: name, Baud: 9600, Flow: FlowNone}); !errors.Is(err, line.ErrBusy) {
		t.Errorf("a second one: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(Config{Name: name, Baud: 9600, Flow: FlowNone})
	if err != nil {
		t.Fatalf("after Close: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNoPort(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]error{
		filepath.Join(dir, "none"): line.ErrNoPort, "": line.ErrNoPort,
		dir: ErrNotTTY, file: ErrNotTTY, os.DevNull: ErrNotTTY,
	} {
		if _, err := Open(Config{Name: name, Baud: 9600, Flow: FlowNone}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", name, err, want)
		}
	}
}

// Should the library's inside change, the port still works, with a short time-out instead of deadlines.
func TestWithoutTheLibrarysInside(t *testing.T) {
	reach = func(*serial.Port) *os.File { return nil }
	defer func() { reach = fileOf }()
	name, device := pair(t)
	p := open(t, Config{Name: name, Baud: 115200, Flow: FlowNone})
	var b [1]byte
	if _, err := p.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("nothing came: %v", err)
	}
	if _, err := device.Write([]byte("a")); err != nil {
		t.Fatal(err)
	}
	if n, err := p.Read(b[:]); n != 1 || err != nil || b[0] != 'a' {
		t.Errorf("%d %q %v", n, b, err)
	}
	if _, err := p.Write([]byte("b")); err != nil {
		t.Error(err)
	}
	if _, err := device.Read(b[:]); err != nil || b[0] != 'b' {
		t.Errorf("%q %v", b, err)
	}
	if err := errors.Join(p.SetReadDeadline(time.Now()), p.SetWriteDeadline(time.Now())); err != nil {
		t.Error(err)
	}
	if err := device.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(b[:]); !errors.Is(err, line.ErrHangup) {
		t.Errorf("the line was cut: %v", err)
	}
}
