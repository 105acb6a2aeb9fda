package checks

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"infomat/apiclient"
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
		if errors.Is(err, schedule.ErrNotLoaded) {
			return health.New(health.PartTimetable, "loading").Because(failed)
		}
		return unread(failed)
	}
	doctors, cells := catalogue.Count(now)
	oldest := catalogue.Oldest() // no part is told to be fresher than it is
	f := health.New(health.PartTimetable, timetableKind(catalogue, cells, err, failed, now)).With(map[string]any{
		"Doctors": doctors, "Cells": cells, "AsOf": oldest.Format("02.01 15:04"),
		"Seconds": int(now.Sub(oldest).Round(time.Second).Seconds()), "Foreign": catalogue.Foreign,
		"Clinic": now.In(catalogue.Zone).Format(offset), "Computer": now.Local().Format(offset),
	}).Because(failed)
	f.Of = dropped(catalogue.Dropped)
	if f.Detail == "" {
		f.Detail = firstCause(catalogue.Dropped)
	}
	return f
}

// Offered judges a timetable that has no other fault by the part of it that this terminal offers; nil: none is known.
func Offered(f health.Finding, part *schedule.Catalogue, now time.Time) health.Finding {
	if f.Level != health.OK || part == nil {
		return f
	}
	if doctors, _ := part.Count(now); doctors == 0 {
		return health.New(health.PartTimetable, "not_offered")
	}
	return f
}

// offset is the form in which the offset of a zone is told.
const offset = "-07:00"

// timetableKind judges a timetable by its number of free cells and the errors of its age and of the last reading.
func timetableKind(c *schedule.Catalogue, cells int, age, failed error, now time.Time) string {
	switch {
	case age != nil:
		return "stale"
	case failed != nil:
		return "not_renewed"
	case len(c.Dropped) > 0:
		return "partly"
	case cells == 0:
		return "empty"
	case c.Foreign > 0:
		return "offsets"
	case now.In(c.Zone).Format(offset) != now.Local().Format(offset):
		return "machine_zone"
	}
	return health.KindOK
}

// firstCause returns the first error among what a timetable lacks.
func firstCause(all []schedule.Dropped) string {
	for _, d := range all {
		if d.Cause != "" {
			return d.Cause
		}
	}
	return ""
}

// unread says why there is no timetable.
func unread(err error) health.Finding {
	f := health.New(health.PartTimetable, unreadKind(err)).With(map[string]any{}).Because(err)
	var nothing *schedule.NothingLeftError
	if errors.As(err, &nothing) {
		f.Of = dropped(nothing.Dropped)
	}
	return f
}

func unreadKind(err error) string {
	var (
		nothing *schedule.NothingLeftError
		limit   *schedule.LimitError
		long    *apiclient.TooLongError
		status  *apiclient.StatusError
		busy    *apiclient.BusyError
		line    *url.Error
	)
	switch {
	case errors.Is(err, apiclient.AccessDenied):
		return "denied"
	case errors.As(err, &nothing):
		return "nothing_left"
	case errors.As(err, &limit):
		return "too_large"
	case errors.As(err, &long):
		return "too_long"
	case errors.As(err, &busy):
		return "busy"
	case errors.As(err, new(*apiclient.RefusalError)):
		return "refused"
	case errors.As(err, &status) && status.HTTPStatus >= http.StatusInternalServerError:
		return "server_error"
	case errors.As(err, &line), errors.Is(err, context.DeadlineExceeded):
		return "no_line"
	}
	return "unreadable"
}

// dropped returns the words for what a source has and the terminal cannot offer.
func dropped(all []schedule.Dropped) (list []health.Phrase) {
	for _, d := range all {
		data := map[string]any{"Count": d.Count, "Place": ""}
		if len(d.Places) > 0 {
			data["Place"] = d.Places[0]
		}
		list = append(list, health.Phrase{ID: "service.dropped." + string(d.Reason), Data: data})
	}
	return list
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
