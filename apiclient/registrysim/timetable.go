package registrysim

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// slotModel is ExtendedSlot. Its first six names are documented, the others are guessed.
type slotModel struct {
	Status        string                `json:"status"`
	Message       *string               `json:"message"`
	FlagAccess    string                `json:"flagAccess"`
	Opened        bool                  `json:"opened"`
	BookingSource *string               `json:"bookingSource"`
	Count         int                   `json:"count"`
	TimeTableGUID string                `json:"timeTableGuid"`
	BeginTime     apiclient.Time        `json:"beginTime"`
	EndTime       apiclient.Time        `json:"endTime"`
	Room          string                `json:"room"`
	Flat          int                   `json:"flat"`
	BusyType      apiclient.DocBusyType `json:"busyType"`
}

func (r *Registry) clinicPage(w http.ResponseWriter, q *http.Request) {
	writeDocument(w, q, r.lpuModel())
}

func (r *Registry) specialitiesPage(w http.ResponseWriter, q *http.Request) {
	list := []map[string]any{}
	for _, s := range r.clinic.Specialities {
		list = append(list, map[string]any{"code": s.Code, "name": s.Name})
	}
	writeDocument(w, q, list)
}

func (r *Registry) doctorsPage(w http.ResponseWriter, q *http.Request) {
	list := []map[string]any{}
	for _, d := range r.doctors {
		if d.speciality.Code == q.PathValue("code") {
			list = append(list, map[string]any{
				"docGuid": d.guid, "docFio": d.name, "doctorRole": d.speciality.Role, "room": d.room, "flat": d.floor,
				"uchastokNum": d.district, "ageCategories": d.speciality.Ages,
			})
		}
	}
	writeDocument(w, q, list)
}

// schedulePage is a doctor's schedule of a day, or of a range of days.
func (r *Registry) schedulePage(w http.ResponseWriter, q *http.Request) {
	r.schedule(w, q, func(d *doctor) bool { return d.guid.String() == q.PathValue("doctor") })
}

// specialitySchedulePage is the schedule of all doctors of a speciality.
func (r *Registry) specialitySchedulePage(w http.ResponseWriter, q *http.Request) {
	r.schedule(w, q, func(d *doctor) bool { return d.speciality.Code == q.PathValue("code") })
}

// maxRange bounds a range of days.
const maxRange = 60

func (r *Registry) schedule(w http.ResponseWriter, q *http.Request, wanted func(*doctor) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.options.Now()
	from, err := time.ParseInLocation(time.DateOnly, q.PathValue("from"), now.Location())
	to := from
	if text := q.PathValue("to"); text != "" && err == nil {
		to, err = time.ParseInLocation(time.DateOnly, text, now.Location())
	}
	if err != nil || to.Before(from) || to.Sub(from) > maxRange*24*time.Hour ||
		!slices.ContainsFunc(r.doctors, wanted) {
		writeJSON(w, http.StatusBadRequest, map[string]any{
			"code": http.StatusBadRequest, "message": "doctor or date", "message_code": "4036", "type": "Error",
		})
		return
	}
	slots := []slotModel{}
	for _, d := range r.doctors {
		if !wanted(d) {
			continue
		}
		for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
			for _, c := range r.day(d, day) {
				slots = append(slots, r.slot(c, now))
			}
		}
	}
	writeDocument(w, q, slots)
}

// slot returns the slot of a cell. There is no documented status of a reserved cell: it is returned as
// Booked, with its source (GUESS).
func (r *Registry) slot(c *cell, now time.Time) slotModel {
	s := slotModel{
		Status: "Available", FlagAccess: "Registry,Doctor,Internet", Count: 1, TimeTableGUID: c.guid.String(),
		BeginTime: apiclient.Time{Time: c.begin}, EndTime: apiclient.Time{Time: c.end},
		Room: c.doctor.room, Flat: c.doctor.floor, BusyType: r.busyType(),
	}
	switch source := "Registry"; {
	case !c.begin.After(now):
		s.Status = "Expired"
	case c.taken:
		s.Status, s.BookingSource = "Booked", &source
	case !c.free(now):
		source = r.clinic.SourceName
		s.Status, s.BookingSource = "Booked", &source
	}
	return s
}

// writeDocument answers with a document and its version, or with the version alone if the client has it
// (GUESS: the registry's pages do not say whether it does).
func writeDocument(w http.ResponseWriter, q *http.Request, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	tag := `"` + uuid.NewSHA1(uuid.NameSpaceOID, data).String() + `"`
	w.Header().Set("ETag", tag)
	if q.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	writeJSON(w, http.StatusOK, json.RawMessage(data))
}
