package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/ui"
	"infomat/ui/screens"
	"infomat/ui/theme"
	"infomat/ui/xwalk"
)

// readable is how long a page has to be on the glass before a tap on it may act.
const readable = 600 * time.Millisecond

// nervous taps a shell in a real window as fast as a hand can. The lists of the visit come at once; nothing is booked.
type nervous struct {
	t     *testing.T
	shell *ui.Shell
	hand  *xwalk.Hand

	mu     sync.Mutex
	state  kiosk.State
	moved  []time.Time // frames that moved a target
	before string      // targets of the last frame
	acted  []time.Time // taps that did something
}

func newNervous(t *testing.T) *nervous {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	texts, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	russian, err := texts.Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	visits++
	width, height := 540+visits, 960
	n := &nervous{t: t, state: pageOf(kiosk.StepWelcome, nil)}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var window fyne.Window
	fyne.DoAndWait(func() {
		window, err = newWindow(fyne.CurrentApp(), screenOptions{width: width, height: height, borderless: true, log: log})
		if err != nil {
			return
		}
		n.shell = ui.NewShell(window, n.state, ui.Options{
			PanelMM: theme.PanelMM(1080, 1920), Languages: []string{"ru", "en"}, Log: log, Send: n.send, Painted: n.painted,
			Language: func(string) screens.Language { return russian },
		})
		window.Resize(fyne.NewSize(float32(width), float32(height)))
		window.Show()
	})
	if err != nil {
		t.Fatal(err)
	}
	if n.hand, err = xwalk.Open(t.Context(), width, height); err != nil {
		t.Fatal(err)
	}
	n.hand.Touch = 25 * time.Millisecond
	t.Cleanup(func() {
		n.hand.Close()
		fyne.DoAndWait(window.Close)
	})
	return n
}

// send does what a tap asks for.
func (n *nervous) send(e kiosk.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.acted = append(n.acted, time.Now())
	s, commands := kiosk.Update(n.state, time.Now(), e)
	for _, c := range commands {
		switch c := c.(type) {
		case kiosk.ListSpecialities:
			s, _ = kiosk.Update(s, time.Now(), kiosk.SpecialitiesListed{Age: c.Age, List: specialities(40)})
		case kiosk.ListDoctors:
			s, _ = kiosk.Update(s, time.Now(), kiosk.DoctorsListed{Speciality: c.Speciality, List: doctors(40)})
		case kiosk.ListDays:
			s, _ = kiosk.Update(s, time.Now(), kiosk.DaysListed{Doctor: c.Doctor, List: days(14)})
		case kiosk.ListAnyDays:
			s, _ = kiosk.Update(s, time.Now(), kiosk.AnyDaysListed{Speciality: c.Speciality, List: days(14)})
		default: // nothing is written, booked or printed
		}
	}
	n.state = s
	n.shell.Watch(s)
}

// painted notes a frame that moved a target. It is called on the screen's thread.
func (n *nervous) painted(f ui.Frame) {
	now := fmt.Sprint(f.State.Step, n.shell.Targets())
	n.mu.Lock()
	defer n.mu.Unlock()
	if now != n.before {
		n.before, n.moved = now, append(n.moved, f.At)
	}
}

// open shows a page and waits until taps count.
func (n *nervous) open(s kiosk.State) (targets []ui.Target) {
	n.t.Helper()
	n.mu.Lock()
	n.state = s
	n.mu.Unlock()
	n.shell.Watch(s)
	deadline := time.Now().Add(40 * time.Second)
	for ready := false; !ready; time.Sleep(10 * time.Millisecond) {
		fyne.DoAndWait(func() { ready, targets = n.shell.Ready(), n.shell.Targets() })
		if time.Now().After(deadline) {
			n.t.Fatalf("taps on the page %v never count", s.Step)
		}
	}
	return targets
}

// tap taps a point and returns when the display had the press.
func (n *nervous) tap(x, y int) time.Time {
	n.t.Helper()
	if _, err := n.hand.Tap(n.t.Context(), x, y); err != nil {
		n.t.Fatal(err)
	}
	return n.hand.Pressed
}

// hurried returns the taps that acted although a page had just changed under them: of each the time since the frame.
func (n *nervous) hurried(presses []time.Time) (early []time.Duration, late int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, at := range n.acted {
		press, ok := lastBefore(presses, at)
		if !ok {
			continue
		}
		frame, ok := lastBefore(n.moved, press)
		switch since := press.Sub(frame); {
		case !ok || since < readable:
			early = append(early, since)
		default:
			late++
		}
	}
	return early, late
}

func lastBefore(all []time.Time, at time.Time) (last time.Time, ok bool) {
	for _, t := range all {
		if t.Before(at) {
			last, ok = t, true
		}
	}
	return last, ok
}

// TestWindowTapsAtEveryGap taps each kind of target of each page, and the same place again every 50 ms for 900 ms.
// Nothing may act that was not on the glass for long enough, and what was has to act.
func TestWindowTapsAtEveryGap(t *testing.T) {
	n := newNervous(t)
	acted := 0
	for name, page := range everyPage() {
		for _, target := range oneOfEachKind(n.open(page)) {
			n.open(page)
			n.mu.Lock()
			n.moved, n.acted = n.moved[len(n.moved)-1:], nil
			n.mu.Unlock()
			x, y := target.Middle()
			begin := time.Now()
			var presses []time.Time
			for gap := time.Duration(0); gap <= 900*time.Millisecond; gap += 50 * time.Millisecond {
				time.Sleep(time.Until(begin.Add(gap)))
				presses = append(presses, n.tap(x, y))
			}
			time.Sleep(100 * time.Millisecond)
			early, late := n.hurried(presses)
			if len(early) > 0 {
				t.Errorf("%s: taps on %s acted %v after the page had changed", name, target.ID, early)
			}
			if late == 0 {
				t.Errorf("%s: the first tap on %s did nothing", name, target.ID)
			}
			acted += late
		}
	}
	t.Logf("%d taps acted", acted)
}

// oneOfEachKind returns a target of each kind: of cards, tiles and tabs the first.
func oneOfEachKind(all []ui.Target) (some []ui.Target) {
	var kinds []string
	for _, target := range all {
		kind := target.ID
		if before, _, ok := strings.Cut(kind, "."); ok &&
			slices.Contains([]string{"age", "speciality", "doctor", "day", "cell", "letters"}, before) {
			kind = before
		}
		if !slices.Contains(kinds, kind) {
			kinds, some = append(kinds, kind), append(some, target)
		}
	}
	return some
}

// everyPage returns a state of each page with targets, by name.
func everyPage() map[string]kiosk.State {
	chosen := func(s *kiosk.State) {
		s.Age, s.Speciality, s.Doctor = kiosk.AgeAdult, specialities(1)[0], doctors(1)[0]
		s.Days, s.Day = days(14), 0
		s.Cell = s.Days[0].Cells[0]
	}
	booked := func(s *kiosk.State) {
		chosen(s)
		s.Booking = kiosk.Booking{
			Operation: uuid.New(), Stage: kiosk.StageConfirmed, Print: kiosk.PrintFailed,
			Hold:   kiosk.Hold{From: time.Now(), Until: time.Now().Add(time.Hour)},
			Ticket: kiosk.Ticket{Num: "А-117", Room: "314"},
		}
	}
	return map[string]kiosk.State{
		"welcome":    pageOf(kiosk.StepWelcome, nil),
		"age":        pageOf(kiosk.StepAge, nil),
		"speciality": pageOf(kiosk.StepSpeciality, func(s *kiosk.State) { s.Specialities = specialities(40) }),
		"doctor":     pageOf(kiosk.StepDoctor, func(s *kiosk.State) { s.Doctors = doctors(40) }),
		"time":       pageOf(kiosk.StepTime, chosen),
		"check":      pageOf(kiosk.StepCheck, chosen),
		"ticket":     pageOf(kiosk.StepTicket, booked),
		"refused": pageOf(kiosk.StepRefused, func(s *kiosk.State) {
			chosen(s)
			s.Booking.Refusal.Meaning = kiosk.MeaningAgeLimit
		}),
		"unconfirmed": pageOf(kiosk.StepUnconfirmed, booked),
		"unreachable": pageOf(kiosk.StepUnreachable, chosen),
		"offer": pageOf(kiosk.StepOffer, func(s *kiosk.State) {
			s.Offers = []kiosk.Offer{{
				Record: kiosk.Record{Operation: uuid.New(), Num: "А-117"}, Until: time.Now().Add(time.Hour),
			}}
		}),
		"idle": pageOf(kiosk.StepAge, func(s *kiosk.State) { s.Warning = true }),
	}
}

func pageOf(step kiosk.Step, change func(*kiosk.State)) kiosk.State {
	s := kiosk.Begin(kiosk.Settings{
		Hold: 10 * time.Minute, Idle: time.Minute, Warning: time.Minute, Print: true, View: kiosk.View{Language: "ru"},
	})
	s.Service.Down, s.Step, s.Touched = "", step, time.Now()
	if change != nil {
		change(&s)
	}
	return s
}

func specialities(n int) (all []kiosk.Speciality) {
	for i := range n {
		code, name := fmt.Sprint(i), string([]rune("АБВГДЕЖЗИКЛМ")[i%12])+"рач"
		all = append(all, kiosk.Speciality{Code: code, Name: name, Free: 1, Nearest: time.Now()})
	}
	return all
}

func doctors(n int) (all []kiosk.Doctor) {
	for i := range n {
		all = append(all, kiosk.Doctor{
			GUID: uuid.NewSHA1(uuid.Nil, []byte{byte(i)}), Name: string([]rune("АБВГДЕЖЗИКЛМ")[i%12]) + "лексеев И. П.",
			Free: 1, Nearest: time.Now(),
		})
	}
	return all
}

// days returns n days full of cells.
func days(n int) (all []kiosk.Day) {
	for i := range n {
		d := kiosk.Day{Date: time.Date(2026, 11, 23+i, 0, 0, 0, 0, time.Local)}
		for c := range 90 {
			begin := d.Date.Add(8*time.Hour + time.Duration(c)*6*time.Minute)
			id := uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(c)})
			d.Cells = append(d.Cells, kiosk.Cell{GUID: id, Begin: begin, Doctor: doctors(1)[0].GUID})
		}
		all = append(all, d)
	}
	return all
}
