package checks

import (
	"context"
	"errors"
	"time"

	"infomat/apiclient/schedule"
	"infomat/kiosk/health"
)

// Timetables is where the newest timetable is kept.
type Timetables interface {
	Snapshot(now time.Time) (*schedule.Catalogue, error)
	Err() error // of the last reading
}

// Timetable judges the timetable that is offered. One that could not be read again is offered until it is too old.
func Timetable(s Timetables, now time.Time) health.Finding {
	catalogue, err := s.Snapshot(now)
	failed := s.Err()
	if catalogue == nil {
		kind := "unreadable"
		if errors.Is(err, schedule.ErrNotLoaded) {
			kind = "loading"
		}
		return health.New(health.PartTimetable, kind).Because(failed)
	}
	doctors, cells := catalogue.Count(now)
	kind := health.KindOK
	switch {
	case err != nil:
		kind = "stale"
	case failed != nil:
		kind = "not_renewed"
	case cells == 0:
		kind = "empty"
	}
	return health.New(health.PartTimetable, kind).With(map[string]any{
		"Doctors": doctors, "Cells": cells, "AsOf": catalogue.AsOf.Format("02.01 15:04"),
		"Seconds": int(now.Sub(catalogue.AsOf).Round(time.Second).Seconds()),
	}).Because(failed)
}

// Loader is a store of timetables that can be told to read one.
type Loader interface {
	Timetables
	Load(ctx context.Context) error
}

// ReadTimetable reads the timetable now and judges it.
func ReadTimetable(ctx context.Context, s Loader) health.Finding {
	began := time.Now()
	_ = s.Load(ctx) // its error is kept by the store: see Timetable
	f := Timetable(s, time.Now())
	if f.Data != nil {
		f.Data["Seconds"] = int(time.Since(began).Round(time.Second).Seconds())
	}
	return f
}
