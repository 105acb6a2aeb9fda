package machine

import (
	"context"
	"fmt"
	"image/png"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"infomat/apiclient/registrysim"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// hall is the clinic's hall: the computer, what it is connected to, and a person in front of it.
type hall struct {
	*computer
	registry *registry
	paper    *virtual.Printer
	memory   memory
	pictures string
	taken    int           // pictures
	answered int           // bookings before the disk was made slow
	patience time.Duration // how many times longer than it needs somebody waits for the computer; 0: once
}

// The deadlines. An emulated computer is some twenty times slower than a terminal, and the host has other work.
const (
	bootWithin   = 15 * time.Minute
	screenWithin = 4 * time.Minute
	lookWithin   = 2 * time.Minute // of a command in the shell

	glance = 500 * time.Millisecond // between two looks at the screen
)

// enter builds what is needed and opens the hall. The computer is off.
func enter(t *testing.T) *hall {
	t.Helper()
	work, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	build := filepath.Join(work, "build", "machine")
	h := &hall{pictures: filepath.Join(build, "pictures", os.Getenv("INFOMAT_MACHINE"))}
	if err := os.RemoveAll(h.pictures); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{build, h.pictures} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	sim, err := registrysim.New(registrysim.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(build, "lpu"), []byte(sim.LPU().String()), 0o644); err != nil {
		t.Fatal(err)
	}
	port := os.Getenv("INFOMAT_MACHINE_PORT")
	if port == "" {
		port = "18443"
	}
	packages := strings.Fields(os.Getenv("INFOMAT_MACHINE_PACKAGES"))
	builder := exec.CommandContext(t.Context(), "packaging/machine/disk.sh", append([]string{port}, packages...)...)
	builder.Dir, builder.Stdout, builder.Stderr = work, os.Stderr, os.Stderr
	if err := builder.Run(); err != nil {
		t.Fatalf("the disk: %v", err)
	}
	if h.registry, err = openRegistry(build, "127.0.0.1:"+port, sim); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.registry.Close)
	profile, err := escpos.ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	if h.paper, err = virtual.Start(virtual.Options{Profile: profile, Baud: 9600}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.paper.Close() })
	dir, err := os.MkdirTemp("", "infomat-machine-")
	if err != nil {
		t.Fatal(err)
	}
	h.computer = &computer{
		build: build, run: dir, printer: h.paper.Path(), metrics: freeAddress(t), closed: freeAddress(t),
	}
	if err := h.shows(t.Context(), "walk"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.cut(); err != nil {
			t.Error(err)
		}
		if !t.Failed() {
			_ = os.RemoveAll(dir)
			return
		}
		t.Logf("what is left of the computer: %s", dir)
	})
	return h
}

// freeAddress returns an address of the loopback that nobody listens at.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// shows lets the program of the package show its screens on the host: of --walk, or of --technician.
func (h *hall) shows(ctx context.Context, who string) error {
	dir := filepath.Join(h.build, "walk", who)
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	c := exec.CommandContext(ctx, "scripts/xvfb.sh", "build/hardened/infomat", "demo", "--"+who, dir, "--size",
		fmt.Sprintf("%dx%d", width, height))
	c.Dir = filepath.Join(h.build, "..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("machine: infomat demo --%s: %w: %s", who, err, out)
	}
	if who == "technician" {
		return h.memory.rememberPages(dir)
	}
	return h.memory.rememberVisit(dir)
}

// look returns the screen that the monitor shows, or nil.
func (h *hall) look(t *testing.T) *remembered {
	t.Helper()
	img, err := h.picture()
	if err != nil {
		t.Fatal(err)
	}
	s, err := see(img)
	if err != nil {
		return nil // the monitor is in another mode
	}
	screen, _ := h.memory.recognise(&s)
	return screen
}

// past reports whether the monitor shows another screen than the named one.
func (h *hall) past(t *testing.T, name string) bool {
	t.Helper()
	now := h.look(t)
	return now == nil || now.name != name
}

// keep keeps a picture of what the monitor shows, under the name of a stage.
func (h *hall) keep(t *testing.T, stage string) {
	t.Helper()
	img, err := h.picture()
	if err != nil {
		t.Fatal(err)
	}
	h.taken++
	f, err := os.Create(filepath.Join(h.pictures, fmt.Sprintf("%03d-%s.png", h.taken, stage)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, img); err != nil {
		t.Fatal(err)
	}
	s, err := see(img)
	if err != nil {
		t.Error(err)
	} else if s.blank() {
		t.Errorf("%s: the monitor is of one colour", stage)
	}
	_, d := h.memory.recognise(&s)
	t.Logf("%s: %s, %.1f away from what is known, %s after power", stage, f.Name(), d,
		time.Since(h.began).Round(time.Second))
}

// await waits until the monitor shows one of the screens.
func (h *hall) await(t *testing.T, within time.Duration, names ...string) *remembered {
	t.Helper()
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(glance) {
		if s := h.look(t); s != nil {
			for _, n := range names {
				if s.name == n {
					return s
				}
			}
		}
	}
	h.keep(t, "missed-"+names[0])
	h.tells(t)
	t.Fatalf("the screen %s did not come within %s", strings.Join(names, " or "), within)
	return nil
}

// tells logs what the computer says of itself, as far as it answers.
func (h *hall) tells(t *testing.T) {
	t.Helper()
	said, err := h.shell.run(lookWithin, `uptime; systemctl is-system-running; systemctl --failed --no-legend
		systemctl list-jobs --no-legend; journalctl -b -q --no-pager -p notice -n 40; free -m
		ls -l /dev/infomat-printer /dev/ttyUSB*; infomat diag --config /etc/infomat/infomat.toml`)
	t.Logf("the computer: %v\n%s", err, said)
}

// touch taps a target of a screen.
func (h *hall) touch(t *testing.T, s *remembered, target string) {
	t.Helper()
	at, ok := s.targets[target]
	if !ok {
		t.Fatalf("the screen %s has no target %q: %v", s.name, target, s.targets)
	}
	if err := h.monitor.tap(at[0], at[1], width, height); err != nil {
		t.Fatal(err)
	}
}

// book taps from the welcome screen to the tap on «Забронировать», calls before just before that one, and waits until
// the booking has reached something. As a person does, it taps once more while the page still asks.
func (h *hall) book(t *testing.T, before func(), what string, reached func() bool) {
	t.Helper()
	for _, name := range []string{"welcome", "age", "speciality", "doctor", "time"} {
		s := h.await(t, screenWithin, name)
		h.keep(t, name)
		h.leads(t, s, s.tapped)
	}
	s := h.await(t, screenWithin, "check")
	h.keep(t, "check")
	time.Sleep(2 * reads)
	if before != nil {
		before()
	}
	h.touch(t, s, s.tapped)
	again := time.Now().Add(patience)
	until(t, screenWithin, what, func() bool {
		if reached() {
			return true
		}
		if time.Now().After(again) {
			again = time.Now().Add(patience)
			if !h.past(t, "check") {
				t.Log("check: nothing came of the tap")
				h.touch(t, s, s.tapped)
			}
		}
		return false
	})
}

// reads is how long a person reads before a tap. The terminal takes no tap on what nobody can have read yet.
const reads = 4 * time.Second

// A person taps once more when nothing has come of a tap for a while, and gives up after some taps.
const taps, patience = 6, 20 * time.Second

// leads taps a target that leads to another screen, and, as a person does, once more if nothing comes of it.
func (h *hall) leads(t *testing.T, s *remembered, target string) {
	t.Helper()
	for range taps {
		time.Sleep(reads)
		h.touch(t, s, target)
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(glance) {
			if h.past(t, s.name) {
				return
			}
		}
		t.Logf("%s: nothing came of a tap on %s", s.name, target)
	}
	h.keep(t, "stuck-"+s.name)
	t.Fatalf("the screen %s did not go away after %d taps", s.name, taps)
}

// answers taps a target until the screen answers in any way.
func (h *hall) answers(t *testing.T, s *remembered, target string) {
	t.Helper()
	time.Sleep(reads)
	before, err := h.picture()
	if err != nil {
		t.Fatal(err)
	}
	for range taps {
		h.touch(t, s, target)
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(glance) {
			now, err := h.picture()
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(now, before) {
				return
			}
		}
		t.Logf("%s: nothing came of a tap on %s", s.name, target)
	}
}

// ask runs a command in the test's shell.
func (h *hall) ask(t *testing.T, command string) string {
	t.Helper()
	out, err := h.shell.run(lookWithin, command)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// says reports whether a command succeeds.
func (h *hall) says(command string) bool {
	_, err := h.shell.run(lookWithin, command)
	return err == nil
}

// until waits until something is true. It looks often: a ticket is on the line for less than a second.
func until(t *testing.T, within time.Duration, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s: not within %s", what, within)
}
