package terminal

import (
	"context"
	"log/slog"
	"time"

	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// How often a terminal that the registry has refused asks whether it would be admitted.
const (
	askSoonest = 30 * time.Second
	askLatest  = 5 * time.Minute
)

// access knows whether the registry accepts this terminal. A refused reservation latches until the registry answers a
// probe; a refused timetable until it is shown.
type access struct {
	latch     *health.Latch
	timetable func() error // of the last reading of the timetable, where the registry is its source; else returns nil
	probe     func(ctx context.Context) (admitted bool, err error)
	report    func(health.Finding)
}

func newAccess(
	registry *connection, timetable func() error, report func(health.Finding), poke func(...health.Part),
	log *slog.Logger,
) *access {
	a := &access{timetable: timetable, probe: registry.admitted, report: report}
	a.latch = &health.Latch{Probe: a.admitted, Every: askSoonest, Longest: askLatest, Changed: func(shut bool) {
		log.Warn("access to the registry", "refused", shut)
		poke(health.PartAccess)
	}}
	return a
}

// refused latches the refusal that somebody met at work.
func (a *access) refused(err error) {
	a.latch.Shut(err)
	a.report(checks.Refused(err))
}

// admitted asks the registry whether it would take reservations. While it refuses even the timetable it need not be
// asked: the timetable is read anyway.
func (a *access) admitted(ctx context.Context) (bool, error) {
	if checks.TimetableRefused(a.timetable()) {
		return false, nil
	}
	return a.probe(ctx)
}

// look judges whether the registry accepts this terminal.
func (a *access) look(context.Context) health.Finding {
	return checks.Access(a.latch.Refusal(), a.timetable())
}
