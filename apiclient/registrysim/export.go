package registrysim

import (
	"encoding/json"
	"time"

	"infomat/apiclient"
)

// exportModel is the timetable as one document: docs/timetable.schema.json.
type exportModel struct {
	Version      int                `json:"version"`
	Exported     string             `json:"exported"`
	Clinic       exportClinic       `json:"clinic"`
	Specialities []exportSpeciality `json:"specialities"`
	Doctors      []exportDoctor     `json:"doctors"`
}

type exportClinic struct {
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Children bool   `json:"children"`
}

type exportSpeciality struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

type exportDoctor struct {
	GUID       string                  `json:"guid"`
	Name       string                  `json:"name"`
	Post       string                  `json:"post"`
	Speciality string                  `json:"speciality"`
	Room       string                  `json:"room"`
	Floor      int                     `json:"floor"`
	District   string                  `json:"district,omitempty"`
	Ages       []apiclient.AgeCategory `json:"ages"`
	Cells      []exportCell            `json:"cells"`
}

type exportCell struct {
	GUID  string `json:"guid"`
	Begin string `json:"begin"`
	End   string `json:"end"`
}

// Export returns the cells that are free from now on, of today and the following days, as one document
// (docs/timetable.schema.json). The registry reserves the cells of the document.
func (r *Registry) Export(days int) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.options.Now()
	m := exportModel{
		Version: 1, Exported: now.Format(time.RFC3339),
		Clinic: exportClinic{r.clinic.Name, r.clinic.Phone, r.options.Children}, Doctors: []exportDoctor{},
	}
	for _, s := range r.clinic.Specialities {
		m.Specialities = append(m.Specialities, exportSpeciality{s.Code, s.Name})
	}
	for _, d := range r.doctors {
		e := exportDoctor{
			GUID: d.guid.String(), Name: d.name, Post: d.speciality.Role, Speciality: d.speciality.Code,
			Room: d.room, Floor: d.floor, District: d.district, Ages: d.speciality.Ages, Cells: []exportCell{},
		}
		for n := range days {
			for _, c := range r.day(d, now.AddDate(0, 0, n)) {
				if c.free(now) && c.begin.After(now) {
					begin, end := c.begin.Format(time.RFC3339), c.end.Format(time.RFC3339)
					e.Cells = append(e.Cells, exportCell{c.guid.String(), begin, end})
				}
			}
		}
		m.Doctors = append(m.Doctors, e)
	}
	return json.MarshalIndent(m, "", " ")
}
