package fhir

import (
	"encoding/json"
	"hash/maphash"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
)

// Limits of what is kept of one reading, besides those of limits.go.
const (
	maxResources = 20_000
	maxKept      = 24 << 20 // bytes of texts and references
	maxConcepts  = 5000     // different lists of concepts of slots
	maxEntries   = 1 << 20  // of all pages
	maxOrigins   = 20_000   // different schedules that slots refer to
)

// bundle is the result of a search, with all its pages, in a compact form.
type bundle struct {
	options Options
	window  schedule.Window
	asOf    time.Time
	base    string // of this server: see normalBase
	used    schedule.Budget
	dropped schedule.Tally

	resources  map[string]*resource   // by key; two keys may lead to one resource
	identified map[string]*resource   // by logicalKey; nil if several resources have the identifier
	rolesOf    map[string][]*resource // the PractitionerRoles by the key of the Practitioner
	asked      map[string]bool        // keys of the resources that were asked for one by one
	failed     map[string]bool        // those of them that could not be read
	kept       int                    // bytes of texts and references

	slots     [][]slot // in chunks, so that no slotsInPiece is copied
	seen      map[uuid.UUID]int
	entries   int // of all pages
	matched   int // slots among them
	schedules table[reference]
	concepts  table[concepts]
	zones     map[int]*time.Location
	seed      maphash.Seed
}

// slot is a free slot.
type slot struct {
	guid          uuid.UUID
	id            uint64 // hash of the resource's key: the same slot may stand on two pages
	begin, length int64  // seconds since 1970, seconds
	told, offset  int32  // seconds east of UTC: of Cell.Begin, and Cell.Offset
	schedule      int32  // index of schedules
	specialty     int32  // index of concepts, as the next two
	serviceType   int32
	visit         int32 // appointmentType
	at            place
	twice         bool // another slot has the same GUID
}

// concepts are a list of concepts, or of references to services (R5).
type concepts struct {
	list     []concept
	services []reference
}

// concept is a CodeableConcept.
type concept struct {
	code, text string
	codes      []string // all of its codes
}

// table numbers different values, which are told apart by a text.
type table[T any] struct {
	index map[string]int32
	list  []T
}

// number returns the number of a key. It calls value if the key is new.
func (t *table[T]) number(key []byte, limit int, what string, value func() T) (int32, error) {
	if n, ok := t.index[string(key)]; ok {
		return n, nil
	}
	if len(t.list) == limit {
		return 0, &schedule.LimitError{What: what, Limit: int64(limit)}
	}
	if t.index == nil {
		t.index = map[string]int32{}
	}
	n := int32(len(t.list))
	t.index[string(key)] = n
	t.list = append(t.list, value())
	return n, nil
}

func newBundle(o Options, w schedule.Window, base string, asOf time.Time) *bundle {
	return &bundle{
		options: o, window: w, base: base, asOf: asOf, resources: map[string]*resource{},
		identified: map[string]*resource{}, asked: map[string]bool{}, failed: map[string]bool{},
		seen: map[uuid.UUID]int{}, zones: map[int]*time.Location{}, seed: maphash.MakeSeed(),
	}
}

// keep counts a text that is kept.
func (b *bundle) keep(s string) string {
	b.kept += len(s)
	return strings.Clone(s)
}

// add adds an entry of a page. Resources that cannot be read are counted as dropped.
func (b *bundle) add(e *entryR4, at place) error {
	if b.entries++; b.entries > maxEntries {
		return &schedule.LimitError{What: "entries", Limit: maxEntries}
	}
	var head struct{ ResourceType, ID string }
	if len(e.Resource) == 0 || json.Unmarshal(e.Resource, &head) != nil || head.ResourceType == "" {
		b.dropped.Add(schedule.ResourceUnreadable, at.String())
		return nil
	}
	switch head.ResourceType {
	case kindSlot:
		return b.addSlot(e, at)
	case kindOutcome:
		b.warned(e.Resource, at)
		return nil
	}
	key, from := b.identity(e.FullURL, head.ResourceType, head.ID, at)
	return b.addResource(e.Resource, key, from, at)
}

// identity returns the key of a resource with an address, and what its references are relative to
// (bundle.html#references). The id is its key where the address does not end with it.
func (b *bundle) identity(address, kind, id string, at place) (key string, from origin) {
	local := kind + "/" + shortText(id)
	if shortText(id) == "" {
		local = kind + "/ " + at.String() // no reference leads to it
	}
	key, named := b.keyOf(shortText(address), origin{})
	if named != "" && named != kind || key == "" {
		return local, origin{container: local}
	}
	base, _ := strings.CutSuffix(key, local)
	if named == "" || base == key { // a URN, or an address with another id
		base = ""
	}
	return key, origin{base: strings.TrimSuffix(base, "/"), container: key}
}

// warned counts an OperationOutcome among the entries.
func (b *bundle) warned(data []byte, at place) {
	var o struct{ Issue listR4[issueR4] }
	if err := json.Unmarshal(data, &o); err != nil {
		b.dropped.Add(schedule.ResourceUnreadable, at.String())
		return
	}
	for _, i := range o.Issue {
		if i.Severity != "information" && i.Severity != "success" {
			b.dropped.Add(schedule.ServerWarning, at.String())
		}
	}
}

// full returns an error if more is kept than may be.
func (b *bundle) full() error {
	switch {
	case b.kept > maxKept:
		return &schedule.LimitError{What: "bytes of names and references", Limit: maxKept}
	case len(b.resources) > maxResources:
		return &schedule.LimitError{What: "schedules, people and places", Limit: maxResources}
	}
	return nil
}

// beginOf returns when a slot begins, in the clinic's zone.
func (b *bundle) beginOf(s *slot) time.Time {
	zone := b.window.Zone
	if zone == nil {
		if zone = b.zones[int(s.told)]; zone == nil {
			zone = time.FixedZone("", int(s.told))
			b.zones[int(s.told)] = zone
		}
	}
	return time.Unix(s.begin, 0).In(zone)
}
