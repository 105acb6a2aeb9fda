package device_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
)

// ticketOf is a whole ticket as a patient gets it.
func ticketOf(t testing.TB, p escpos.Profile, num string, again bool) device.Job {
	t.Helper()
	languages, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	ru, err := languages.Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("", 3*3600)
	tk := ticket.Ticket{
		Clinic: "Городская поликлиника № 3", Num: num, Room: "202", Floor: 2, Doctor: "Щербакова Елена Юрьевна",
		Post: "врач-офтальмолог", District: "12",
		Begin: time.Date(2026, 11, 24, 12, 15, 0, 0, zone), HoldUntil: time.Date(2026, 11, 24, 10, 25, 0, 0, zone),
		Issued: time.Date(2026, 11, 24, 10, 15, 0, 0, zone),
		GUID:   uuid.MustParse("9d8ea16f-205b-4bc7-92e5-752cd84cb0db"), Code: "1A2B-3C4D", Copy: again,
	}
	return device.Job{ID: uuid.New(), Data: ticket.Layout(tk, p.Columns, ru.Text).Encode(p)}
}

// The line is pulled at every byte of a ticket, and once it is back the ticket is printed again: never is
// it called printed without being so, and the copy is right. The short run tries a part of the bytes, another one for
// each profile, and all of the last ones.
func TestLineCutAtEveryByte(t *testing.T) {
	const tail = 10 // bytes: the cut, and what stands before it
	each(t, func(t *testing.T, p escpos.Profile) {
		first, second := ticketOf(t, p, "008", false), ticketOf(t, p, "008", true)
		end := len(first.Data) - tail
		step := sparse(first, 24)
		cutAt(t, p, first, second, 1+offset(p, step), end, step)
		cutAt(t, p, first, second, end+1, len(first.Data), 1)
	})
}

// cutAt pulls the line at every so many bytes of a job, within its bytes from to to, counted from 1.
func cutAt(t *testing.T, p escpos.Profile, first, second device.Job, from, to, step int) {
	for at := from; at <= to; at += step {
		t.Run(fmt.Sprintf("%d of %d", at, len(first.Data)), func(t *testing.T) {
			t.Parallel()
			d, v := setup(t, virtual.Options{Profile: p, CutAt: at})
			var r device.Result
			eventually(t, "the job is on its way", func() bool {
				r = d.Print(t.Context(), again(first))
				return r.Outcome != device.Failed || !v.Plugged()
			})
			if r.Outcome == device.Printed {
				t.Fatalf("called printed (%v)", r.Err)
			}
			eventually(t, "the line is cut", func() bool { return !v.Plugged() })
			if err := v.Plug(); err != nil {
				t.Fatal(err)
			}
			right(t, d, v, p, second)
			if n := whole(t, p, papers(v, p), first); n > 1 || n == 1 && (r.Outcome == device.Failed || at < len(first.Data)-8) {
				t.Errorf("cut at %d of %d the ticket came out %d times, and the job %s", at, len(first.Data), n, r.Outcome)
			}
		})
	}
}

// Tickets with faults and restarts at random: none is lost, none comes out twice, none is called printed that is not.
// INFOMAT_TICKETS says how many.
func TestManyTicketsWithFaults(t *testing.T) {
	t.Parallel()
	total := 80
	if s := os.Getenv("INFOMAT_TICKETS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("INFOMAT_TICKETS=%q is not a number", s)
		}
		total = n
	}
	kinds := []string{"epson", "epson-tm-m30", "star", "custom-vkp80", "custom-tg", "citizen", "raster", "nippon-np2511"}
	var mu sync.Mutex
	sum := map[device.Outcome]int{}
	const most = 100 // tickets of one printer
	share := total / len(kinds)
	for i := range len(kinds) * ((share + most - 1) / most) {
		kind := kinds[i%len(kinds)]
		t.Run(fmt.Sprint(kind, " ", i/len(kinds)), func(t *testing.T) {
			t.Parallel()
			counts := series(t, profile(t, kind), min(share, most), uint64(i))
			mu.Lock()
			defer mu.Unlock()
			for o, n := range counts {
				sum[o] += n
			}
		})
	}
	t.Cleanup(func() { t.Logf("outcomes: %v", sum) })
}

// series prints tickets on one printer while it is being broken and mended.
func series(t *testing.T, p escpos.Profile, tickets int, seed uint64) map[device.Outcome]int {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	d, v := setup(t, virtual.Options{Profile: p, Speed: 2000, Seed: int64(seed)})
	jobs := make([]device.Job, tickets)
	results := make([]device.Result, tickets)
	counts := map[device.Outcome]int{}
	for i := range jobs {
		jobs[i] = job(p, i)
		mended := spoil(t, rng, v)
		results[i] = d.Print(t.Context(), jobs[i])
		counts[results[i].Outcome]++
		<-mended
		v.SetFault(virtual.None)
		if err := v.Plug(); err != nil {
			t.Fatal(err)
		}
	}
	eventually(
		t,
		"the printer is ready",
		func() bool { return d.Print(t.Context(), again(job(p, tickets))).Outcome == device.Printed },
	)
	all := papers(v, p)
	for i, j := range jobs {
		n := ends(t, p, all, j)
		if want := map[device.Outcome][2]int{
			device.Printed: {1, 1}, device.Failed: {0, 0}, device.Unknown: {0, 1},
		}[results[i].Outcome]; n < want[0] || n > want[1] {
			t.Errorf("ticket %d %s (%v) and came out %d times", i, results[i].Outcome, results[i].Err, n)
			for _, paper := range all {
				if strings.Contains(paper.Text(), fmt.Sprintf("Талон № %d\n", i)) {
					t.Logf("on a paper:\n%s", paper.Text())
				}
			}
		}
	}
	return counts
}

// spoil breaks the printer, now or in a moment, lets it restart within some bytes, or leaves it alone. The channel is
// closed when that is done.
func spoil(t *testing.T, rng *rand.Rand, v *virtual.Printer) <-chan struct{} {
	t.Helper()
	done := make(chan struct{})
	what, after := rng.IntN(3*len(virtual.Faults)), time.Duration(rng.IntN(60))*time.Millisecond
	pull := rng.IntN(6) == 0
	if rng.IntN(3) == 0 {
		v.RestartAfter(virtual.Restart{
			After: 1 + rng.IntN(800), Away: time.Duration(rng.IntN(20)) * time.Millisecond, Noise: make([]byte, rng.IntN(4)),
		})
	}
	go func() {
		defer close(done)
		time.Sleep(after)
		if what < len(virtual.Faults) {
			v.SetFault(virtual.Faults[what])
		}
		if pull {
			_ = v.Unplug() // the line is gone either way
		}
	}()
	return done
}

// What a terminal that was interrupted knows of a job it finds in its own memory, whatever the printer has
// done meanwhile.
func TestAJobThatFailedIsNotTriedAgainByItself(t *testing.T) {
	t.Parallel()
	p := profile(t, "epson")
	d, v := setup(t, virtual.Options{Profile: p})
	v.SetFault(virtual.PaperOut)
	j := job(p, 1)
	first := d.Print(t.Context(), j)
	v.SetFault(virtual.None)
	if second := d.Print(
		t.Context(), j,
	); second.Outcome != device.Failed || fmt.Sprint(second) != fmt.Sprint(first) || len(v.Papers()) != 0 {
		t.Errorf("%v, then %v", first, second)
	}
}

// The line goes while the system holds the last bytes of the cut: what is sent next may complete it, and the whole
// ticket comes out. The last piece that is written is one to four bytes long.
func TestLineGoneWithinTheCut(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"epson", "bixolon", "epson-tm-m30"} {
		for last := 1; last <= 4; last++ {
			t.Run(fmt.Sprint(name, " ", last), func(t *testing.T) {
				t.Parallel()
				p := stubborn(t, name)
				j := ofSize(t, p, last)
				d, v := setup(t, virtual.Options{Profile: p, CutAt: len(j.Data) - last})
				r := d.Print(t.Context(), j)
				eventually(t, "the line is cut", func() bool { return !v.Plugged() })
				if r.Outcome == device.Printed {
					t.Fatalf("%s (%v)", r.Outcome, r.Err)
				}
				if err := v.Plug(); err != nil {
					t.Fatal(err)
				}
				_ = d.Print(t.Context(), job(p, 2)) // its first bytes end the cut
				if n := whole(t, p, v.Papers()[:1], j); r.Outcome == device.Failed && n > 0 {
					t.Errorf("failed (%v), and the ticket came out", r.Err)
				}
			})
		}
	}
}

// ofSize is a job that is written to a serial line, behind its marker, in pieces of 64 bytes and one of so many.
func ofSize(t *testing.T, p escpos.Profile, last int) device.Job {
	t.Helper()
	for n := range 64 {
		j := device.Job{ID: newID(), Data: text(p, "Талон № 1", strings.Repeat("а", n))}
		if (len(p.DefineMarker().Ask)+len(j.Data))%64 == last {
			return j
		}
	}
	t.Fatal("there is no such job")
	return device.Job{}
}
