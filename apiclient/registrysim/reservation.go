package registrysim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// reservation is POST {{url}}/visit/{{lpuGuid}}/reservation.
func (r *Registry) reservation(w http.ResponseWriter, q *http.Request) {
	var body struct {
		TimeTable   uuid.UUID
		AgeCategory apiclient.AgeCategory
		ReserveTime int
	}
	if q.PathValue("lpu") != r.lpu.String() || json.NewDecoder(q.Body).Decode(&body) != nil ||
		body.TimeTable == uuid.Nil || body.ReserveTime <= 0 {
		r.refuse(w, "4036")
		return
	}
	p, _ := r.patient(q)
	booking, c, code := r.reserve(p, body.TimeTable, body.AgeCategory, body.ReserveTime, q.Header.Get("X-Request-ID"))
	if code != "" {
		r.refuseTo(w, code, p)
		return
	}
	r.writeTicket(w, q, booking, c)
}

// writeTicket answers with a booking, with fullResponse=false by its three fields.
func (r *Registry) writeTicket(w http.ResponseWriter, q *http.Request, booking *Booking, c *cell) {
	answer := r.ticket(booking, c)
	if q.URL.Query().Get("fullResponse") == "false" {
		short := map[string]any{"lpu": answer.LPU, "num": answer.Num, "ticketGuid": answer.TicketGUID}
		writeJSON(w, http.StatusOK, short)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// reserve takes a cell for a patient, nil where nobody is known, or returns the code of the refusal.
func (r *Registry) reserve(
	p *Patient, guid uuid.UUID, age apiclient.AgeCategory, minutes int, requestID string,
) (*Booking, *cell, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.options.Now()
	c := r.find(guid)
	switch {
	case c == nil:
		return nil, nil, "4036"
	case r.options.Children && age == apiclient.Adult:
		return nil, nil, "4005"
	case !slices.Contains(c.doctor.speciality.Ages, age):
		return nil, nil, "4029"
	case r.refusal(p, c, age) != "":
		return nil, nil, r.refusal(p, c, age)
	case !c.free(now):
		return nil, nil, "4009"
	}
	b := r.book(c, now, minutes, requestID)
	if p != nil {
		b.Policy = p.Policy
	}
	return b, c, ""
}

// book records a booking of a cell. The caller holds the lock.
func (r *Registry) book(c *cell, now time.Time, minutes int, requestID string) *Booking {
	day := c.begin.Format(time.DateOnly)
	c.doctor.numbers[day]++
	b := &Booking{
		RequestID: requestID, Cell: c.guid, Ticket: uuid.New(), Num: fmt.Sprintf("%03d", c.doctor.numbers[day]),
		AskedAt: now, HeldUntil: now.Add(time.Duration(minutes) * time.Minute), Minutes: minutes,
	}
	c.heldUntil, c.booking = b.HeldUntil, b
	r.bookings = append(r.bookings, b)
	return b
}

// ticket returns the full answer, with every field of the reservation page.
func (r *Registry) ticket(b *Booking, c *cell) apiclient.TicketVisitWithLPU {
	t := apiclient.TicketVisitWithLPU{LPU: r.lpuModel()}
	t.TicketGUID, t.TimeTableGUID = b.Ticket, c.guid
	t.DocFio, t.DocGUID, t.DoctorRole = c.doctor.name, c.doctor.guid, c.doctor.speciality.Role
	t.Speciality = c.doctor.speciality.Name
	t.BeginTime, t.EndTime = apiclient.Time{Time: c.begin}, apiclient.Time{Time: c.end}
	t.DateOfAppointment = apiclient.Time{Time: b.AskedAt}
	t.PlanCount, t.UsedCount = 1, 1
	t.SourceName = r.clinic.SourceName
	t.Num, t.UchastokNum, t.Room, t.Flat = b.Num, c.doctor.district, c.doctor.room, c.doctor.floor
	t.BusyType = r.busyType()
	t.History = []apiclient.DocumentHistory{{
		Element: r.clinic.HistoryElement, NewValue: r.clinic.HistoryValue, Editor: r.clinic.Editor,
		Date:   apiclient.Time{Time: b.AskedAt},
		Client: apiclient.HistoryClient{Mnem: r.clinic.SourceName, Name: r.clinic.ClientName},
	}}
	return t
}

func (r *Registry) busyType() apiclient.DocBusyType {
	return apiclient.DocBusyType{Name: r.clinic.BusyType, Type: 1, Code: "1"}
}

func (r *Registry) lpuModel() apiclient.LPUWithStatus {
	hours := fmt.Sprintf("%d:00 - %d:00", openingHour, closingHour)
	return apiclient.LPUWithStatus{
		Status: apiclient.LPUStatus{
			Name: "Online", LastChangeTime: apiclient.Time{Time: r.options.Now().Add(-time.Hour)}, Ping: 9,
		},
		GUID: r.lpu, Name: r.clinic.Name, FerName: r.clinic.Name, FullName: r.clinic.FullName,
		Address: r.clinic.Address, Type: []string{"milk", "smp", "lpu"}, Phone: r.clinic.Phone,
		Mcod: "330501", Fcod: "503305", StLpu: true, HostID: 209, IsChildrenPolyclinic: r.options.Children,
		IsCallDoctor: true, IsWaitingList: true, IsDisp: true, IsActive: true, HaveSchedule: true,
		Parent:    &apiclient.LPUParent{GUID: r.lpu, Name: r.clinic.ParentName},
		PostIndex: "142632", Ratings: json.RawMessage("null"),
		AddressDetail: apiclient.AddressDetail{
			Postcode: "142632", Settlement: r.clinic.Settlement, Street: r.clinic.Street, House: r.clinic.House,
		},
		Worktimes: apiclient.Worktimes{
			Monday: hours, Tuesday: hours, Wednesday: hours, Thursday: hours, Friday: hours, Saturday: "9:00 - 14:00",
		},
		CityID: "2dr_geo_57074312", Inn: "5073002930", Kpp: "503401001", Ogrn: "1035011301038", Okato: "46243822001",
		Lic: "1.2.643.5.1.13.3.25.50.293", Site: "", Email: "", Gps: "55.797093, 38.884107",
	}
}

// refuse answers with a documented error. The body follows ExceptionResponse in camel case, the nearest
// documented model (GUESS).
func (r *Registry) refuse(w http.ResponseWriter, code string) {
	e, ok := r.clinic.Errors[code]
	if !ok {
		e = errorData{Status: http.StatusBadRequest, Type: "Error", Message: code}
	}
	writeError(w, code, e)
}

func writeError(w http.ResponseWriter, code string, e errorData) {
	writeJSON(w, e.Status, map[string]any{
		"code": e.Status, "message": e.Message, "message_code": documentedCode(code), "type": e.Type,
	})
}

// documentedCode returns the code without the suffix that distinguishes two texts of one code.
func documentedCode(key string) string { return key[:min(4, len(key))] }

func writeJSON(w http.ResponseWriter, status int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(data) // the client may have disconnected
}
