package device_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/device/virtual"
)

// wide is the size in bytes of a gap that is longer than any part of a ticket of text without a question in it.
const wide = 160

// A serial line loses bytes within a ticket, and neither end notices. A gap that is longer than the parts between two
// questions is never called printed. Of the shorter ones the share that is called printed is told; the run over every
// byte is the measure.
func TestBytesLostWithinATicket(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		j := ticketOf(t, p, "008", false)
		dots := p.Text == escpos.TextRaster
		most := map[int]int{1: 100, 8: 95, 32: 75, wide: 0}
		if dots {
			most = map[int]int{1: 20, 8: 20, 32: 20, wide: 0}
		}
		for lost, percent := range most {
			t.Run(fmt.Sprint(lost), func(t *testing.T) {
				t.Parallel()
				tried, wrong := gaps(t, p, j, lost)
				t.Logf("%d of %d gaps of %d bytes are called printed", wrong, tried, lost)
				if wrong*100 > tried*percent {
					t.Errorf("%d of %d gaps of %d bytes are called printed, want at most %d%%", wrong, tried, lost, percent)
				}
				lostBytes(lost, dots).add(tried, wrong)
			})
		}
	})
	t.Cleanup(func() {
		for kind, s := range shares {
			if n := s.tried.Load(); n > 0 {
				t.Logf("%s: %.1f%% of %d called printed", kind, 100*float64(s.wrong.Load())/float64(n), n)
			}
		}
	})
}

// share counts gaps, and those that were called printed.
type share struct{ tried, wrong atomic.Int64 }

func (s *share) add(tried, wrong int) { s.tried.Add(int64(tried)); s.wrong.Add(int64(wrong)) }

// shares are the sums over all profiles.
var shares = func() map[string]*share {
	all := map[string]*share{}
	for _, kind := range []string{"text", "dots"} {
		for _, lost := range []int{1, 8, 32, wide} {
			all[fmt.Sprintf("%s, gaps of %d", kind, lost)] = &share{}
		}
	}
	return all
}()

func lostBytes(lost int, dots bool) *share {
	if dots {
		return shares[fmt.Sprintf("dots, gaps of %d", lost)]
	}
	return shares[fmt.Sprintf("text, gaps of %d", lost)]
}

// gaps loses bytes at some places of a job, all of them within the job, and returns how many of the tickets were called
// printed although they were not whole.
func gaps(t *testing.T, p escpos.Profile, j device.Job, lost int) (tried, wrong int) {
	t.Helper()
	d, v := impatient(t, virtual.Options{Profile: p})
	sound(t, d, v, p)
	begin := questions(p) + len(p.DefineMarker().Ask)
	step := sparse(j, 8)
	for at := begin + offset(p, step); at+lost <= begin+len(j.Data); at += step {
		sound(t, d, v, p)
		before := len(papers(v, p))
		v.LoseAfter(at, lost)
		r := d.Print(t.Context(), again(j))
		if !v.Happened() {
			v.LoseAfter(never, 0)
			continue
		}
		came := whole(t, p, papers(v, p)[before:], j)
		tried++
		switch {
		case r.Outcome == device.Failed && came != 0: // on a busy machine it may be given up
			t.Errorf("%d bytes lost after %d: %s (%v)", lost, at-begin, r.Outcome, r.Err)
		case r.Outcome == device.Printed && came == 0:
			wrong++
		}
	}
	return tried, wrong
}

// counting is a serial line whose driver counts disturbances.
type counting struct {
	line.Conn
	count func() int
}

func (c counting) Disturbances() (n int, known bool) { return c.count(), true }

// A line that was disturbed within a job may have lost a part of it, whatever the printer says. One that was disturbed
// before has not.
func TestDisturbedWithinAJob(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		v, err := virtual.Start(virtual.Options{Profile: p, Speed: observable(virtual.Options{Profile: p})})
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		var limit atomic.Int64
		limit.Store(never)
		d := device.New(device.Config{
			Profile: p, Timeout: 10 * time.Second, Answer: 3 * time.Second,
			Open: func() (line.Conn, error) {
				port, err := serialport.Open(serialport.Config{Name: v.Path(), Baud: 115200, Flow: serialport.FlowNone})
				return counting{port, func() int {
					if int64(len(v.Received())) > limit.Load() {
						return 9
					}
					return 7
				}}, err
			},
		}, slog.New(slog.DiscardHandler))
		defer d.Close()
		sound(t, d, v, p)
		limit.Store(int64(len(v.Received()) + questions(p) + len(p.DefineMarker().Ask) + 20))
		if r := d.Print(t.Context(), job(p, 1)); r.Outcome != device.Unknown || !errors.Is(r.Err, device.ErrDisturbed) {
			t.Errorf("disturbed: %s (%v)", r.Outcome, r.Err)
		}
		sound(t, d, v, p)
	})
}

// A printer that tells the terminal to stop has room for little more. If the line does not obey, a part of the ticket
// may be missing; if it does, none is.
func TestStopThatIsNotObeyed(t *testing.T) {
	eachMarked(t, func(t *testing.T, p escpos.Profile) {
		if p.Text == escpos.TextRaster {
			t.Skip("dots have no room, and are noticed by the questions")
		}
		for flow, want := range map[serialport.Flow]device.Outcome{
			serialport.FlowNone: device.Unknown, serialport.FlowXONXOFF: device.Printed,
		} {
			t.Run(string(flow), func(t *testing.T) {
				t.Parallel()
				v, err := virtual.Start(virtual.Options{Profile: p, XonXoff: true, Buffer: 200, Speed: 20})
				if err != nil {
					t.Fatal(err)
				}
				defer v.Close()
				d := device.New(device.Config{
					Port: v.Path(), Baud: 115200, Flow: flow, Profile: p, Timeout: 10 * time.Second, Answer: 3 * time.Second,
				}, slog.New(slog.DiscardHandler))
				defer d.Close()
				lines := slices.Repeat([]string{"Талон № 1", "Кабинет 202"}, 7) // all of which has room
				r := d.Print(t.Context(), device.Job{ID: newID(), Data: text(p, lines...)})
				if r.Outcome != want || want == device.Unknown && !errors.Is(r.Err, device.ErrDisturbed) {
					t.Errorf("%s (%v), want %s", r.Outcome, r.Err, want)
				}
			})
		}
	})
}
