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
	_, computer := now.Local().Zone()
	_, clinic := now.In(catalogue.Zone).Zone()
	oldest := catalogue.Oldest() // no part is told to be fresher than it is
	kind := health.KindOK
	switch {
	case err != nil:
		kind = "stale"
	case failed != nil:
		kind = "not_renewed"
	case len(catalogue.Dropped) > 0:
		kind = "partly"
	case cells == 0:
		kind = "empty"
	case catalogue.Foreign > 0:
		kind = "offsets"
	case computer != clinic:
		kind = "machine_zone"
	}
	f := health.New(health.PartTimetable, kind).With(map[string]any{
		"Doctors": doctors, "Cells": cells, "AsOf": oldest.Format("02.01 15:04"),
		"Seconds": int(now.Sub(oldest).Round(time.Second).Seconds()), "Foreign": catalogue.Foreign,
		"Clinic": now.In(catalogue.Zone).Format("-07:00"), "Computer": now.Local().Format("-07:00"),
	}).Because(failed)
	f.Of = dropped(catalogue.Dropped)
	return f
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
	case errors.As(err, &nothing):
		return "nothing_left"
	case errors.As(err, &limit):
		return "too_large"
	case errors.As(err, &long):
		return "too_long"
	case errors.As(err, &busy):
		return "busy"
	case errors.Is(err, apiclient.AccessDenied):
		return "denied"
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
