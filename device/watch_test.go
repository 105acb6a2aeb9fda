package device_test

import (
	"context"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// watched starts a watch and gives what it tells.
func watched(t *testing.T, d *device.Printer) <-chan device.Status {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan device.Status, 100)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.Watch(ctx, 5*time.Millisecond, func(s device.Status) { told <- s })
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return told
}

// next is the next change.
func next(t *testing.T, told <-chan device.Status) device.Status {
	t.Helper()
	select {
	case s := <-told:
		return s
	case <-time.After(10 * time.Second):
		t.Fatal("nothing is told")
		return device.Status{}
	}
}

func TestWatchTellsChangesOnly(t *testing.T) {
	t.Parallel()
	d, v := setup(t, virtual.Options{})
	told := watched(t, d)
	if s := next(t, told); s != (device.Status{
		Device: device.DeviceOnline, Paper: device.PaperFull, Media: device.MediaNotSupported,
	}) {
		t.Fatalf("first %+v", s)
	}
	v.SetFault(virtual.PaperLow)
	if s := next(t, told); s.Paper != device.PaperLow || !s.Ready() {
		t.Fatalf("%+v", s)
	}
	v.SetFault(virtual.CoverOpen)
	if s := next(t, told); s.Device != device.DeviceUser || s.Paper != device.PaperFull || s.Reason != "cover open" {
		t.Fatalf("%+v", s)
	}
	if err := v.Unplug(); err != nil {
		t.Fatal(err)
	}
	if s := next(t, told); s.Device != device.DeviceNone || s.Paper != device.PaperUnknown {
		t.Fatalf("%+v", s)
	}
	v.SetFault(virtual.None)
	if err := v.Plug(); err != nil {
		t.Fatal(err)
	}
	for s := range told { // the line may be seen cut in one way and another
		if s.Device == device.DeviceOnline {
			break
		}
		if s.Device != device.DeviceNone {
			t.Fatalf("%+v", s)
		}
	}
	r := d.Print(t.Context(), job(profile(t, "epson"), 1))
	if r.Outcome != device.Printed {
		t.Fatal(r.Err)
	}
	select {
	case s := <-told:
		t.Errorf("told %+v, and nothing has changed", s)
	case <-time.After(50 * time.Millisecond):
	}
}

// presenterOf is a presenter that waits for a time.
func presenterOf(t *testing.T, wait string) escpos.Profile {
	t.Helper()
	all, err := escpos.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	own, err := escpos.Parse("own.toml", []byte(`[mine]
like = "custom-vkp80"
presenter = { eject = "1D 65 05", present = "1D 65 03 0C", retract = "1D 65 02", wait = "`+wait+`" }
`), all)
	if err != nil {
		t.Fatal(err)
	}
	return own["mine"]
}

func TestTicketIsPresentedAndTaken(t *testing.T) {
	t.Parallel()
	p := presenterOf(t, "1h")
	d, v := setup(t, virtual.Options{Profile: p})
	told := watched(t, d)
	if s := next(t, told); s.Media != device.MediaNotPresent {
		t.Fatalf("%+v", s)
	}
	for range 2 {
		if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Printed {
			t.Fatal(r.Err)
		}
		until(t, told, device.MediaPresent)
		if !v.TakeTicket() {
			t.Fatal("nothing to take")
		}
		until(t, told, device.MediaTaken)
	}
	for _, paper := range v.Papers() {
		if paper.Fate != virtual.Taken {
			t.Errorf("a ticket's fate is %d", paper.Fate)
		}
	}
}

func TestTicketThatNobodyTakesIsRetracted(t *testing.T) {
	t.Parallel()
	p := presenterOf(t, "100ms")
	d, v := setup(t, virtual.Options{Profile: p})
	told := watched(t, d)
	if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Printed {
		t.Fatal(r.Err)
	}
	until(t, told, device.MediaRetracted)
	eventually(t, "the presenter retracts it", func() bool { return v.Papers()[0].Fate == virtual.Retracted })
}

// A ticket that still stands in the mouth does not pass for the next one.
func TestOldTicketAtTheMouthIsNoProof(t *testing.T) {
	t.Parallel()
	p := presenterOf(t, "1h")
	d, v := setup(t, virtual.Options{Profile: p, Speed: 200})
	if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Printed {
		t.Fatal(r.Err)
	}
	v.FaultAtItem(2, virtual.Jam)
	if r := d.Print(t.Context(), job(p, 2)); r.Outcome == device.Printed {
		t.Error("called printed")
	}
}

// until waits for a state of the ticket.
func until(t *testing.T, told <-chan device.Status, m device.MediaState) {
	t.Helper()
	for {
		if s := next(t, told); s.Media == m {
			return
		}
	}
}
