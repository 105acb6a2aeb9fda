package device_test

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

// BenchmarkToTheLastByte prints tickets of text and of dots; the bytes are those of the ticket, of the marker before
// it and of the questions within it. wire/limit is the time to the last byte, the round of questions for the state
// before it included, against bytes×10/baud; in all/limit the bytes of that round count too. The time is that of half
// of the tickets or less, so that a few that had to wait for a busy machine do not count.
func BenchmarkToTheLastByte(b *testing.B) {
	for _, baud := range []int{9600, 19200, 115200} {
		for _, name := range []string{"epson", "raster"} {
			b.Run(fmt.Sprintf("%s/%d", name, baud), func(b *testing.B) {
				p := profile(b, name)
				v, err := virtual.Start(virtual.Options{Profile: p})
				if err != nil {
					b.Fatal(err)
				}
				defer v.Close()
				d := device.New(
					device.Config{Port: v.Path(), Baud: baud, Flow: serialport.FlowNone, Profile: p, Timeout: 10 * time.Second},
					slog.New(slog.DiscardHandler),
				)
				defer d.Close()
				// the first job clears the printer's buffer and tries the marker out, once for each opening of the port
				if r := d.Print(b.Context(), ticketOf(b, p, "007", false)); r.Outcome != device.Printed {
					b.Fatal(r.Err)
				}
				var sent []time.Duration
				bytes := 0
				for b.Loop() {
					j := ticketOf(b, p, "008", false)
					data, _ := p.WithQuestions(j.Data, p.InOrder())
					bytes = len(p.DefineMarker().Ask) + len(data)
					begun := time.Now()
					r := d.Print(b.Context(), j)
					if r.Outcome != device.Printed {
						b.Fatal(r.Err)
					}
					sent = append(sent, r.Sent.Sub(begun))
				}
				slices.Sort(sent)
				each := sent[len(sent)/2].Seconds() * float64(baud) / 10
				b.ReportMetric(float64(bytes), "bytes/ticket")
				b.ReportMetric(each/float64(bytes), "wire/limit")
				b.ReportMetric(each/float64(bytes+questions(p)), "all/limit")
			})
		}
	}
}

// BenchmarkState is one round of questions for the state, the most that a job waits before its first byte.
func BenchmarkState(b *testing.B) {
	d, _ := setup(b, virtual.Options{})
	for b.Loop() {
		if _, err := d.Status(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReopen pulls the cable and puts it back: the time until the printer has told its state again.
func BenchmarkReopen(b *testing.B) {
	d, v := setup(b, virtual.Options{})
	for b.Loop() {
		if err := v.Unplug(); err != nil {
			b.Fatal(err)
		}
		_, _ = d.Status(b.Context()) // finds the line cut
		if err := v.Plug(); err != nil {
			b.Fatal(err)
		}
		if _, err := d.Status(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
