package schedtest

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// The large clinic of the benchmarks: 280 000 cells.
const (
	LargeSpecialities = 40
	LargeDoctors      = 500
	LargeDays         = 14
	LargeCells        = 40 // a doctor's of a day
)

// LargeNow is the time of the benchmarks, and LargeWindow their window.
var (
	LargeNow    = time.Date(2026, 11, 25, 7, 0, 0, 0, time.FixedZone("", 3*60*60))
	LargeWindow = schedule.Window{Days: LargeDays, Zone: LargeNow.Location(), Now: At(LargeNow)}
)

// Large returns the timetable of the large clinic.
func Large() schedule.Parts {
	p := schedule.Parts{
		AsOf: LargeNow, Clinic: schedule.Clinic{Name: "Поликлиника"}, Cells: map[uuid.UUID][]schedule.Cell{},
	}
	for i := range LargeSpecialities {
		s := schedule.Speciality{Code: fmt.Sprint(i), Name: fmt.Sprintf("Специальность %d", i)}
		p.Specialities = append(p.Specialities, s)
	}
	for i := range LargeDoctors {
		d := schedule.Doctor{
			GUID: uuid.New(), Name: fmt.Sprintf("Фамилия%d Имя Отчество", i), Post: "врач",
			Speciality: fmt.Sprint(i % LargeSpecialities), Room: fmt.Sprint(i),
			Floor: 2, Ages: []apiclient.AgeCategory{apiclient.Adult},
		}
		p.Doctors, p.Cells[d.GUID] = append(p.Doctors, d), largeCells()
	}
	return p
}

// largeCells returns the cells of one doctor.
func largeCells() (cells []schedule.Cell) {
	_, offset := LargeNow.Zone()
	for day := range LargeDays {
		for n := range LargeCells {
			begin := LargeNow.AddDate(0, 0, day).Add(time.Hour + time.Duration(n)*15*time.Minute)
			cells = append(cells, schedule.Cell{
				GUID: uuid.New(), Begin: begin, End: begin.Add(15 * time.Minute), Offset: offset,
			})
		}
	}
	return cells
}
