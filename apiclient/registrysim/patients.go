package registrysim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// Patient is somebody whom the registry knows. All of them are invented.
type Patient struct {
	Name     string
	Policy   string // sixteen digits; the first two name no region of the country
	Birthday string // YYYY-MM-DD
	Refused  string // key of the error with which each of his requests for a cell is refused; "": none
	Token    string // key of the error with which he gets no token; "": he gets one
}

// The policies of the invented patients, by what they meet.
const (
	PolicyAdult       = "0100000000000017"
	PolicyOld         = "0100000000000025" // born on 29 February
	PolicyTeen        = "0100000000000033"
	PolicyChild       = "0100000000000041"
	PolicyNoCard      = "0100000000000058"
	PolicySeveral     = "0100000000000066"
	PolicyBanned      = "0100000000000074"
	PolicyUnobserved  = "0100000000000082"
	PolicyBookedTwice = "0100000000000090"
)

// makePatients returns the patients at a day: who is a child stays one, whatever the year.
func makePatients(now time.Time) []Patient {
	born := func(years int) string {
		return time.Date(now.Year()-years, time.January, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	return []Patient{
		{Name: "Взрослов Тест Иванович", Policy: PolicyAdult, Birthday: "1980-01-31"},
		{Name: "Високосова Тест Петровна", Policy: PolicyOld, Birthday: "1948-02-29"},
		{Name: "Подростков Тест Олегович", Policy: PolicyTeen, Birthday: born(16)},
		{Name: "Детский Тест Андреевич", Policy: PolicyChild, Birthday: born(7)},
		{Name: "Безкартов Тест Ильич", Policy: PolicyNoCard, Birthday: "1975-05-05", Token: "4052"},
		{Name: "Двойников Тест Ильич", Policy: PolicySeveral, Birthday: "1975-05-05", Token: "4051"},
		{Name: "Запретов Тест Ильич", Policy: PolicyBanned, Birthday: "1975-05-05", Refused: "4007"},
		{Name: "Неучётов Тест Ильич", Policy: PolicyUnobserved, Birthday: "1975-05-05", Refused: "4007-dispensary"},
		{Name: "Повторов Тест Ильич", Policy: PolicyBookedTwice, Birthday: "1975-05-05", Refused: "4008"},
	}
}

// Patients returns those whom the registry knows.
func (r *Registry) Patients() []Patient { return slices.Clone(r.patients) }

// tokenMark begins each token of a patient, so that the simulated registry tells an expired one from the terminal's.
const tokenMark = "sim."

// session is a token of a patient.
type session struct {
	patient Patient
	until   time.Time
}

// defaultTokenLife is how long a token counts where Options do not say (GUESS: it is not documented).
const defaultTokenLife = 30 * time.Minute

// tokenPage is GET {{url}}/auth/{lpuGuid}/token. Only its success is documented; statuses and codes of its refusals are
// invented (GUESS).
func (r *Registry) tokenPage(w http.ResponseWriter, q *http.Request) {
	ask := q.URL.Query()
	i := slices.IndexFunc(r.patients, func(p Patient) bool {
		return p.Policy == ask.Get("s_pol")+ask.Get("n_pol") && p.Birthday == ask.Get("Birthday")
	})
	switch {
	case q.PathValue("lpu") != r.lpu.String() || i < 0:
		r.refuse(w, "4050")
		return
	case r.patients[i].Token != "":
		r.refuse(w, r.patients[i].Token)
		return
	}
	life := r.options.TokenLife
	if life == 0 {
		life = defaultTokenLife
	}
	token := tokenMark + uuid.NewString()
	r.mu.Lock()
	r.sessions[token] = session{r.patients[i], r.options.Now().Add(life)}
	r.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{"token": token})
}

// Tokens returns the tokens of patients that count, in no order.
func (r *Registry) Tokens() (all []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for token := range r.sessions {
		all = append(all, token)
	}
	return all
}

// ExpireTokens lets all tokens that were given out expire now.
func (r *Registry) ExpireTokens() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.sessions)
}

// patient returns whose token a request has; nil: it has none of a patient. It reports whether the token counts.
func (r *Registry) patient(q *http.Request) (p *Patient, counts bool) {
	token, ok := strings.CutPrefix(q.Header.Get("Authorization"), "Bearer ")
	if !ok || !strings.HasPrefix(token, tokenMark) {
		return nil, true
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s, ok := r.sessions[token]
	return &s.patient, ok && r.options.Now().Before(s.until)
}

// ageOn returns the patient's category on a day.
func (p *Patient) ageOn(day time.Time) apiclient.AgeCategory {
	born, err := time.Parse(time.DateOnly, p.Birthday)
	turned := func(years int) bool {
		return err == nil && born.AddDate(years, 0, 0).Format(time.DateOnly) <= day.Format(time.DateOnly)
	}
	switch {
	case turned(18):
		return apiclient.Adult
	case turned(15):
		return apiclient.Teen
	}
	return apiclient.Child
}

// refusal returns the key of the error with which a patient gets no cell, and "" where he may have it. The caller holds
// the lock.
func (r *Registry) refusal(p *Patient, c *cell, age apiclient.AgeCategory) string {
	switch {
	case p == nil:
		return ""
	case p.Refused != "":
		return p.Refused
	case p.ageOn(c.begin) != age:
		return "4029"
	}
	for _, b := range r.bookings {
		if other := r.cells[b.Cell]; b.Policy == p.Policy && !b.VisitAt.IsZero() && b.Cell != c.guid &&
			other.doctor.speciality.Code == c.doctor.speciality.Code {
			return "4008"
		}
	}
	return ""
}

// visit is POST {{url}}/visit/{{lpuGuid}}?timeTable=… It makes the visit of a cell that is free, or that the same
// patient holds. That a reservation becomes a visit so is a GUESS: see apiclient.MakeVisit.
func (r *Registry) visit(w http.ResponseWriter, q *http.Request) {
	p, _ := r.patient(q)
	guid, err := uuid.Parse(q.URL.Query().Get("timeTable"))
	switch {
	case p == nil:
		w.WriteHeader(http.StatusUnauthorized)
		return
	case q.PathValue("lpu") != r.lpu.String() || err != nil:
		r.refuse(w, "4036")
		return
	}
	b, c, code := r.makeVisit(guid, p, q.Header.Get("X-Request-ID"))
	if code != "" {
		r.refuseTo(w, code, p)
		return
	}
	r.writeTicket(w, q, b, c)
}

func (r *Registry) makeVisit(guid uuid.UUID, p *Patient, requestID string) (*Booking, *cell, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.options.Now()
	c := r.find(guid)
	if c == nil {
		return nil, nil, "4036"
	}
	if code := r.refusal(p, c, p.ageOn(c.begin)); code != "" {
		return nil, nil, code
	}
	b := c.booking
	if c.free(now) {
		b = r.book(c, now, 0, requestID)
	}
	if b == nil || b.Policy != p.Policy && b.Policy != "" || !b.VisitAt.IsZero() {
		return nil, nil, "4009"
	}
	b.Policy, b.VisitID, b.VisitAt = p.Policy, requestID, now
	c.taken = true
	return b, c, ""
}

// refuseTo answers a patient with an error; 4008 with his name and a time, as the page shows it.
func (r *Registry) refuseTo(w http.ResponseWriter, code string, p *Patient) {
	e, ok := r.clinic.Errors[code]
	if code != "4008" || p == nil || !ok {
		r.refuse(w, code)
		return
	}
	e.Message = fmt.Sprintf("Вы уже записаны %s на 12:30. Запрещено иметь более одной активной записи на прием на одну "+
		"специальность.", p.Name)
	writeError(w, code, e)
}

// patientsPage is GET /sim/patients: the invented patients, to be played by hand.
func (r *Registry) patientsPage(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, r.patients)
}
