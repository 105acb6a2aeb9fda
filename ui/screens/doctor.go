package screens

import (
	"strings"
	"time"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// doctor draws the list of doctors of the chosen speciality.
func doctor(e Env, s kiosk.State) Page {
	f := newFrame(
		e,
		s,
		question{
			title: e.t("doctor.title"),
			sub:   upperFirst(s.Speciality.Name),
			foot:  e.backAndHome(),
			list:  true,
			many:  len(s.Doctors) > tabsFrom,
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

// anyDoctor returns the card for the first free doctor, or no card if there is no choice.
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
		Sub: f.Lang.Text("doctor.any_sub", map[string]any{"When": f.at(first)}), SubLines: 3,
	}}
}

// aboutDoctor returns the nearest free time, and on a second line the room and the district.
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

// post returns the doctor's post. It is empty if it only repeats the speciality or if the page is plain.
func (f *frame) post(d kiosk.Doctor, speciality string) string {
	if bare := strings.TrimPrefix(strings.ToLower(d.Post), "врач-"); f.plain || bare == strings.ToLower(speciality) {
		return ""
	}
	return lowerFirst(d.Post)
}

// doctorAnswer returns the chosen doctor's name, or the text for any doctor.
func doctorAnswer(e Env, s kiosk.State) string { return firstOf(s.Doctor.Name, e.t("doctor.any")) }
