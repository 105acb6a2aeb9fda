package device_test

import (
	"strconv"
	"strings"
	"testing"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

// A terminal that was switched off in mid-job finds the rest of it in the printer's buffer when it comes back.
func TestWhatAnotherLifeLeftIsNotPrinted(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setup(t, virtual.Options{Profile: p})
	v.SetFault(virtual.CoverOpen)
	leave(t, v, job(p, 1).Data)
	if r := d.Print(t.Context(), job(p, 2)); r.Outcome != device.Failed {
		t.Fatalf("%s (%v) with an open cover", r.Outcome, r.Err)
	}
	v.SetFault(virtual.None)
	right(t, d, v, p, job(p, 3))
	if n := len(v.Papers()); n != 1 {
		t.Errorf("%d papers", n)
	}
}

// A picture that was cut off makes a printer wait for its rest: without it the next ticket would become dots.
func TestAPictureCutOffIsEnded(t *testing.T) {
	t.Parallel()
	p := stubborn(t, "raster")
	d, v := setup(t, virtual.Options{Profile: p, CutAt: 300})
	if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Failed && r.Outcome != device.Unknown {
		t.Fatal(r.Outcome)
	}
	if err := v.Plug(); err != nil {
		t.Fatal(err)
	}
	right(t, d, v, p, job(p, 2))
	if text := v.Papers(); len(text) != 2 {
		t.Errorf("%d papers, want what was broken off, marked, and the ticket", len(text))
	}
}

// stubborn is a printer that keeps what it has: it knows no command that clears its buffer.
func stubborn(t *testing.T, like string) escpos.Profile {
	t.Helper()
	all, err := escpos.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	own, err := escpos.Parse("own.toml", []byte("[stubborn]\nlike = \""+like+"\"\nclear = \"none\"\n"), all)
	if err != nil {
		t.Fatal(err)
	}
	return own["stubborn"]
}

// leave sends bytes as an earlier life of the terminal did, before it was switched off.
func leave(t *testing.T, v *virtual.Printer, data []byte) {
	t.Helper()
	port, err := serialport.Open(serialport.Config{Name: v.Path(), Baud: 115200, Flow: serialport.FlowNone})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := port.Write(data); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the old job has come", func() bool { return len(v.Received()) == len(data) })
	if err := port.Close(); err != nil {
		t.Fatal(err)
	}
}

// A terminal that was switched off in the middle of a picture knows nothing of it when it comes back: the
// printer waits for the picture's rest, and the next ticket must not become it.
func TestAPictureOfAnotherLifeIsEnded(t *testing.T) {
	t.Parallel()
	p := stubborn(t, "raster")
	old := job(p, 1)
	for _, at := range []int{14, 20, 300, 800} {
		t.Run(strconv.Itoa(at), func(t *testing.T) {
			t.Parallel()
			d, v := setup(t, virtual.Options{Profile: p})
			leave(t, v, old.Data[:at])
			second := job(p, 2)
			r := d.Print(t.Context(), second)
			all := v.Papers()
			if r.Outcome != device.Printed || !strings.HasSuffix(
				look(all[len(all)-1]), look(virtual.Interpret(second.Data, p)[0]),
			) {
				t.Fatalf("%s (%v), and not whole on the last of %d papers", r.Outcome, r.Err, len(all))
			}
			right(t, d, v, p, job(p, 3))
		})
	}
}

// Below half a ticket stands that it is none.
func TestHalfATicketIsMarked(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setup(t, virtual.Options{Profile: p, CutAt: 60})
	first := job(p, 1)
	if r := d.Print(t.Context(), first); r.Outcome == device.Printed {
		t.Fatal("called printed")
	}
	if err := v.Plug(); err != nil {
		t.Fatal(err)
	}
	right(t, d, v, p, job(p, 2))
	if all := v.Papers(); len(all) != 2 || !strings.Contains(
		all[0].Text(), "Талон № 1",
	) || !strings.Contains(all[0].Text(), voidText) {
		t.Errorf("%d papers, first %q", len(all), all[0].Text())
	}
}
