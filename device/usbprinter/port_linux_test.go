package usbprinter

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"infomat/device/line"
)

// The last block is one packet, so that a stall before it proves that the end of the job was not sent.
func TestBlocks(t *testing.T) {
	for total := 1; total < 3000; total++ {
		last := 0
		for rest := total; rest > 0; rest -= last {
			last = next(rest)
			if last < 1 || last > blockSize || last > rest {
				t.Fatalf("a block of %d of %d", last, rest)
			}
		}
		if last > packetSize || total >= packetSize && last < packetSize && total-last < packetSize {
			t.Fatalf("the last block of %d has %d bytes", total, last)
		}
	}
}

func TestEveryByteComesThrough(t *testing.T) {
	p, printer := onTerminal(t, &fake{})
	all := make([]byte, 1024)
	for i := range all {
		all[i] = byte(i)
	}
	got := make([]byte, len(all))
	var both sync.WaitGroup
	both.Go(func() {
		if _, err := io.ReadFull(printer, got); err != nil {
			t.Error(err)
		}
	})
	if n, err := p.Write(all); n != len(all) || err != nil {
		t.Fatal(n, err)
	}
	both.Wait()
	if !bytes.Equal(got, all) {
		t.Errorf("the printer got % x", got)
	}
	if _, err := printer.Write(all); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(p, got); err != nil || !bytes.Equal(got, all) {
		t.Errorf("the port got % x, %v", got, err)
	}
}

// A deadline that passes and a printer that is gone are told apart.
func TestTimeoutIsNoHangup(t *testing.T) {
	p, printer := onTerminal(t, &fake{})
	if err := p.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	var b [1]byte
	if _, err := p.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, line.ErrHangup) {
		t.Fatalf("nothing came: %v", err)
	}
	if err := errors.Join(p.SetReadDeadline(time.Time{}), printer.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(b[:]); !errors.Is(err, line.ErrHangup) {
		t.Errorf("reading: %v", err)
	}
	if _, err := p.Write(b[:]); !errors.Is(err, line.ErrHangup) {
		t.Errorf("writing: %v", err)
	}
	if err := p.Flush(); !errors.Is(err, line.ErrHangup) {
		t.Errorf("flushing: %v", err)
	}
}

// A printer that takes nothing ends the write by its deadline. What it had not taken is dropped with the file,
// and the deadlines hold for the new one.
func TestWriteDeadline(t *testing.T) {
	f := &fake{}
	p, printer := onTerminal(t, f)
	reopened := 0
	open := f.open
	f.open = func() (*os.File, error) { reopened++; return open() }
	if err := errors.Join(p.SetWriteDeadline(time.Now().Add(100*time.Millisecond)),
		p.SetReadDeadline(time.Now().Add(100*time.Millisecond))); err != nil {
		t.Fatal(err)
	}
	n, err := p.Write(make([]byte, 1<<20))
	if !errors.Is(err, os.ErrDeadlineExceeded) || n == 1<<20 {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if _, err := p.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	if err := p.Discard(); err != nil || reopened != 0 { // a pseudo-terminal has taken each block
		t.Fatalf("reopened %d times, %v", reopened, err)
	}
	stuck := &stuck{fake: f}
	p.config.Driver = stuck
	if n, err := p.Waiting(); n == 0 || err != nil {
		t.Errorf("%d bytes wait, %v", n, err)
	}
	if err := p.Discard(); err != nil || reopened != 1 {
		t.Fatalf("reopened %d times, %v", reopened, err)
	}
	if _, err := p.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the deadline is not kept: %v", err)
	}
	f.open = func() (*os.File, error) { return nil, syscall.ENODEV }
	if err := p.Discard(); !errors.Is(err, line.ErrNoPort) {
		t.Errorf("pulled meanwhile: %v", err)
	}
	if _, err := p.Write([]byte("x")); !errors.Is(err, line.ErrHangup) {
		t.Errorf("writing after that: %v", err)
	}
	_ = printer.Close()
}

// stuck is a driver whose printer takes nothing.
type stuck struct{ *fake }

func (stuck) Taken(int) error { return syscall.EAGAIN }

// A block that the printer does not take counts as handed over: it may have got it.
func TestBlockThatIsNotTaken(t *testing.T) {
	f := &fake{}
	p, _ := onTerminal(t, f)
	p.config.Driver = stuck{f}
	if err := p.SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ size, want int }{{64, 64}, {100, 36}, {2000, 512}} {
		if n, err := p.Write(make([]byte, c.size)); n != c.want || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%d of %d, %v; want %d", n, c.size, err, c.want)
		}
		if err := p.SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := p.Waiting(); n != 512 || err != nil {
		t.Errorf("%d bytes wait, %v", n, err)
	}
}

func TestCloseFreesReadAndWrite(t *testing.T) {
	p, _ := onTerminal(t, &fake{})
	var all sync.WaitGroup
	all.Go(func() {
		if _, err := p.Read(make([]byte, 1)); !errors.Is(err, os.ErrClosed) {
			t.Errorf("a pending Read got %v", err)
		}
	})
	all.Go(func() {
		if _, err := p.Write(make([]byte, 1<<20)); !errors.Is(err, os.ErrClosed) {
			t.Errorf("a pending Write got %v", err)
		}
	})
	time.Sleep(50 * time.Millisecond) // both wait now, or will find the port closed
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	all.Wait()
	if err := p.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
}

// An empty packet is no end of the line.
func TestEmptyPackets(t *testing.T) {
	p, printer := onPackets(t, &fake{})
	send(t, printer, "", "", "a")
	b := make([]byte, 8)
	if n, err := p.Read(b); n != 1 || err != nil || b[0] != 'a' {
		t.Errorf("%q, %v", b[:n], err)
	}
	send(t, printer, "")
	if err := p.SetReadDeadline(time.Now().Add(20 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("after an empty packet: %v", err)
	}
}

// send sends packets.
func send(t *testing.T, printer *os.File, packets ...string) {
	t.Helper()
	raw, err := printer.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	for _, packet := range packets {
		var bad error
		if err := raw.Write(func(fd uintptr) bool {
			bad = unix.Sendto(int(fd), []byte(packet), 0, nil)
			return true
		}); errors.Join(err, bad) != nil {
			t.Fatal(err, bad)
		}
	}
}

func TestFlushDropsAllPackets(t *testing.T) {
	p, printer := onPackets(t, &fake{})
	send(t, printer, "old", "older", "oldest")
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	send(t, printer, "new")
	b := make([]byte, 8)
	if n, err := p.Read(b); err != nil || string(b[:n]) != "new" {
		t.Errorf("%q, %v", b[:n], err)
	}
}

// Flush ends although the printer sends without end.
func TestFlushIsBounded(t *testing.T) {
	p, printer := onPackets(t, &fake{})
	stop := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				_, _ = printer.Write(make([]byte, 1024)) // fails when the port is closed
			}
		}
	})
	if err := p.Flush(); err != nil {
		t.Error(err)
	}
	_ = printer.SetDeadline(time.Now())
	close(stop)
	all.Wait()
}

// No signal interrupts a write: usblp would send the block, and report that it did not.
func TestSignalsAreHeldBack(t *testing.T) {
	blocked := func() string {
		data, err := os.ReadFile("/proc/thread-self/status")
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(data)) {
			if mask, ok := strings.CutPrefix(l, "SigBlk:"); ok {
				return strings.TrimSpace(mask)
			}
		}
		return ""
	}
	const all = "fffffffffffbfeff" // but SIGKILL and SIGSTOP
	if _, err := withoutSignals(func() (int, error) {
		if mask := blocked(); mask != all {
			t.Errorf("held back are %s", mask)
		}
		return 0, nil
	}); err != nil {
		t.Fatal(err)
	}
	if mask := blocked(); mask != "0000000000000000" {
		t.Errorf("still held back are %s", mask)
	}
}
