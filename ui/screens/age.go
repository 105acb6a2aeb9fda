package screens

import (
	"infomat/kiosk"
	"infomat/ui/widgets"
)

// age asks for whom the appointment is, with the ages in words.
func age(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("age.title"), sub: e.t("age.sub"), foot: e.both()})
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

func ageAnswer(e Env, s kiosk.State) string { return e.t("age." + string(s.Age)) }
