package registrysim

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

//go:embed clinic.json
var clinicJSON []byte

// clinicData is the content of clinic.json.
type clinicData struct {
	Name, FullName, Address, Phone, ParentName, Settlement, Street, House  string
	BusyType, SourceName, ClientName, Editor, HistoryElement, HistoryValue string
	Specialities                                                           []specialityData
	Errors                                                                 map[string]errorData
}

type specialityData struct {
	Code, Name, Role string
	Ages             []apiclient.AgeCategory
	Floor, Room      int
	Minutes          int // length of a cell
	Load             int // taken cells, in per cent
	District         int // number of the first doctor's district; 0: none
	Doctors          []string
}

// errorData is a documented refusal.
type errorData struct {
	Status  int
	Type    string
	Message string
}

func readClinic() (clinicData, error) {
	var c clinicData
	if err := json.Unmarshal(clinicJSON, &c); err != nil {
		return c, fmt.Errorf("registrysim: clinic.json: %w", err)
	}
	return c, nil
}

// doctor is a resource of the clinic.
type doctor struct {
	guid       uuid.UUID
	name       string
	speciality *specialityData
	room       string
	floor      int
	district   string
	numbers    map[string]int // issued tickets, by day
}

// cell is a cell of a doctor's timetable.
type cell struct {
	guid       uuid.UUID
	doctor     *doctor
	begin, end time.Time
	taken      bool      // by another patient, permanently
	heldUntil  time.Time // by a reservation
	booking    *Booking  // the reservation that holds it
}

func (c *cell) free(now time.Time) bool { return !c.taken && !now.Before(c.heldUntil) }

// identifier returns a GUID that depends only on seed and what.
func identifier(seed uint64, what string) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(strconv.FormatUint(seed, 10)+"/"+what))
}

func makeDoctors(c *clinicData, seed uint64) []*doctor {
	var all []*doctor
	for i := range c.Specialities {
		s := &c.Specialities[i]
		for n, name := range s.Doctors {
			d := &doctor{
				guid: identifier(seed, "doctor/"+name), name: name, speciality: s, room: strconv.Itoa(s.Room + n),
				floor: s.Floor, numbers: map[string]int{},
			}
			if s.District > 0 {
				d.district = strconv.Itoa(s.District + n)
			}
			all = append(all, d)
		}
	}
	return all
}

// The clinic's hours. A doctor works one of two shifts.
const (
	openingHour = 8
	shiftHours  = 6
	closingHour = openingHour + 2*shiftHours
)

// makeCells returns a doctor's timetable of a day. It depends only on seed, doctor and day, so it is the
// same after a restart.
func makeCells(d *doctor, seed uint64, day time.Time) []*cell {
	random := rand.New(rand.NewPCG(seed, hash(d.guid.String()+day.Format(time.DateOnly))))
	if dayOff(day.Weekday(), random) {
		return nil
	}
	hour := openingHour
	if (int(d.guid[0])+day.YearDay())%2 == 1 {
		hour += shiftHours
	}
	load := d.speciality.Load
	if random.IntN(10) == 0 {
		load = 100 // sometimes a day is full
	}
	length := time.Duration(d.speciality.Minutes) * time.Minute
	begin := time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, day.Location())
	var cells []*cell
	for t := begin; t.Before(begin.Add(shiftHours * time.Hour)); t = t.Add(length) {
		cells = append(cells, &cell{
			guid:   identifier(seed, "cell/"+d.guid.String()+t.UTC().Format(time.RFC3339)),
			doctor: d, begin: t, end: t.Add(length), taken: random.IntN(100) < load,
		})
	}
	return cells
}

// dayOff reports whether a doctor does not work on a day: all have Sunday off, and most Saturday.
func dayOff(w time.Weekday, random *rand.Rand) bool {
	switch w {
	case time.Sunday:
		return true
	case time.Saturday:
		return random.IntN(3) > 0
	}
	return random.IntN(12) == 0
}

func hash(s string) uint64 {
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(s))
	var h uint64
	for _, b := range id[:8] {
		h = h<<8 | uint64(b)
	}
	return h
}
