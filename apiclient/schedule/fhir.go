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

// FHIROptions are what a site has to say of its FHIR server (HL7 FHIR R4: Slot, Schedule, Practitioner, PractitionerRole, Location, HealthcareService).
type FHIROptions struct {
	CellSystem string // the identifier system under which a Slot carries the cell's GUID; blank: DefaultCellSystem
	IDIsCell   bool   // Slot.id is the cell's GUID where no identifier says so
	Live       bool   // the server knows of a reservation at once: then a fresh look at a cell decides what became of one whose answer was lost
	Page       int    // how many slots are asked for at a time (_count); 0: DefaultPage

	// AgeBy is what tells for whom a cell is, as R4's Slot has no age: "" (everybody), or one of the constants. Ages are the age categories by code;
	// a cell with no code among them is for nobody, and not offered.
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

// mostPages bounds a search: a server whose pages never end is broken.
const mostPages = 20000

// FHIR reads the timetable from a FHIR server. Each reading is a whole search: R4 knows conditional reads of single resources and not of searches
// (http.html#cread), the search's own beginning moves with the clock, and the addresses of further pages are the server's to forget.
type FHIR struct {
	client  *apiclient.Client
	options FHIROptions
	days    int
	now     func() time.Time

	mu     sync.Mutex
	actors map[uuid.UUID]string // by the doctor's key: the reference to search by
}

// FHIRAccept is the kind of document to ask a FHIR server for: apiclient.Config.Accept.
const FHIRAccept = "application/fhir+json"

// NewFHIR makes a source. The client's base address is the FHIR server's. days is how many days are offered, today included.
func NewFHIR(c *apiclient.Client, o FHIROptions, days int, now func() time.Time) *FHIR {
	if o.CellSystem == "" {
		o.CellSystem = DefaultCellSystem
	}
	if o.Page == 0 {
		o.Page = DefaultPage
	}
	return &FHIR{client: c, options: o, days: days, now: now, actors: map[uuid.UUID]string{}}
}

// Catalogue searches all free slots with what they point to.
func (f *FHIR) Catalogue(ctx context.Context) (*Catalogue, error) {
	asOf := f.now()
	b, err := f.search(ctx, f.freeSlots(asOf))
	if err != nil {
		return nil, err
	}
	c, actors := b.catalogue(asOf)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.actors = actors
	return c, nil
}

// freeSlots is the search for what is offered.
func (f *FHIR) freeSlots(now time.Time) url.Values {
	y, m, d := now.Date()
	end := time.Date(y, m, d+f.days, 0, 0, 0, 0, now.Location())
	q := url.Values{
		"status":           {"free"},
		"start":            {"ge" + now.Format(time.RFC3339), "lt" + end.Format(time.RFC3339)},
		"_include":         {"Slot:schedule"},
		"_include:iterate": {"Schedule:actor", "PractitionerRole:practitioner", "PractitionerRole:location", "Location:partof"},
		"_sort":            {"start"},
		"_count":           {strconv.Itoa(f.options.Page)},
	}
	return q
}

// search follows a search through all its pages.
func (f *FHIR) search(ctx context.Context, query url.Values) (*bundle, error) {
	all := newBundle(f.options)
	path := "/Slot"
	seen := map[string]bool{}
	for range mostPages {
		data, _, err := f.client.Read(ctx, path, query, apiclient.Version{})
		if err != nil {
			return nil, fmt.Errorf("schedule: fhir: %w", err)
		}
		next, err := all.add(data)
		if err != nil {
			return nil, fmt.Errorf("schedule: fhir: %w", err)
		}
		if next == "" {
			return all, nil
		}
		if path, err = f.page(next); err != nil {
			return nil, err
		}
		if seen[path] {
			return nil, errors.New("schedule: fhir: the server's pages go round in a circle")
		}
		seen[path], query = true, nil
	}
	return nil, fmt.Errorf("schedule: fhir: more than %d pages", mostPages)
}

// page is the address of the next page. It may stand on the same server only: the token is meant for no other.
func (f *FHIR) page(next string) (string, error) {
	base, err := url.Parse(f.client.BaseURL() + "/")
	if err != nil {
		return "", fmt.Errorf("schedule: fhir: %w", err)
	}
	u, err := base.Parse(next)
	if err != nil {
		return "", errors.New("schedule: fhir: the next page's address cannot be read")
	}
	if u.Scheme != base.Scheme || u.Host != base.Host {
		return "", errors.New("schedule: fhir: the next page stands on another server; set the server's own address so that it is that of schedule.fhir_url")
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
	asOf := f.now()
	q := f.freeSlots(asOf)
	q.Set("schedule.actor", actor)
	b, err := f.search(ctx, q)
	if err != nil {
		return Reading{}, err
	}
	c, _ := b.catalogue(asOf)
	return Reading{asOf, c.cells[doctor]}, nil
}

// CellState searches the slot of a cell, whatever its status. Unless the server is known to be live, a free slot there says nothing.
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

// cellValue is how a GUID is written under a system: as a URN under that of URIs.
func cellValue(system string, guid uuid.UUID) string {
	if system == DefaultCellSystem {
		return guid.URN()
	}
	return guid.String()
}

// add takes a page's resources, and gives the address of the next one. A resource that cannot be read costs itself.
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
			b.dropped["resources that cannot be read"]++
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
