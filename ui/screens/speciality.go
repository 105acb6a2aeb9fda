package screens

import (
	"infomat/assets/icons"
	"infomat/kiosk"
	"infomat/ui/widgets"
)

// speciality draws the list of specialities.
func speciality(e Env, s kiosk.State) Page {
	specialities, groups := e.inGroups(s.Specialities)
	f := newFrame(e, s, question{
		title: e.t("speciality.title"), foot: e.backAndHome(), list: true,
		many: len(s.Specialities) > tabsFrom || len(s.Specialities) > 0 && e.Guide.Grouped(),
		sub:  join(", ", e.t("age.patient."+string(s.Age)), e.t("age.years."+string(s.Age))),
	})
	if s.Loading {
		f.message("clock", f.t("loading.title"), "")
		return f.page()
	}
	if len(s.Specialities) == 0 {
		f.message("info", f.t("speciality.none"), f.desk(s.Overview.Clinic))
		return f.page()
	}
	f.groups = groups
	var list []widgets.Card
	for _, sp := range specialities {
		c := widgets.Card{
			Target: widgets.Target{
				ID: specialityID(sp), Style: widgets.Plain, OnTap: f.tap(kiosk.ChooseSpeciality{Code: sp.Code}),
			},
			Icon: icons.ForSpeciality(sp.Name), Title: upperFirst(sp.Name), Sub: f.free(sp.Free, sp),
		}
		if sp.Free == 0 {
			c.Style = widgets.Off
		}
		list = append(list, c)
	}
	f.cards(list, 34)
	return f.page()
}

// free returns the nearest free time and the number of free cells: «сегодня с 10:40 · свободно 18».
func (f *frame) free(n int, sp kiosk.Speciality) string {
	if n == 0 {
		return f.t("free.none")
	}
	return join(" · ", f.nearest(sp.Nearest), f.Lang.Plural("free.count", n, nil))
}

// specialityAnswer returns the chosen speciality.
func specialityAnswer(_ Env, s kiosk.State) string { return upperFirst(s.Speciality.Name) }
