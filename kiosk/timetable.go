package kiosk

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Clinic is what the screens and the ticket say of the clinic. A blank field is not shown.
type Clinic struct {
	Name  string
	Phone string
	Desk  string // where the registration desk is: "1 этаж, окна 1–4"
}

// Speciality is a choice of the speciality screen.
type Speciality struct {
	Code    string
	Name    string
	Free    int       // free cells in all the days offered
	Nearest time.Time // begin of the first of them; zero when there is none
}

// Doctor is a choice of the doctor screen: a doctor, or another resource with a timetable of its own.
type Doctor struct {
	GUID       uuid.UUID
	Name       string
	Post       string
	Speciality string // its name, as a patient reads it
	Room       string
	Floor      int // 0: none
	District   string
	Free       int
	Nearest    time.Time
}

// Cell is a free cell of a doctor's timetable.
type Cell struct {
	GUID   uuid.UUID
	Begin  time.Time
	End    time.Time
	Room   string // blank: the doctor's own
	Floor  int    // 0: the doctor's own, or none
	Doctor uuid.UUID
}

// Day is one day of a doctor's timetable with its free cells in the order of time. A day without cells is full, or
// not worked.
type Day struct {
	Date  time.Time // midnight in the clinic's zone
	Cells []Cell
}

// mergeDays puts days of several timetables together, in the order of time. Of cells that begin together one is kept:
// who is met matters less than when, and a time that stands twice on a screen looks like an error.
func mergeDays(lists [][]Day) []Day {
	var all []Day
	for _, list := range lists {
		for _, d := range list {
			i := slices.IndexFunc(all, func(x Day) bool { return x.Date.Equal(d.Date) })
			if i < 0 {
				all = append(all, Day{Date: d.Date})
				i = len(all) - 1
			}
			all[i].Cells = append(slices.Clone(all[i].Cells), d.Cells...)
		}
	}
	for i := range all {
		slices.SortStableFunc(all[i].Cells, func(a, b Cell) int { return a.Begin.Compare(b.Begin) })
		all[i].Cells = slices.CompactFunc(all[i].Cells, func(a, b Cell) bool { return a.Begin.Equal(b.Begin) })
	}
	slices.SortFunc(all, func(a, b Day) int { return a.Date.Compare(b.Date) })
	return all
}

// Overview is what the welcome screen shows before anything is chosen.
type Overview struct {
	Clinic    Clinic
	FreeToday int
	Nearest   Opening // zero when nothing is free

	Zone *time.Location // the clinic's, in which every time is told; nil: the computer's
}

// Told returns an instant in the clinic's zone.
func (o Overview) Told(at time.Time) time.Time {
	if o.Zone == nil {
		return at
	}
	return at.In(o.Zone)
}

// Opening is the nearest free cell with what a patient wants to know of it.
type Opening struct {
	Speciality string
	Begin      time.Time
	Room       string
}

// Service is what works now. It is owned by the watch over devices and network, which sends [ServiceChanged].
type Service struct {
	Down    Reason // why booking does not work; empty when it does
	NoPaper bool   // tickets cannot be printed now: the patient is told to write the number down
}

// Reason is why booking is out of service. Each has its texts on the closed screen.
type Reason string

// The reasons for which booking can be out of service.
const (
	ReasonStarting  Reason = "starting"  // the timetable is not loaded yet
	ReasonTimetable Reason = "timetable" // it cannot be loaded, or is too old
	ReasonRegistry  Reason = "registry"  // the registry cannot be reached
	ReasonAccess    Reason = "access"    // the registry does not accept this terminal: signature, client code, token
	ReasonJournal   Reason = "journal"   // bookings cannot be recorded, so none is made

	// A technician has closed booking, and has said why or not.
	ReasonByHand   Reason = "by_hand"
	ReasonRepair   Reason = "by_hand_repair"
	ReasonNoPaper  Reason = "by_hand_paper"
	ReasonNoClinic Reason = "by_hand_clinic" // it is closed
)
