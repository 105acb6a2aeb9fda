package screens

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"infomat/kiosk"
)

// clock is the time of day as the clinic writes it, in the instant's own offset.
func clock(t time.Time) string { return t.Format("15:04") }

// shortDate is «пн, 23 ноября».
func (e Env) shortDate(t time.Time) string {
	return e.Lang.Text("date.short", map[string]any{
		"Weekday": e.t(fmt.Sprintf(
			"date.weekday_short.%d", t.Weekday(),
		)), "Day": t.Day(), "Month": e.t(fmt.Sprintf("date.month.%d", t.Month())),
	})
}

// longDate is «понедельник, 23 ноября».
func (e Env) longDate(t time.Time) string {
	return e.Lang.Text("date.long", map[string]any{
		"Weekday": e.t(fmt.Sprintf(
			"date.weekday.%d", t.Weekday(),
		)), "Day": t.Day(), "Month": e.t(fmt.Sprintf("date.month.%d", t.Month())),
	})
}

// nearest is when the nearest free time is, as one would say it: «сегодня с 10:40».
func (e Env) nearest(t time.Time) string {
	data := map[string]any{"Time": clock(t)}
	now := e.Now.In(t.Location())
	switch {
	case sameDay(t, now):
		return e.Lang.Text("nearest.today", data)
	case sameDay(t, now.AddDate(0, 0, 1)):
		return e.Lang.Text("nearest.tomorrow", data)
	}
	data["Date"] = e.shortDate(t)
	return e.Lang.Text("nearest.date", data)
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// join puts the parts that are not blank together with the separator.
func join(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}

// lower makes a speciality's or a post's name fit the middle of a sentence: its first letter small, unless the second
// is large as well («УЗИ»).
func lower(s string) string {
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

// upper begins a sentence.
func upper(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[n:]
}

// place is «кабинет 314, 3 этаж», or what of it is known.
func (e Env) place(room string, floor int) string {
	var parts []string
	if room != "" {
		parts = append(parts, e.Lang.Text("place.room", map[string]any{"Room": room}))
	}
	return join(", ", append(parts, e.floor(floor))...)
}

// desk says where to go when the terminal cannot help: the registration desk, with its telephone where it is known.
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

// heldUntil is «Бронь действует до 10:25». The time is told in the appointment's own offset, as on the paper.
func (e Env) heldUntil(until, begin time.Time) string {
	if !begin.IsZero() {
		until = until.In(begin.Location())
	}
	return e.Lang.Text("ticket.hold_until", map[string]any{"Time": clock(until)})
}
