package screens

import (
	"infomat/kiosk"
	"infomat/ui/widgets"
)

// doctor asks to which doctor of the speciality.
func doctor(e Env, s kiosk.State) Page {
	f := newFrame(e, s, question{title: e.t("doctor.title"), sub: upper(s.Speciality.Name), done: 2, foot: e.both()})
	if s.Loading {
		f.message("clock", f.t("loading.title"), "")
		return f.page()
	}
	if len(s.Doctors) == 0 {
		f.message("info", f.t("doctor.none"), f.desk(s.Overview.Clinic))
		return f.page()
	}
	var list []widgets.Card
	for _, d := range s.Doctors {
		c := widgets.Card{
			Target: widgets.Target{ID: "doctor." + d.GUID.String(), Style: widgets.Plain, OnTap: f.tap(kiosk.ChooseDoctor{GUID: d.GUID})},
			Icon:   "person", Title: d.Name, Sub: f.aboutDoctor(d), SubLines: 2,
		}
		if d.Free == 0 {
			c.Style = widgets.Off
		}
		list = append(list, c)
	}
	f.cards(list, 40)
	return f.page()
}

// aboutDoctor is the nearest time and the place, and in a second line post and district.
func (f *frame) aboutDoctor(d kiosk.Doctor) string {
	first := f.t("free.none")
	if d.Free > 0 {
		first = f.nearest(d.Nearest)
	}
	district := ""
	if d.District != "" {
		district = f.Lang.Text("doctor.district", map[string]any{"District": d.District})
	}
	return join(" · ", first, f.place(d.Room, 0), district)
}
