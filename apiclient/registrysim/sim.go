package registrysim

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// Options are the settings of a simulated registry. The zero value is a clinic for adults and children with
// a GUID of its own.
type Options struct {
	Seed     uint64
	LPU      uuid.UUID        // zero: made from the seed
	Children bool             // a children's clinic: adults are refused (4005)
	Token    string           // required bearer token; blank: none
	Client   string           // required header ClientApplication; blank: none
	Now      func() time.Time // nil: the wall clock
	Latency  time.Duration    // duration of a reservation

	TokenLife time.Duration // of a patient's token; 0: half an hour
}

// maxBody bounds the body of a request in bytes.
const maxBody = 1 << 16

// Registry is a simulated registry. It is an http.Handler with state, and safe for concurrent use.
type Registry struct {
	options Options
	clinic  clinicData
	lpu     uuid.UUID
	mux     *http.ServeMux

	mu       sync.Mutex
	doctors  []*doctor
	days     map[string][]*cell // by doctor and day; see day
	cells    map[uuid.UUID]*cell
	bookings []*Booking
	posts    map[string]int // reservations asked for, by X-Request-ID
	faults   []Fault

	patients []Patient
	sessions map[string]session // by token
}

// Booking is a reservation as the registry has recorded it.
type Booking struct {
	RequestID string // X-Request-ID of the request that made it
	Cell      uuid.UUID
	Ticket    uuid.UUID
	Num       string
	HeldUntil time.Time
	AskedAt   time.Time
	Minutes   int // reserveTime

	// Where the registry knows for whom the cell is.
	Policy  string    `json:",omitempty"`
	VisitID string    `json:",omitempty"` // X-Request-ID of the request that made the visit
	VisitAt time.Time `json:",omitzero"`  // zero: no visit was made
}

// New returns a registry.
func New(o Options) (*Registry, error) {
	c, err := readClinic()
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LPU == uuid.Nil {
		o.LPU = identifier(o.Seed, "lpu")
	}
	r := &Registry{
		options: o, clinic: c, lpu: o.LPU, mux: http.NewServeMux(),
		days: map[string][]*cell{}, cells: map[uuid.UUID]*cell{}, posts: map[string]int{},
		patients: makePatients(o.Now()), sessions: map[string]session{},
	}
	r.doctors = makeDoctors(&r.clinic, o.Seed)
	r.mux.HandleFunc("POST /visit/{lpu}/reservation", r.reservation)
	r.mux.HandleFunc("POST /visit/{lpu}", r.visit)
	r.mux.HandleFunc("GET /auth/{lpu}/token", r.tokenPage)
	r.mux.HandleFunc("GET /lpu/{lpu}", r.clinicPage)
	r.mux.HandleFunc("GET /lpu/{lpu}/speciality", r.specialitiesPage)
	r.mux.HandleFunc("GET /lpu/{lpu}/speciality/{code}/doctor", r.doctorsPage)
	r.mux.HandleFunc("GET /lpu/{lpu}/doctor/{doctor}/schedule/{from}", r.schedulePage)
	r.mux.HandleFunc("GET /lpu/{lpu}/doctor/{doctor}/schedule/{from}/{to}", r.schedulePage)
	r.mux.HandleFunc("GET /lpu/{lpu}/speciality/{code}/doctor/{doctor}/schedule/{from}", r.schedulePage)
	r.mux.HandleFunc("GET /lpu/{lpu}/position/{code}/doctor/{doctor}/schedule/{from}", r.schedulePage)
	r.mux.HandleFunc("GET /lpu/{lpu}/speciality/{code}/schedule/{from}/{to}", r.specialitySchedulePage)
	r.mux.HandleFunc("GET /fhir/Slot", r.fhirPage)
	r.mux.HandleFunc("GET /fhir/{type}/{id}", r.fhirRead)
	r.mux.HandleFunc("POST /sim/fault", r.faultPage)
	r.mux.HandleFunc("DELETE /sim/fault", r.clearFaultsPage)
	r.mux.HandleFunc("GET /sim/bookings", r.bookingsPage)
	r.mux.HandleFunc("GET /sim/patients", r.patientsPage)
	return r, nil
}

// LPU returns the clinic's GUID.
func (r *Registry) LPU() uuid.UUID { return r.lpu }

// ServeHTTP answers a request, after the latency and with the next fault.
func (r *Registry) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if strings.HasPrefix(q.URL.Path, "/sim/") {
		r.mux.ServeHTTP(w, q)
		return
	}
	if q.Method == http.MethodPost {
		r.mu.Lock()
		r.posts[q.Header.Get("X-Request-ID")]++
		r.mu.Unlock()
		// Read first: else net/http does not notice that the client has disconnected.
		body, err := io.ReadAll(io.LimitReader(q.Body, maxBody))
		if err != nil {
			return
		}
		q.Body = io.NopCloser(bytes.NewReader(body))
		if !pause(q.Context(), r.options.Latency) {
			return
		}
	}
	if f, ok := r.nextFault(q); ok {
		r.fail(w, q, f)
		return
	}
	r.answer(w, q)
}

// answer answers a request without a fault.
func (r *Registry) answer(w http.ResponseWriter, q *http.Request) {
	p, counts := r.patient(q)
	if !counts {
		w.WriteHeader(http.StatusUnauthorized) // expired; GUESS: status and body are not documented
		return
	}
	if t := r.options.Token; t != "" && p == nil && q.Header.Get("Authorization") != "Bearer "+t {
		r.refuse(w, "5009")
		return
	}
	if c := r.options.Client; c != "" && !strings.EqualFold(q.Header.Get("ClientApplication"), c) {
		r.refuse(w, "5403")
		return
	}
	r.mux.ServeHTTP(w, q)
}

// Bookings returns the reservations made so far, including expired ones.
func (r *Registry) Bookings() []Booking {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]Booking, len(r.bookings))
	for i, b := range r.bookings {
		all[i] = *b
	}
	return all
}

// Posts returns how many reservations were asked for with an X-Request-ID.
func (r *Registry) Posts(requestID string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.posts[requestID]
}

// FreeCell returns a cell that could be reserved now for an age, or an error if there is none.
func (r *Registry) FreeCell(age apiclient.AgeCategory) (uuid.UUID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.options.Now()
	for n := range 14 {
		for _, d := range r.doctors {
			if !slices.Contains(d.speciality.Ages, age) {
				continue
			}
			for _, c := range r.day(d, now.AddDate(0, 0, n)) {
				if c.free(now) && c.begin.After(now) {
					return c.guid, nil
				}
			}
		}
	}
	return uuid.Nil, fmt.Errorf("registrysim: nothing is free for %s", age)
}

// Take gives a cell to another patient.
func (r *Registry) Take(guid uuid.UUID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.cells[guid]; c != nil {
		c.taken = true
	}
}

// day returns a doctor's cells of a day, and makes them when they are first asked for. The caller holds the
// lock.
func (r *Registry) day(d *doctor, day time.Time) []*cell {
	key := d.guid.String() + day.Format(time.DateOnly)
	cells, ok := r.days[key]
	if !ok {
		cells = makeCells(d, r.options.Seed, day)
		r.days[key] = cells
		for _, c := range cells {
			r.cells[c.guid] = c
		}
	}
	return cells
}

// find returns a cell, or nil. It makes the cells of all days of the timetable if it is not among those
// that exist. The caller holds the lock.
func (r *Registry) find(guid uuid.UUID) *cell {
	if c := r.cells[guid]; c != nil {
		return c
	}
	now := r.options.Now()
	for n := range 15 {
		for _, d := range r.doctors {
			r.day(d, now.AddDate(0, 0, n))
		}
	}
	return r.cells[guid]
}
