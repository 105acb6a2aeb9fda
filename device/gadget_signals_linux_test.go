package device_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Signals in mid-write neither lose nor double a block.
func TestGadgetUnderSignals(t *testing.T) {
	p, end := openGadget(t)
	var all []byte
	for n := 0; len(all) < 1<<20; n++ {
		all = fmt.Appendf(all, "%d\n", n)
	}
	done := make(chan struct{})
	var others sync.WaitGroup
	others.Go(func() { signalThreads(done) })
	got := make(chan []byte, 1)
	others.Go(func() {
		b := make([]byte, len(all))
		_, err := io.ReadFull(end, b)
		if err != nil {
			t.Error(err)
		}
		got <- b
	})
	if n, err := p.Write(all); n != len(all) || err != nil {
		t.Errorf("%d of %d, %v", n, len(all), err)
	}
	b := <-got
	close(done)
	others.Wait()
	if !bytes.Equal(b, all) {
		t.Error("the printer got something else")
	}
	if rest := taken(t, end, 200*time.Millisecond); len(rest) > 0 {
		t.Errorf("and %d bytes more", len(rest))
	}
}

// signalThreads sends SIGURG, as Go's scheduler does, to all threads of the process until done is closed.
func signalThreads(done chan struct{}) {
	for {
		select {
		case <-done:
			return
		default:
		}
		tasks, _ := os.ReadDir("/proc/self/task")
		for _, task := range tasks {
			if tid, err := strconv.Atoi(task.Name()); err == nil {
				_ = unix.Tgkill(os.Getpid(), tid, unix.SIGURG) // the thread may have ended
			}
		}
	}
}

// Several answers, of which usblp has one and the printer the others, are dropped together.
func TestGadgetFlush(t *testing.T) {
	p, end := openGadget(t)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_ = end.SetWriteDeadline(time.Now().Add(20 * time.Second))
		for range 5 {
			if _, err := end.Write([]byte("old")); err != nil { // waits until the host has read the one before
				t.Error(err)
			}
		}
	}()
	for waiting := true; waiting; { // one Flush may end early on a machine that is emulated
		if err := p.Flush(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-sent:
			waiting = false
		case <-time.After(50 * time.Millisecond):
		}
	}
	time.Sleep(100 * time.Millisecond)
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := p.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	if n, err := p.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%q, %v", b[:n], err)
	}
}
