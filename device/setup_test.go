package device_test

import (
	"flag"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

// TestMain lets many tests run side by side: they wait for printers, and hardly compute. When one is fuzzed, the flag
// counts its processes.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() == "" {
		if err := flag.Set("test.parallel", "64"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

func profile(t testing.TB, name string) escpos.Profile {
	t.Helper()
	p, err := escpos.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func names(t testing.TB) []string {
	t.Helper()
	all, err := escpos.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return all.Names()
}

const voidText = "не талон"

// setup starts a virtual printer and a device at the other end of its line.
func setup(t testing.TB, o virtual.Options) (*device.Printer, *virtual.Printer) {
	t.Helper()
	if o.Profile.Name == "" {
		o.Profile = profile(t, "epson")
	}
	o.Speed = observable(o)
	v, err := virtual.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	baud := o.Baud
	if baud == 0 {
		baud = 115200
	}
	d := device.New(device.Config{
		Port: v.Path(), Baud: baud, Flow: serialport.FlowNone, Profile: o.Profile,
		Timeout: 10 * time.Second, // a busy machine prints a picture slowly
		Answer:  3 * time.Second, Void: text(o.Profile, voidText), Open: opener(v, o, v.Path()),
	}, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		_ = d.Close() // some tests have cut the line
		_ = v.Close()
	})
	return d, v
}

// observable returns the speed at which a printer of the options prints: where the motor confirms a job, so slowly that
// it is seen running on a busy machine too.
func observable(o virtual.Options) int {
	if o.Profile.Confirm == escpos.ConfirmMotor && o.Speed == 0 {
		return 200
	}
	return o.Speed
}

// text is a job of some lines.
func text(p escpos.Profile, lines ...string) []byte {
	e := escpos.NewEncoder(p)
	for _, l := range lines {
		e.Line(l)
	}
	e.Cut()
	return e.Bytes()
}

// job is a ticket that can be told from any other on the paper, also in dots.
func job(p escpos.Profile, number int) device.Job {
	name := fmt.Sprintf("Талон № %d", number)
	return device.Job{ID: uuid.New(), Data: text(p, name, "Кабинет 202", strings.Repeat("строка ", 3), "конец "+name)}
}

// whole tells how many of the papers are this job's ticket, complete and with nothing else on it.
func whole(t testing.TB, p escpos.Profile, papers []virtual.Paper, j device.Job) (n int) {
	t.Helper()
	want := look(virtual.Interpret(j.Data, p)[0])
	for _, paper := range papers {
		if look(paper) == want {
			n++
		}
	}
	return n
}

// ends tells on how many of the papers this job's ticket stands complete, with nothing below it. Above it may be what
// noise on the line has printed.
func ends(t testing.TB, p escpos.Profile, papers []virtual.Paper, j device.Job) (n int) {
	t.Helper()
	want := look(virtual.Interpret(j.Data, p)[0])
	for _, paper := range papers {
		if strings.HasSuffix("\n"+look(paper), "\n"+want) {
			n++
		}
	}
	return n
}

// look is a paper's contents, dots included, without the blank above them. A printer without a cutter makes one
// paper of all; see papers.
func look(p virtual.Paper) string {
	var b strings.Builder
	items := p.Items
	for len(items) > 0 && items[0].Feed > 0 {
		items = items[1:]
	}
	for _, it := range items {
		if it.Raster != nil {
			fmt.Fprintf(&b, "%x\n", it.Raster.Bits)
		}
		for _, r := range it.Runs {
			b.WriteString(r.Text)
		}
		if it.Raster == nil {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// papers are the pieces that came out: those that were cut off, or, of a printer without a cutter, those
// between two long feeds, at which people tear.
func papers(v *virtual.Printer, p escpos.Profile) []virtual.Paper {
	if len(p.Cut) > 0 {
		return v.Papers()
	}
	var all []virtual.Paper
	var now virtual.Paper
	for _, it := range v.Unfinished().Items {
		now.Items = append(now.Items, it)
		if it.Feed >= 100 {
			all = append(all, now)
			now = virtual.Paper{}
		}
	}
	return all
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	for range 500 {
		if is() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

// talks reports whether a kind of printer can be asked for its state.
func talks(p escpos.Profile) bool { return len(p.Ask) > 0 }

// printed is the outcome of a job with which nothing is wrong.
func printed(p escpos.Profile) device.Outcome {
	if p.Marker == nil {
		return device.Unknown
	}
	return device.Printed
}

// each runs a test for each profile, side by side and beside other tests.
func each(t *testing.T, test func(t *testing.T, p escpos.Profile)) {
	t.Helper()
	t.Parallel()
	for _, name := range slices.Sorted(slices.Values(names(t))) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, profile(t, name))
		})
	}
}
