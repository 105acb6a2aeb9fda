package checks

import (
	"infomat/kiosk/health"
	"infomat/kiosk/pin"
)

// PIN checks whether the diagnostics mode on the screen can be opened with the PIN in a file. The pauses after wrong
// PINs are the running terminal's own and are not seen here.
func PIN(file string) health.Finding {
	kinds := map[pin.Status]string{
		pin.Ready: health.KindOK, pin.Waiting: "waiting", pin.Locked: "locked", pin.NoFile: "none",
		pin.Unreadable: "unreadable", pin.Uncounted: "uncounted",
	}
	v := (&pin.Lock{File: file}).Peek()
	return health.New(health.PartPIN, kinds[v.Status]).Because(v.Err)
}
