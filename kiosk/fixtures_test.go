package kiosk

import (
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

var errDisk = errors.New("no space left on device")

func guid(n int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Append(nil, n)) }

func specialitiesOf(n int) []Speciality {
	var all []Speciality
	for i := range n {
		all = append(all, Speciality{Code: fmt.Sprint(i), Name: "Терапевт", Free: i})
	}
	return all
}

func doctorsOf(n int) []Doctor {
	var all []Doctor
	for i := range n {
		all = append(
			all,
			Doctor{
				GUID:       guid(i),
				Name:       "Иванова Анна Петровна",
				Post:       "врач",
				Speciality: "Терапевт",
				Room:       "202",
				Floor:      2,
				Free:       i,
			},
		)
	}
	return all
}

// daysOf are n days of which the first is full.
func daysOf(now time.Time, doctor uuid.UUID, n int) []Day {
	midnight := now.Truncate(24 * time.Hour)
	var all []Day
	for i := range n {
		d := Day{Date: midnight.AddDate(0, 0, i)}
		for c := range i {
			d.Cells = append(
				d.Cells,
				Cell{GUID: guid(100*i + c), Begin: d.Date.Add(time.Duration(9+c) * time.Hour), Doctor: doctor},
			)
		}
		all = append(all, d)
	}
	return all
}
