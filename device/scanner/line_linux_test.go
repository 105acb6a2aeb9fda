package scanner_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"infomat/device/line"
	"infomat/device/scanner"
	"infomat/device/scanner/sim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const number = "7700123456789012"

// bench is a scanner in software with its reader.
type bench struct {
	t       *testing.T
	gun     *sim.Scanner
	reader  *scanner.Scanner
	scans   chan scanner.Scan
	changed chan struct{}
	log     *guarded
}

// guarded is a log that can be read while it is written.
type guarded struct {
	mu sync.Mutex
	bytes.Buffer
}

func (g *guarded) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.Buffer.Write(p)
}

func (g *guarded) text() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.String()
}

func plugged(t *testing.T) *bench {
	t.Helper()
	port := filepath.Join(t.TempDir(), "scanner")
	gun, err := sim.Start(port, "\r")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, gun: gun, scans: make(chan scanner.Scan, 400), changed: make(chan struct{}, 50), log: &guarded{}}
	b.reader = scanner.New(
		scanner.Config{Port: port, Baud: 9600, Suffix: scanner.SuffixCR}, func(s scanner.Scan) { b.scans <- s },
		func() { b.changed <- struct{}{} }, slog.New(slog.NewTextHandler(b.log, nil)),
	)
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { b.reader.Run(ctx) })
	t.Cleanup(func() {
		end()
		running.Wait()
		_ = gun.Pull() // a test may have pulled it
	})
	b.wait(true)
	return b
}

// wait waits until the line is open, or lost.
func (b *bench) wait(open bool) {
	b.t.Helper()
	for deadline := time.After(20 * time.Second); b.reader.Status().Open != open; {
		select {
		case <-b.changed:
		case <-deadline:
			b.t.Fatalf("the line: %+v", b.reader.Status())
		}
	}
}

func (b *bench) next() scanner.Scan {
	b.t.Helper()
	select {
	case s := <-b.scans:
		return s
	case <-time.After(20 * time.Second):
		b.t.Fatal("no code came")
	}
	return scanner.Scan{}
}

func TestSerialScanner(t *testing.T) {
	b := plugged(t)
	if err := b.gun.Scan(number); err != nil {
		t.Fatal(err)
	}
	if s := b.next(); string(s.Policy) != number {
		t.Errorf("read %v", s)
	}
	if s := b.reader.Status(); s.Scans != 1 || s.Last != scanner.FormDigits || s.Length != 16 {
		t.Errorf("the state is %+v", s)
	}
}

// TestPulledAndPutBack holds that a scanner that is pulled out in the middle of a code and put back reads on, and that
// the half is no part of the next code.
func TestPulledAndPutBack(t *testing.T) {
	b := plugged(t)
	for range 2 {
		if err := b.gun.Send([]byte(number[:9])); err != nil {
			t.Fatal(err)
		}
		if err := b.gun.Pull(); err != nil {
			t.Fatal(err)
		}
		b.wait(false)
		if err := b.reader.Status().Err; !errors.Is(err, line.ErrHangup) && !errors.Is(err, line.ErrNoPort) {
			t.Errorf("pulled out: %v", err)
		}
		if err := b.gun.Plug(); err != nil {
			t.Fatal(err)
		}
		b.wait(true)
		if err := b.gun.Scan(number); err != nil {
			t.Fatal(err)
		}
		s := b.next()
		for s.Form == scanner.FormCut || s.Form == scanner.FormTooFast {
			s = b.next()
		}
		if string(s.Policy) != number {
			t.Errorf("put back: read %v", s)
		}
	}
}

// TestRubbish holds that nothing a scanner sends does harm, that the next code is read, and that the log has none of
// it.
func TestRubbish(t *testing.T) {
	b := plugged(t)
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, rubbish := range []string{
		string(all), strings.Repeat("x", 10<<10), strings.Repeat(number[:10]+"\r", 100), "\r\r\r\n\n", number[:8],
	} {
		if err := b.gun.Send([]byte(rubbish)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.gun.Scan(""); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // codes that come at once after another are not read
	if err := b.gun.Scan("enp=" + number); err != nil {
		t.Fatal(err)
	}
	for s := b.next(); string(s.Policy) != number; s = b.next() {
		if s.Policy != nil {
			t.Errorf("rubbish is read as a number: %v", s)
		}
	}
	if strings.Contains(b.log.text(), number[:8]) {
		t.Errorf("the log has a code: %s", b.log.text())
	}
}
