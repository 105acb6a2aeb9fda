package terminal

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/device/scanner"
	"infomat/device/scanner/sim"
	"infomat/kiosk/desk"
	"infomat/kiosk/health"
)

// TestCodes reads codes of a scanner in software through the running terminal: the visit gets the number, a technician
// who looks gets two digits of it and the visit nothing, and where nobody waits it is dropped. Watch, diag and desk
// tell of the scanner when it is pulled out and put back.
func TestCodes(t *testing.T) {
	const number = "7700123456789012"
	port := filepath.Join(t.TempDir(), "scanner")
	gun, err := sim.Start(port, "\r")
	if err != nil {
		t.Fatal(err)
	}
	w := newBrokenWorld(t, func(w *brokenWorld) { w.config.Scanner.Port = port })
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.terminal.scanner.Run(ctx)
	}()
	t.Cleanup(func() {
		end()
		<-done
		_ = gun.Pull() // it may be out
	})
	kind := func() string { return w.terminal.lookAtScanner(t.Context()).Kind }
	wait := func(want string) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); kind() != want; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the scanner is %q, want %q", kind(), want)
			}
		}
	}
	wait(health.KindOK)
	if f := AskScanner(w.config.Scanner); f.Kind != "in_use" {
		t.Errorf("a command beside the terminal finds %+v", f)
	}

	visits := make(chan []byte, 4)
	w.terminal.TakePolicies(func(policy []byte) { visits <- policy })
	scan := func() {
		t.Helper()
		time.Sleep(600 * time.Millisecond) // nobody shows codes faster
		if err := gun.Scan("enp=" + number); err != nil {
			t.Fatal(err)
		}
	}
	scan()
	select {
	case got := <-visits:
		if string(got) != number {
			t.Errorf("the visit gets %d bytes", len(got))
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the visit gets nothing")
	}

	technician, _ := w.terminal.Desk(nil)
	shown := make(chan desk.Scan, 4)
	looking, leave := context.WithCancel(t.Context())
	left := make(chan struct{})
	go func() {
		defer close(left)
		technician.Scans(looking, func(s desk.Scan) { shown <- s })
	}()
	watched := func() bool {
		w.terminal.codes.mu.Lock()
		defer w.terminal.codes.mu.Unlock()
		return w.terminal.codes.page != nil
	}
	for !watched() {
		time.Sleep(5 * time.Millisecond)
	}
	scan()
	select {
	case s := <-shown:
		if s.Masked != "•••• •••• •••• ••12" || s.Form != "text" || s.Length != len(number)+4 {
			t.Errorf("the technician sees %+v", s)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the technician sees nothing")
	}
	leave()
	<-left
	if len(visits) > 0 {
		t.Error("a visit got the code that a technician tried")
	}

	if err := gun.Pull(); err != nil {
		t.Fatal(err)
	}
	wait("no_port")
	if f := w.terminal.lookAtScanner(t.Context()); f.Level != health.Warning || f.Closes != "" || f.NoPaper {
		t.Errorf("a scanner that is out: %+v", f)
	}
	if err := gun.Plug(); err != nil {
		t.Fatal(err)
	}
	wait(health.KindOK)
}

// TestCodesForNobody holds that a number that nobody waits for is overwritten.
func TestCodesForNobody(t *testing.T) {
	c := &codes{}
	s := scanner.Read([]byte("7700123456789012"))
	c.heard(s)
	if bytes.ContainsAny(s.Policy, "0123456789") {
		t.Error("the number is still there")
	}
}

// TestNoScanner holds that a terminal without a scanner has no page, no look and no finding but that there is none.
func TestNoScanner(t *testing.T) {
	w := newBrokenWorld(t, nil)
	if d, _ := w.terminal.Desk(nil); d.Scans != nil || w.terminal.scanner != nil {
		t.Error("there is a scanner")
	}
	for _, p := range w.terminal.watch.Parts {
		if strings.Contains(string(p.Part), "scanner") {
			t.Error("the watch looks at a scanner")
		}
	}
	if f := AskScanner(w.config.Scanner); f.Kind != "none" || f.Level != health.Skipped {
		t.Errorf("%+v", f)
	}
}
