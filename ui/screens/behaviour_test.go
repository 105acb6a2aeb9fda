package screens

import (
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"github.com/boombuler/barcode/qr"
	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// drawn returns an Env that records events, and a function that draws a state with it.
func drawn(t *testing.T) (events *[]kiosk.Event, draw func(kiosk.State) Page) {
	t.Helper()
	test.NewTempApp(t)
	env := envOf(t, geometries[0], kiosk.View{Language: "ru"})
	events = &[]kiosk.Event{}
	env.Send = func(e kiosk.Event) { *events = append(*events, e) }
	return events, func(s kiosk.State) Page {
		env.Pages = &Pages{}
		return Draw(env, s)
	}
}

func TestWhatIsNotFreeCannotBeTapped(t *testing.T) {
	_, draw := drawn(t)
	all := states(kiosk.View{Language: "ru"})
	env := envOf(t, geometries[0], kiosk.View{Language: "ru"})
	for name, ids := range map[string][2]string{ // what cannot be tapped, and what can
		"3 specialities": {"speciality.0", "speciality.1"},
		"3 doctors":      {"doctor." + manyDoctors(1)[0].GUID.String(), "doctor." + manyDoctors(2)[1].GUID.String()},
		"two cells":      {"day.2026-11-23", "day.2026-11-24"},
	} {
		in := inspect(draw(all[name]).Object, env.Look, env.Lang)
		if in.has(ids[0]) || !in.has(ids[1]) {
			t.Errorf("%s: tappable are %v", name, in.targets)
		}
	}
}

// TestCountdownNeverShowsMore checks the rounding: a second that has begun is shown, and nothing beyond the hold.
func TestCountdownNeverShowsMore(t *testing.T) {
	for left, want := range map[time.Duration]string{
		10 * time.Minute: "10:00", 599*time.Second + time.Millisecond: "10:00", 599 * time.Second: "9:59",
		time.Millisecond: "0:01", 0: "0:00", 61 * time.Second: "1:01",
	} {
		if got := countdown(left); got != want {
			t.Errorf("%v is shown as %s, want %s", left, got, want)
		}
	}
}

func TestCodeOnTicketIsTheBooking(t *testing.T) {
	_, draw := drawn(t)
	s := states(kiosk.View{Language: "ru"})["ticket, print 4"]
	s.Booking.Print = kiosk.PrintFailed
	const content = "9d8ea16f-205b-4bc7-92e5-752cd84cb0db"
	want, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	var got image.Image
	var look func(fyne.CanvasObject)
	look = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				look(child)
			}
		case *canvas.Image:
			if o.Image != nil {
				got = o.Image
			}
		}
	}
	look(draw(s).Object)
	if got == nil {
		t.Fatal("no QR code")
	}
	modules := want.Bounds().Dx()
	scale := got.Bounds().Dx() / (modules + 8) // four white modules on each side
	for y := range modules {
		for x := range modules {
			a, _, _, _ := got.At((x+4)*scale, (y+4)*scale).RGBA()
			if b, _, _, _ := want.At(x, y).RGBA(); a != b {
				t.Fatalf("module %d,%d is not that of %s", x, y, content)
			}
		}
	}
}

func TestCellsOwnRoomIsShown(t *testing.T) {
	_, draw := drawn(t)
	s := states(kiosk.View{Language: "ru"})["check"]
	s.Cell.Room, s.Cell.Floor = "777", 7
	if said := strings.Join(draw(s).Said, "|"); !strings.Contains(said, "777, 7 этаж") || strings.Contains(said, "314а") {
		t.Errorf("said %s", said)
	}
}

// TestHoldBeyondMidnightIsNotToday holds a booking from before midnight until after it.
func TestHoldBeyondMidnightIsNotToday(t *testing.T) {
	test.NewTempApp(t)
	env := envOf(t, [2]int{1080, 1920}, kiosk.View{Language: "ru"})
	for end, want := range map[time.Time]string{
		now.Add(10 * time.Minute): "Бронь действует сегодня до\u00A010:34",
		now.Add(14 * time.Hour):   "Бронь действует до\u00A000:24",
	} {
		if got := env.heldUntil(end, now.Add(2*time.Hour)); got != want {
			t.Errorf("the screen says %q, want %q", got, want)
		}
	}
}

func TestAnyDoctorTellsTheEarliestTime(t *testing.T) {
	_, draw := drawn(t)
	s := states(kiosk.View{Language: "ru"})["3 doctors"]
	s.Doctors = manyDoctors(3)
	for i, hours := range []int{5, 2, 8} {
		s.Doctors[i].Free, s.Doctors[i].Nearest = 1, now.Add(time.Duration(hours)*time.Hour)
	}
	s.Doctors = append(s.Doctors, kiosk.Doctor{Name: "Без времени", Nearest: now.Add(time.Hour)})
	if said := strings.Join(draw(s).Said, "|"); !strings.Contains(said, "ближайшее время: сегодня в 12:24") {
		t.Errorf("said %s", said)
	}
}

// TestHoldIsToldInTheZoneOfTheVisit checks the clock of the hold for a terminal whose own zone is another one.
func TestHoldIsToldInTheZoneOfTheVisit(t *testing.T) {
	_, draw := drawn(t)
	s := states(kiosk.View{Language: "ru"})["ticket, print 3"]
	utc := time.Date(2026, 11, 23, 5, 10, 0, 0, time.UTC)
	s.Booking.Hold.Shown = utc
	s.Booking.Ticket.Begin = utc.Add(time.Hour).In(time.FixedZone("", 11*3600))
	if said := strings.Join(draw(s).Said, "|"); !strings.Contains(said, "16:10") {
		t.Errorf("said %s", said)
	}
}

func TestUnconfirmedCodeIsTheOperations(t *testing.T) {
	_, draw := drawn(t)
	for name, s := range states(kiosk.View{Language: "ru"}) {
		if s.Step != kiosk.StepUnconfirmed {
			continue
		}
		if said := strings.Join(draw(s).Said, "|"); !strings.Contains(said, "1, A, 2, B, 3, C, 4, D") {
			t.Errorf("%s: said %s", name, said)
		}
	}
}

func TestEachBookingHasItsOwnOperation(t *testing.T) {
	events, draw := drawn(t)
	all := states(kiosk.View{Language: "ru"})
	for range 2 {
		tap(t, draw(all["unreachable"]).Object, "retry")
		tap(t, draw(all["check"]).Object, "reserve")
	}
	seen := map[uuid.UUID]bool{uuid.Nil: true}
	for _, e := range *events {
		c, ok := e.(kiosk.Confirm)
		if !ok || seen[c.Operation] {
			t.Fatalf("events %v", *events)
		}
		seen[c.Operation] = true
	}
}

// TestTheWelcomeForgetsThePatient checks that of the texts that are kept to be set faster none outlives the visit.
func TestTheWelcomeForgetsThePatient(t *testing.T) {
	_, draw := drawn(t)
	all := states(kiosk.View{Language: "ru"})
	widgets.Forget()
	draw(all["welcome"])
	own := widgets.Forget()
	if draw(all["check"]); widgets.Forget() == 0 {
		t.Fatal("nothing is kept during the visit")
	}
	draw(all["check"])
	if draw(all["welcome"]); widgets.Forget() != own {
		t.Error("the welcome keeps what was on the page before")
	}
}

// TestEverySettingIsReached taps the buttons of text size and contrast until they come back.
func TestEverySettingIsReached(t *testing.T) {
	test.NewTempApp(t)
	var events []kiosk.Event
	env := withSheet(envOf(t, geometries[0], kiosk.View{Language: "ru"}))
	env.Send = func(e kiosk.Event) { events = append(events, e) }
	for id, want := range map[string][]int{"view.text": {1, 2, 3, 0}, "view.contrast": {1, 2, 0}} {
		s := states(kiosk.View{Language: "ru"})["welcome"]
		var got []int
		for range want {
			tap(t, Draw(env, s).Object, id)
			s.View = events[len(events)-1].(kiosk.SetView).View
			got = append(got, int(s.View.Text)+int(s.View.Contrast))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s goes through %v, want %v", id, got, want)
		}
	}
}
