package screens

import (
	"strings"
	"time"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// who asks whether the patient says who he is: by a code, by the keypad, or, where the site allows it, not at all.
func who(e Env, s kiosk.State) Page {
	sub := "who.sub"
	if !s.Settings.MakeVisit {
		sub = "who.sub_hold"
	}
	f := newFrame(e, s, question{title: e.t("who.title"), sub: e.t(sub), list: true, foot: e.backAndHome()})
	f.ordered = true
	if s.Settings.Scanner {
		scan := "who.scan"
		if s.Notice == kiosk.NoticeCodeUnread {
			scan = "who.unread"
		}
		f.message("policy", f.t(scan), f.t(scan+"_sub"))
	}
	list := []widgets.Card{f.step("who.enter", "policy", kiosk.EnterPolicy{})}
	if s.Settings.Identify == kiosk.IdentifyOptional {
		list = append(list, f.step("who.skip", "person", kiosk.SkipPolicy{}))
	}
	f.cards(list, 42)
	return f.page()
}

// policy is the keypad for the number of the policy. All digits but the last are hidden, and that one after a second.
// No text of the page has the number, so no voice says it.
func policy(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("policy.title"), sub: e.t("policy.sub"), list: true, foot: e.backAndHome()})
	typed, of := s.Person.Typed()
	caption := f.Lang.Text("policy.typed", map[string]any{"Typed": typed, "Of": of})
	if id, ok := policyNotices[s.Notice]; ok {
		caption = f.t(id)
	}
	f.entry(func() []string { return masked(s, f.Now) }, caption, policyNotices)
	return f.page()
}

var policyNotices = map[kiosk.Notice]string{
	kiosk.NoticeCodeUnread: "who.unread", kiosk.NoticeIncomplete: "policy.incomplete",
}

// hiddenDigit and noDigit stand for a digit that was typed, and for one that was not.
const (
	hiddenDigit = "•"
	noDigit     = "–"
	groupDigits = 4
)

// masked returns the digits of the policy: those that were typed are hidden, but for the last one while it is to be
// seen.
func masked(s kiosk.State, now time.Time) []string {
	typed, of := s.Person.Typed()
	all := make([]string, of)
	for i := range all {
		all[i] = noDigit
		if i < typed {
			all[i] = hiddenDigit
		}
	}
	if last, ok := s.Person.Last(); ok && !s.Masked(now) {
		all[typed-1] = string(rune(last))
	}
	return all
}

// birth is the keypad for the birth date. A key that would lead to a date on which nobody was born does nothing but
// say so. Day, month and year are texts of their own, so that no text has the whole date.
func birth(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("birth.title"), sub: e.t("birth.sub"), list: true, foot: e.backAndHome()})
	caption := f.t("birth.order")
	if id, ok := birthNotices[s.Notice]; ok {
		caption = f.t(id)
	}
	day, month, year := s.Person.Birth()
	f.entryParts([]string{padded(day, 2), padded(month, 2), padded(year, 4)}, caption, birthNotices)
	return f.page()
}

var birthNotices = map[kiosk.Notice]string{
	kiosk.NoticeImpossible: "birth.impossible", kiosk.NoticeIncomplete: "birth.incomplete",
}

// padded returns digits with a stroke for each that is missing.
func padded(digits string, width int) string {
	return digits + strings.Repeat(noDigit, width-len(digits))
}

// identifying shows that the registry is being asked who the patient is.
func identifying(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{})
	f.waiting("person", f.t("identifying.title"), f.t("identifying.sub"), "")
	return f.page()
}

// unknownPerson describes how to present that the registry gives no token.
type unknownPerson struct {
	id    string
	icon  string
	again kiosk.Event // what may help; nil: the registration desk
}

//exhaustive:enforce
var unknownPersons = map[kiosk.RecognitionKind]unknownPerson{
	kiosk.RecognisedDown:    {"down", "no-connection", kiosk.AskAgain{}},
	kiosk.RecognisedKnown:   {"refused", "warning", nil}, // never on this page
	kiosk.RecognisedNobody:  {"nobody", "question", kiosk.EnterPolicy{}},
	kiosk.RecognisedSeveral: {"several", "person", nil},
	kiosk.RecognisedNoCard:  {"no_card", "policy", nil},
	kiosk.RecognisedRefused: {"refused", "warning", nil},
}

// unidentified shows that the registry does not know the patient, or could not be asked, and what may help.
func unidentified(e Env, s kiosk.State) Page {
	u := unknownPersons[s.Recognition.Kind]
	text := s.Recognition.Text
	if text == "" {
		text = e.t("unidentified." + u.id + "_sub")
	}
	if _, types := u.again.(kiosk.EnterPolicy); types && s.TriesLeft() == 0 {
		u.again, text = nil, e.t("unidentified.no_more")
	}
	f := newFrame(e, s, question{
		title: e.t("unidentified." + u.id), sub: e.t("refused.nothing"), icon: u.icon, foot: []choice{e.home()},
	})
	f.textCard("info", text)
	var list []widgets.Card
	if u.again != nil {
		list = append(list, f.step("again."+u.id, u.icon, u.again))
	}
	if s.Settings.Identify == kiosk.IdentifyOptional {
		list = append(list, f.step("who.skip", "person", kiosk.SkipPolicy{}))
	}
	if u.again == nil {
		f.message("door", f.t("desk.title"), f.desk(s.Overview.Clinic))
	}
	if len(list) > 0 {
		f.cards(list, 34)
	}
	return f.page()
}
