package screens

import (
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
)

// newOperation makes the identifier of a booking; each tap that asks for one makes a new one.
func newOperation() uuid.UUID { return uuid.New() }

// reserving shows that the registry is being asked. There is no button: the answer comes in bounded time, and it may be a booking.
func reserving(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("reserving.title"), sub: e.t("reserving.sub"), done: 4})
	title, sub := f.t("reserving.asking"), f.t("reserving.wait")
	switch {
	case !s.Booking.WaitUntil.IsZero():
		seconds := int(s.Booking.WaitUntil.Sub(e.Now)/time.Second) + 1
		title, sub = f.t("reserving.busy"), f.Lang.Plural("reserving.busy_sub", max(1, seconds), nil)
	case s.Booking.Stage == kiosk.StageUnknown:
		title, sub = f.t("reserving.checking"), f.t("reserving.checking_sub")
	}
	f.message("clock", title, sub)
	return f.page()
}
