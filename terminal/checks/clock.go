package checks

import (
	"time"

	"infomat/kiosk/health"
)

// Clock judges how far the registry's clock is ahead of ours, or behind; known says whether that was measured.
func Clock(skew time.Duration, known bool) health.Finding {
	synced, err := clockSynced()
	return clockOf(skew, known, synced || err != nil)
}

// clockOf judges the clock. Synced is false only where the system says that nothing keeps its clock.
func clockOf(skew time.Duration, known, synced bool) health.Finding {
	kind := health.KindOK
	switch {
	case known && skew.Abs() > health.ClockWrong:
		kind = "wrong"
	case known && skew.Abs() > health.ClockWarning:
		kind = "off"
	case !synced:
		kind = "unsynced"
	case !known:
		kind = "unknown"
	}
	return health.New(health.PartClock, kind).With(map[string]any{"Seconds": int(skew.Abs().Round(time.Second).Seconds())})
}
