package machine

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"infomat/apiclient/registrysim"
	"infomat/device/virtual"
)

// stageCut cuts the power when a booking has come to a stage, and judges after the next boot. Before the power goes the
// printer's paper and the registry's books are known; neither may change by itself afterwards.
type stageCut struct {
	stage    string
	arm      func(h *hall) error         // before «Забронировать» is tapped
	reached  func(h *hall, old int) bool // old: bytes that the printer had before
	bookings int                         // that the registry has made of it
	after    []string                    // what the journal may say after the next boot
	offered  bool                        // the booking is offered on the first screen
}

var stageCuts = []stageCut{
	{
		stage: "INTENT", arm: func(h *hall) error { h.registry.holdConnections(); return nil },
		reached: func(h *hall, _ int) bool { return h.registry.held("connection") },
		after:   []string{"INTENT", "UNREACHABLE"},
	},
	{
		stage: "SENT", arm: func(h *hall) error { h.registry.holdAnswers(); return nil },
		reached:  func(h *hall, _ int) bool { return h.registry.held("reservation") },
		bookings: 1, after: []string{"INTENT", "SENT", "UNKNOWN", "DONE"},
	},
	{
		// PRINTING follows at once, so the disk is made slow.
		stage: "CONFIRMED", arm: (*hall).slowDisk,
		reached:  func(h *hall, _ int) bool { return h.synced() },
		bookings: 1, after: []string{"INTENT", "SENT", "CONFIRMED"}, offered: true,
	},
	{
		stage: "PRINTING", arm: func(*hall) error { return nil },
		reached:  (*hall).printing,
		bookings: 1, after: []string{"INTENT", "SENT", "CONFIRMED", "PRINTING", "PRINT_UNKNOWN"}, offered: true,
	},
	{
		stage: "PRINTED", arm: func(*hall) error { return nil },
		reached:  func(h *hall, _ int) bool { return h.lastStage() == "PRINTED" },
		bookings: 1, after: []string{"INTENT", "SENT", "CONFIRMED", "PRINTING", "PRINTED", "DONE"},
	},
}

// printing reports whether the printer has got a part of a ticket behind its first bytes. Questions for its state,
// which the terminal asks all the time, are no part of one.
func (h *hall) printing(old int) bool {
	const part = 200
	_, ticket, began := bytes.Cut(h.paper.Received()[old:], []byte{0x1B, '@'})
	return began && len(ticket) > part
}

// slowDisk limits the disk to one write a second.
func (h *hall) slowDisk() error {
	h.answered = len(h.registry.Bookings())
	return h.monitor.do("block_set_io_throttle", map[string]any{
		"device": "disk", "bps": 0, "bps_rd": 0, "bps_wr": 0, "iops": 0, "iops_rd": 0, "iops_wr": 1,
	}, nil)
}

// synced waits until the registry has answered, and then until the disk has been synced once more.
func (h *hall) synced() bool {
	const look = 5 * time.Millisecond
	before := -1
	for deadline := time.Now().Add(screenWithin); time.Now().Before(deadline); time.Sleep(look) {
		switch {
		case len(h.registry.Bookings()) == h.answered:
		case before < 0:
			before = h.flushes()
		case h.flushes() > before:
			return true
		}
	}
	return false
}

// flushes returns how often the disk has been synced.
func (h *hall) flushes() (n int) {
	var disks []struct {
		Stats struct {
			Flushes int `json:"flush_operations"`
		}
	}
	if err := h.monitor.do("query-blockstats", nil, &disks); err != nil {
		return 0
	}
	for _, d := range disks {
		n += d.Stats.Flushes
	}
	return n
}

// powerCut cuts the power at a stage and judges.
func (h *hall) powerCut(t *testing.T, c stageCut) {
	bookings, received := len(h.registry.Bookings()), 0
	h.book(t, func() {
		received = len(h.paper.Received())
		if err := c.arm(h); err != nil {
			t.Fatal(err)
		}
	}, "the stage "+c.stage, func() bool { return c.reached(h, received) })
	if c.stage == "PRINTED" {
		h.keep(t, "before-cut-"+c.stage)
	}
	if err := h.cut(); err != nil {
		t.Fatal(err)
	}
	// The printer hangs on the same plug.
	h.paper.SetFault(virtual.NoPower)
	time.Sleep(time.Second)
	h.paper.SetFault(virtual.None)
	h.registry.release()
	papers := len(h.paper.Papers())

	if err := h.on(t.Context(), power{}); err != nil {
		t.Fatal(err)
	}
	if c.offered {
		h.offers(t)
	} else {
		h.await(t, bootWithin, "welcome")
	}
	h.keep(t, "after-cut-"+c.stage)
	made := h.registry.Bookings()[bookings:]
	if len(made) != c.bookings {
		t.Errorf("the registry has made %d bookings, not %d", len(made), c.bookings)
	}
	for _, b := range made {
		if n := h.registry.Posts(b.RequestID); n != 1 {
			t.Errorf("the booking was asked for %d times", n)
		}
	}
	if n := len(h.paper.Papers()); n != papers {
		t.Errorf("%d pieces of paper came out by themselves", n-papers)
	}
	h.journalSays(t, c.after)
	if c.offered {
		h.takesOffer(t, made[0], slices.Contains(c.after, "PRINT_UNKNOWN"))
	}
}

// journalSays waits until the journal has the stages of a booking.
func (h *hall) journalSays(t *testing.T, want []string) {
	t.Helper()
	var have []string
	for deadline := time.Now().Add(lookWithin); ; time.Sleep(2 * time.Second) {
		if have, _ = h.stages(t); slices.Equal(have, want) || time.Now().After(deadline) {
			break
		}
	}
	if !slices.Equal(have, want) {
		t.Errorf("the journal has %v, not %v", have, want)
	}
}

// offers waits for the screen that offers the booking's ticket: it is none of a visit's, and has a big button.
func (h *hall) offers(t *testing.T) {
	t.Helper()
	until(t, bootWithin, "the offer", func() bool {
		img, err := h.picture()
		if err != nil {
			t.Fatal(err)
		}
		s, err := see(img)
		if err != nil {
			return false
		}
		screen, _ := h.memory.recognise(&s)
		_, _, err = bigButton(img)
		return screen == nil && err == nil
	})
}

// takesOffer taps «Напечатать». One ticket with the booking's number comes out, marked as a copy if the first may have
// come out too.
func (h *hall) takesOffer(t *testing.T, b registrysim.Booking, mayBeTwo bool) {
	t.Helper()
	papers := len(h.paper.Papers())
	img, err := h.picture()
	if err != nil {
		t.Fatal(err)
	}
	x, y, err := bigButton(img)
	if err != nil {
		h.keep(t, "no-offer")
		t.Fatal(err)
	}
	offer, err := see(img)
	if err != nil {
		t.Fatal(err)
	}
	h.leavesBy(t, &offer, x, y)
	until(t, screenWithin, "the ticket's paper", func() bool { return len(h.paper.Papers()) > papers })
	until(t, screenWithin, "the end of the print", func() bool { return h.lastStage() == "PRINTED" })
	time.Sleep(2 * reads) // a screen
	h.keep(t, "offer-taken")
	all := h.paper.Papers()[papers:]
	if len(all) != 1 || !strings.Contains(all[0].Text(), b.Num) {
		t.Errorf("%d pieces of paper came out; the number is %s:\n%s", len(all), b.Num, all[0].Text())
	}
	if marked := strings.Contains(strings.ToLower(all[0].Text()), "копия"); marked != mayBeTwo {
		t.Errorf("marked as a copy: %v, not %v:\n%s", marked, mayBeTwo, all[0].Text())
	}
	h.home(t)
}

// leavesBy taps a place of a screen until it goes away, as a person does.
func (h *hall) leavesBy(t *testing.T, from *sight, x, y int) {
	t.Helper()
	const taps, patience = 4, 30 * time.Second
	for range taps {
		time.Sleep(2 * reads)
		if err := h.monitor.tap(x, y, width, height); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(glance) {
			img, err := h.picture()
			if err != nil {
				t.Fatal(err)
			}
			if now, err := see(img); err == nil && now.distance(from) > 1 {
				return
			}
		}
	}
	h.keep(t, "stuck")
	t.Fatalf("the screen did not go away after %d taps", taps)
}

// held reports whether something has been held since the last release.
func (r *registry) held(what string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return r.waitFor(ctx, what) == nil
}
