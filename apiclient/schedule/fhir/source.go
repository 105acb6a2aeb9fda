package fhir

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// Options are the site's settings of its FHIR server (HL7 FHIR R4, and R5 where it differs: Slot,
// Schedule, Practitioner, PractitionerRole, Location, HealthcareService).
type Options struct {
	// Query are further parameters of the search for slots, such as "service-type=57&_sort=". Each replaces
	// the default of its name; a blank one removes it.
	Query string
	// Includes are the parameters by which the server sends the resources that slots lead to, such as
	// "_include=Slot:schedule"; none: all that R4 has. What it does not send is read one by one.
	Includes []string
	// SpecialityFrom is the element that tells the speciality: "" (the first that has one), or FromSpecialty,
	// FromServiceType, FromRole, FromService.
	SpecialityFrom string

	CellSystem string // system of a Slot's identifier that holds the cell's GUID; blank: DefaultCellSystem
	IDIsCell   bool   // Slot.id is the cell's GUID if no identifier holds it
	Live       bool   // the server knows of a reservation at once, so that CellState can be answered
	Page       int    // how many slots a page has (_count); 0: DefaultPage

	// AgeBy is the element that says whom a cell is for, because R4's Slot has no age: "" (everybody), or one
	// of the constants. Ages are the age categories by code. A cell without a code of Ages is not offered.
	AgeBy string
	Ages  map[string][]apiclient.AgeCategory
}

// What can tell for whom a cell is.
const (
	ByServiceType     = "service-type"       // Slot.serviceType, else Schedule.serviceType
	ByAppointmentType = "appointment-type"   // Slot.appointmentType
	ByService         = "healthcare-service" // type of the HealthcareService among the Schedule's actors
)

// The defaults.
const (
	DefaultCellSystem = "urn:ietf:rfc:3986"
	DefaultPage       = 100
)

// Source is a source that reads a FHIR server. Each reading is a whole search: R4 has conditional reads of
// single resources and not of searches (http.html#cread), the search begins at the current time, and the
// server may forget the addresses of further pages. If a page fails, the reading fails.
type Source struct {
	client  *apiclient.Client
	options Options
	window  schedule.Window
	base    string // see normalBase

	mu        sync.Mutex
	schedules map[uuid.UUID][]string // keys of the schedules of each doctor of the catalogue
}

// Accept is the header Accept for a FHIR server: see apiclient.Config.Accept.
const Accept = "application/fhir+json"

// New returns a source. The client's base address is the FHIR server's.
func New(c *apiclient.Client, o Options, w schedule.Window) *Source {
	if o.CellSystem == "" {
		o.CellSystem = DefaultCellSystem
	}
	if o.Page == 0 {
		o.Page = DefaultPage
	}
	f := &Source{client: c, options: o, window: w}
	if c != nil {
		if u, err := url.Parse(c.BaseURL()); err == nil { // apiclient.New has accepted it
			f.base = normalBase(u)
		}
	}
	return f
}

// Catalogue searches all free slots and what they refer to. It returns a *NothingLeftError if there are
// slots and none can be offered.
func (f *Source) Catalogue(ctx context.Context) (*schedule.Catalogue, error) {
	c, schedules, err := f.read(ctx, func(url.Values) {})
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.schedules = schedules
	return c, nil
}

// read searches free slots, with a change of the query, and makes a catalogue of them.
func (f *Source) read(
	ctx context.Context, change func(url.Values),
) (*schedule.Catalogue, map[uuid.UUID][]string, error) {
	b := newBundle(f.options, f.window, f.base, f.window.Current())
	q, err := f.freeSlots(b.asOf)
	if err != nil {
		return nil, nil, err
	}
	change(q)
	total, err := f.search(ctx, q, &b.used, b.add)
	if err != nil {
		return nil, nil, err
	}
	if total > b.matched { // the server has no link to the rest
		b.dropped.AddAll(schedule.Dropped{
			Reason: schedule.LimitReached, Count: total - b.matched, Places: []string{"total"},
		})
	}
	if err := f.complete(ctx, b); err != nil {
		return nil, nil, err
	}
	return b.catalogue()
}

// maxSchedules is how many schedules are named in one search.
const maxSchedules = 20

// Cells searches one doctor's free slots, by his schedules. If the server refuses that search, or the
// schedules have no ids, all slots are read.
func (f *Source) Cells(ctx context.Context, doctor uuid.UUID) (schedule.Reading, error) {
	f.mu.Lock()
	schedules := f.schedules[doctor]
	f.mu.Unlock()
	if schedules == nil {
		return schedule.Reading{}, errors.New("schedule: fhir: the doctor is not in the catalogue")
	}
	asOf := f.window.Current()
	var c *schedule.Catalogue
	err := error(&SearchRefusedError{})
	if len(schedules) <= maxSchedules && !slices.Contains(schedules, "") {
		c, _, err = f.read(ctx, func(q url.Values) { q.Set("schedule", strings.Join(schedules, ",")) })
	}
	var refused *SearchRefusedError
	if errors.As(err, &refused) {
		c, _, err = f.read(ctx, func(url.Values) {})
	}
	var nothing *schedule.NothingLeftError
	switch {
	case errors.As(err, &nothing): // his slots are not offered any longer
		return schedule.Reading{AsOf: asOf}, nil
	case err != nil:
		return schedule.Reading{}, err
	}
	return c.Reading(doctor), nil
}

// CellState searches the slot of a cell, with any status. It returns CellUnknown unless the server is live.
func (f *Source) CellState(ctx context.Context, _, cell uuid.UUID, _ time.Time) (schedule.CellState, error) {
	if !f.options.Live {
		return schedule.CellUnknown, nil
	}
	queries := []url.Values{
		{"identifier": {f.options.CellSystem + "|" + cellValue(f.options.CellSystem, cell)}},
	}
	if f.options.IDIsCell {
		queries = append(queries, url.Values{"_id": {cell.String()}})
	}
	for _, q := range queries {
		state, err := f.stateOf(ctx, q, cell)
		if err != nil || state != schedule.CellUnknown {
			return state, err
		}
	}
	return schedule.CellUnknown, nil
}

// stateOf returns the state of a cell's slot, or CellUnknown if there is none or several disagree.
func (f *Source) stateOf(ctx context.Context, q url.Values, cell uuid.UUID) (schedule.CellState, error) {
	var used schedule.Budget
	found := map[schedule.CellState]bool{}
	_, err := f.search(ctx, q, &used, func(e *entryR4, _ place) error {
		var r slotR4
		if json.Unmarshal(e.Resource, &r) != nil {
			return nil
		}
		guid, reason := slotGUID(&r, f.options)
		if reason != "" || guid != cell {
			return nil
		}
		switch {
		case len(r.ModifierExtension) > 0 || r.ImplicitRules != "":
			found[schedule.CellUnknown] = true
		case strings.HasPrefix(r.Status, "busy"):
			found[schedule.CellTaken] = true
		case r.Status == "free":
			found[schedule.CellFree] = true
		default:
			found[schedule.CellUnknown] = true
		}
		return nil
	})
	if err != nil || len(found) != 1 {
		return schedule.CellUnknown, err
	}
	for state := range found {
		return state, nil
	}
	return schedule.CellUnknown, nil
}

// cellValue returns a GUID as an identifier's value: a URN under the system of URIs.
func cellValue(system string, guid uuid.UUID) string {
	if system == DefaultCellSystem {
		return guid.URN()
	}
	return guid.String()
}
