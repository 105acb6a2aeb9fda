package screens

import (
	"strings"
	"time"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// doctor asks to which doctor of the speciality.
func doctor(e Env, s kiosk.State) Page {
	f := newFrame(
		e,
		s,
		question{
			title: e.t("doctor.title"),
			sub:   upper(s.Speciality.Name),
			foot:  e.both(),
			many:  len(s.Doctors) > manyCards,
		},
	)
	if s.Loading {
		f.message("clock", f.t("loading.title"), "")
		return f.page()
	}
	if len(s.Doctors) == 0 {
		f.message("info", f.t("doctor.none"), f.desk(s.Overview.Clinic))
		return f.page()
	}
	list := f.anyDoctor(s)
	for _, d := range s.Doctors {
		c := widgets.Card{
			Target: widgets.Target{
				ID: "doctor." + d.GUID.String(), Style: widgets.Plain, OnTap: f.tap(kiosk.ChooseDoctor{GUID: d.GUID}),
			},
			Icon: "person", Title: d.Name, Sub: f.aboutDoctor(d), More: f.post(d, s.Speciality.Name), SubLines: 5,
		}
		if d.Free == 0 {
			c.Style = widgets.Off
		}
		list = append(list, c)
	}
	f.cards(list, 40)
	return f.page()
}

// anyDoctor is the card of whoever is free first, where there is a choice.
func (f *frame) anyDoctor(s kiosk.State) []widgets.Card {
	if !kiosk.AnyDoctor(s.Doctors) {
		return nil
	}
	var first time.Time
	for _, d := range s.Doctors {
		if d.Free > 0 && (first.IsZero() || d.Nearest.Before(first)) {
			first = d.Nearest
		}
	}
	return []widgets.Card{{
		Target: widgets.Target{ID: anyDoctorID, Style: widgets.Plain, OnTap: f.tap(kiosk.ChooseAnyDoctor{})},
		Icon:   "clock", Title: f.t("doctor.any"),
		Sub: f.Lang.Text("doctor.any_sub", map[string]any{"When": f.nearest(first)}), SubLines: 3,
	}}
}

// aboutDoctor is the nearest time, and below it the place and the district.
func (f *frame) aboutDoctor(d kiosk.Doctor) string {
	first := f.t("free.none")
	if d.Free > 0 {
		first = f.nearest(d.Nearest)
	}
	district := ""
	if d.District != "" {
		district = f.Lang.Text("doctor.district", map[string]any{"District": d.District})
	}
	return join("\n", first, join(" · ", f.place(d.Room, d.Floor), district))
}

// post is a doctor's post, where it says more than the speciality does and the page has room for it.
func (f *frame) post(d kiosk.Doctor, speciality string) string {
	if bare := strings.TrimPrefix(strings.ToLower(d.Post), "врач-"); f.plain || bare == strings.ToLower(speciality) {
		return ""
	}
	return lower(d.Post)
}

func doctorAnswer(e Env, s kiosk.State) string { return firstOf(s.Doctor.Name, e.t("doctor.any")) }
