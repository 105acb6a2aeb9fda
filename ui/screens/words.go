package screens

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"infomat/kiosk"
)

// clock formats a time of day in the time's own location.
func clock(t time.Time) string { return t.Format("15:04") }

// shortDate returns a date such as «пн, 23 ноября».
func (e Env) shortDate(t time.Time) string {
	return e.Lang.Text("date.short", map[string]any{
		"Weekday": e.t(fmt.Sprintf(
			"date.weekday_short.%d", t.Weekday(),
		)), "Day": t.Day(), "Month": e.t(fmt.Sprintf("date.month.%d", t.Month())),
	})
}

// longDate returns a date such as «понедельник, 23 ноября».
func (e Env) longDate(t time.Time) string {
	return e.Lang.Text("date.long", map[string]any{
		"Weekday": e.t(fmt.Sprintf(
			"date.weekday.%d", t.Weekday(),
		)), "Day": t.Day(), "Month": e.t(fmt.Sprintf("date.month.%d", t.Month())),
	})
}

// nearest returns from when a patient can come, such as «сегодня с 10:40».
func (e Env) nearest(t time.Time) string { return e.day(t, "nearest.today", "nearest.tomorrow") }

// at returns when a patient can come, such as «сегодня в 10:40».
func (e Env) at(t time.Time) string { return e.day(t, "nearest.at_today", "nearest.at_tomorrow") }

// day returns the text with the id today or tomorrow for a time of these days, and otherwise the date.
func (e Env) day(t time.Time, today, tomorrow string) string {
	data := map[string]any{"Time": clock(t)}
	now := e.Now.In(t.Location())
	switch {
	case sameDay(t, now):
		return e.Lang.Text(today, data)
	case sameDay(t, now.AddDate(0, 0, 1)):
		return e.Lang.Text(tomorrow, data)
	}
	data["Date"] = e.shortDate(t)
	return e.Lang.Text("nearest.date", data)
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// join joins the parts that are not empty.
func join(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

// lowerFirst makes the first letter lower case, for use within a sentence. It leaves abbreviations such as «УЗИ»
// unchanged.
func lowerFirst(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	second, _ := utf8.DecodeRuneInString(s[n:])
	if unicode.IsUpper(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[n:]
}

// upperFirst makes the first letter upper case.
func upperFirst(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[n:]
}

// place returns the room and the floor, such as «кабинет 314, 3 этаж». Unknown parts are left out.
func (e Env) place(room string, floor int) string {
	var parts []string
	if room != "" {
		parts = append(parts, e.Lang.Text("place.room", map[string]any{"Room": room}))
	}
	return join(", ", append(parts, e.floor(floor))...)
}

// desk returns the advice to go to the registration desk or, if its phone number is known, to call it.
func (e Env) desk(c kiosk.Clinic) string {
	data := map[string]any{"Phone": c.Phone, "Where": ""}
	if c.Desk != "" {
		data["Where"] = " (" + c.Desk + ")"
	}
	if c.Phone == "" {
		return e.Lang.Text("desk.go", data)
	}
	return e.Lang.Text("desk.go_or_call", data)
}

// heldUntil returns a text such as «Бронь действует сегодня до 10:25», in the location of the appointment, as on the
// ticket. It says «сегодня» because the appointment may be on another day; a hold that ends after midnight does not.
func (e Env) heldUntil(until, begin time.Time) string {
	if !begin.IsZero() {
		until = until.In(begin.Location())
	}
	id := "ticket.hold_until"
	if until.YearDay() != e.Now.In(until.Location()).YearDay() {
		id = "ticket.hold_night"
	}
	return e.Lang.Text(id, map[string]any{"Time": clock(until)})
}
