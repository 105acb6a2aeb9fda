package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// FHIROptions are the site's settings of its FHIR server (HL7 FHIR R4: Slot, Schedule, Practitioner,
// PractitionerRole, Location, HealthcareService).
type FHIROptions struct {
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

// FHIR is a source that reads a FHIR server. Each reading is a whole search: R4 has conditional reads of
// single resources and not of searches (http.html#cread), the search begins at the current time, and the
// server may forget the addresses of further pages.
type FHIR struct {
	client  *apiclient.Client
	options FHIROptions
	window  Window

	mu     sync.Mutex
	actors map[uuid.UUID]string // the reference to search by, by the doctor's key
}

// FHIRAccept is the header Accept for a FHIR server: see apiclient.Config.Accept.
const FHIRAccept = "application/fhir+json"

// NewFHIR returns a source. The client's base address is the FHIR server's.
func NewFHIR(c *apiclient.Client, o FHIROptions, w Window) *FHIR {
	if o.CellSystem == "" {
		o.CellSystem = DefaultCellSystem
	}
	if o.Page == 0 {
		o.Page = DefaultPage
	}
	return &FHIR{client: c, options: o, window: w, actors: map[uuid.UUID]string{}}
}

// Catalogue searches all free slots and what they refer to.
func (f *FHIR) Catalogue(ctx context.Context) (*Catalogue, error) {
	asOf := f.window.now()
	b, err := f.search(ctx, f.freeSlots(asOf))
	if err != nil {
		return nil, err
	}
	c, actors := b.catalogue(f.window, asOf)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.actors = actors
	return c, nil
}

// freeSlots returns the query for what is offered.
func (f *FHIR) freeSlots(now time.Time) url.Values {
	end := f.window.end(now)
	q := url.Values{
		"status":   {"free"},
		"start":    {"ge" + now.Format(time.RFC3339), "lt" + end.Format(time.RFC3339)},
		"_include": {"Slot:schedule"},
		"_include:iterate": {
			"Schedule:actor", "PractitionerRole:practitioner", "PractitionerRole:location", "Location:partof",
		},
		"_sort":  {"start"},
		"_count": {strconv.Itoa(f.options.Page)},
	}
	return q
}

// search reads all pages of a search.
func (f *FHIR) search(ctx context.Context, query url.Values) (*bundle, error) {
	all := newBundle(f.options)
	path := "/Slot"
	seen := map[string]bool{}
	var used budget
	for {
		if err := used.request(); err != nil {
			return nil, err
		}
		data, _, err := f.client.Read(ctx, path, query, apiclient.Version{})
		if err != nil {
			return nil, fmt.Errorf("schedule: fhir: %w", err)
		}
		if err := used.read(len(data)); err != nil {
			return nil, err
		}
		next, err := all.add(data)
		if err != nil {
			return nil, fmt.Errorf("schedule: fhir: %w", err)
		}
		if next == "" {
			return all, nil
		}
		if path, err = f.nextPage(next); err != nil {
			return nil, err
		}
		if seen[path] {
			return nil, errors.New("schedule: fhir: the server's pages are a loop")
		}
		seen[path], query = true, nil
	}
}

// nextPage returns the address of the next page. It returns an error if that is on another server, because
// the token is not meant for it.
func (f *FHIR) nextPage(next string) (string, error) {
	base, err := url.Parse(f.client.BaseURL() + "/")
	if err != nil {
		return "", fmt.Errorf("schedule: fhir: %w", err)
	}
	u, err := base.Parse(next)
	if err != nil {
		return "", errors.New("schedule: fhir: the next page's address cannot be read")
	}
	if u.Scheme != base.Scheme || u.Host != base.Host {
		return "", errors.New("schedule: fhir: the next page is on another server; " +
			"set the server's own address to that of schedule.fhir_url")
	}
	return u.String(), nil
}

// Cells searches one doctor's free slots.
func (f *FHIR) Cells(ctx context.Context, doctor uuid.UUID) (Reading, error) {
	f.mu.Lock()
	actor := f.actors[doctor]
	f.mu.Unlock()
	if actor == "" {
		return Reading{}, fmt.Errorf("schedule: fhir: doctor %s is not in the catalogue", doctor)
	}
	asOf := f.window.now()
	q := f.freeSlots(asOf)
	q.Set("schedule.actor", actor)
	b, err := f.search(ctx, q)
	if err != nil {
		return Reading{}, err
	}
	c, _ := b.catalogue(f.window, asOf)
	return Reading{asOf, c.cells[doctor]}, nil
}

// CellState searches the slot of a cell, with any status. It returns CellUnknown unless the server is live.
func (f *FHIR) CellState(ctx context.Context, _, cell uuid.UUID, _ time.Time) (CellState, error) {
	q := url.Values{"identifier": {f.options.CellSystem + "|" + cellValue(f.options.CellSystem, cell)}}
	if f.options.IDIsCell {
		q = url.Values{"_id": {cell.String()}}
	}
	b, err := f.search(ctx, q)
	if err != nil {
		return CellUnknown, err
	}
	for _, s := range b.slots {
		if guid, reason := b.cellOf(s); reason != "" || guid != cell {
			continue
		}
		switch {
		case !f.options.Live:
		case s.Status == "free":
			return CellFree, nil
		case strings.HasPrefix(s.Status, "busy"):
			return CellTaken, nil
		}
	}
	return CellUnknown, nil
}

// cellValue returns a GUID as an identifier's value: a URN under the system of URIs.
func cellValue(system string, guid uuid.UUID) string {
	if system == DefaultCellSystem {
		return guid.URN()
	}
	return guid.String()
}

// add adds the resources of a page, and returns the address of the next page. Resources that cannot be read
// are counted as dropped.
func (b *bundle) add(data []byte) (next string, err error) {
	var page struct {
		ResourceType string
		Link         []struct{ Relation, URL string }
		Entry        []struct{ Resource json.RawMessage }
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return "", fmt.Errorf("the answer: %w", apiclient.Unreadable(err))
	}
	if page.ResourceType != "Bundle" {
		return "", errors.New("the answer is no Bundle")
	}
	for _, e := range page.Entry {
		var r resourceR4
		switch err := json.Unmarshal(e.Resource, &r); {
		case err != nil || r.ResourceType == "":
			b.dropped.add(ResourceUnreadable, "")
		case r.ResourceType == "Slot":
			b.slots = append(b.slots, r)
		default:
			b.others[r.ResourceType+"/"+r.ID] = r
		}
	}
	for _, l := range page.Link {
		if l.Relation == "next" {
			next = l.URL
		}
	}
	return next, nil
}
