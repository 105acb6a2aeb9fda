package screens

import (
	"infomat/kiosk"
	"infomat/ui/widgets"
)

// age draws the question who the appointment is for, with the age ranges in words.
func age(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("age.title"), sub: e.t("age.sub"), list: true, foot: e.backAndHome()})
	var list []widgets.Card
	for _, a := range [...]struct {
		age  kiosk.Age
		icon string
	}{{kiosk.AgeAdult, "person"}, {kiosk.AgeTeen, "teen"}, {kiosk.AgeChild, "child"}} {
		list = append(list, widgets.Card{
			Target: widgets.Target{ID: "age." + string(a.age), Style: widgets.Plain, OnTap: f.tap(kiosk.ChooseAge{Age: a.age})},
			Icon:   a.icon, Title: f.t("age." + string(a.age)), Sub: f.t("age.years." + string(a.age)),
		})
	}
	f.cards(list, 42)
	return f.page()
}

// ageAnswer returns the chosen age category.
func ageAnswer(e Env, s kiosk.State) string { return e.t("age." + string(s.Age)) }
