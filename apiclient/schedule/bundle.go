package schedule

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
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
	options FHIROptions
	window  Window
	asOf    time.Time
	base    string // of this server: see normalBase
	used    budget
	dropped tally

	resources  map[string]*fhirResource   // by key; two keys may lead to one resource
	identified map[string]*fhirResource   // by logicalKey; nil if several resources have the identifier
	rolesOf    map[string][]*fhirResource // the PractitionerRoles by the key of the Practitioner
	asked      map[string]bool            // keys of the resources that were asked for one by one
	failed     map[string]bool            // those of them that could not be read
	kept       int                        // bytes of texts and references

	slots     [][]fhirSlot // in chunks, so that no slotsInPiece is copied
	seen      map[uuid.UUID]int
	entries   int // of all pages
	matched   int // slots among them
	schedules table[reference]
	concepts  table[concepts]
	zones     map[int]*time.Location
	seed      maphash.Seed
}

// fhirSlot is a free slot.
type fhirSlot struct {
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
		return 0, &LimitError{what, int64(limit)}
	}
	if t.index == nil {
		t.index = map[string]int32{}
	}
	n := int32(len(t.list))
	t.index[string(key)] = n
	t.list = append(t.list, value())
	return n, nil
}

func newBundle(o FHIROptions, w Window, base string, asOf time.Time) *bundle {
	return &bundle{
		options: o, window: w, base: base, asOf: asOf, resources: map[string]*fhirResource{},
		identified: map[string]*fhirResource{}, asked: map[string]bool{}, failed: map[string]bool{}, seen: map[uuid.UUID]int{},
		zones: map[int]*time.Location{}, seed: maphash.MakeSeed(),
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
		return &LimitError{"entries", maxEntries}
	}
	var head struct{ ResourceType, ID string }
	if len(e.Resource) == 0 || json.Unmarshal(e.Resource, &head) != nil || head.ResourceType == "" {
		b.dropped.add(ResourceUnreadable, at.String())
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
		b.dropped.add(ResourceUnreadable, at.String())
		return
	}
	for _, i := range o.Issue {
		if i.Severity != "information" && i.Severity != "success" {
			b.dropped.add(ServerWarning, at.String())
		}
	}
}

// slotsInPiece is how many slots are kept in one piece.
const slotsInPiece = 4096

// addSlot adds a slot if it is free and in the window, and else counts why it is not offered.
func (b *bundle) addSlot(e *entryR4, at place) error {
	b.matched++
	var r slotR4
	if json.Unmarshal(e.Resource, &r) != nil {
		b.dropped.add(ResourceUnreadable, at.String())
		return nil
	}
	s := fhirSlot{at: at}
	if reason := b.readSlot(&r, &s); reason != "" {
		b.dropped.add(reason, at.String())
		return nil
	}
	key, from := b.identity(e.FullURL, kindSlot, r.ID, at)
	s.id = maphash.String(b.seed, key)
	if n, ok := b.seen[s.guid]; ok {
		first := b.slot(n)
		if first.id == s.id {
			return nil // the same slot, on another page
		}
		if !first.twice {
			first.twice = true
			b.dropped.add(CellTwice, first.at.String())
		}
		b.dropped.add(CellTwice, at.String())
		return nil
	}
	if err := b.used.addCells(1); err != nil {
		return err
	}
	if err := b.link(&r, &s, from); err != nil {
		return err
	}
	n := len(b.seen)
	b.seen[s.guid] = n
	if n%slotsInPiece == 0 {
		b.slots = append(b.slots, make([]fhirSlot, 0, slotsInPiece))
	}
	last := &b.slots[n/slotsInPiece]
	*last = append(*last, s)
	return nil
}

func (b *bundle) slot(n int) *fhirSlot { return &b.slots[n/slotsInPiece][n%slotsInPiece] }

// readSlot reads GUID and times, or returns the reason why the slot is not offered.
func (b *bundle) readSlot(r *slotR4, s *fhirSlot) (reason Reason) {
	switch {
	case r.Status != "free" || r.Overbooked: // overbooked: no further appointments are expected (slot.html)
		return CellNotFree
	case len(r.ModifierExtension) > 0 || r.ImplicitRules != "":
		return CellModified
	}
	if s.guid, reason = slotGUID(r, b.options); reason != "" {
		return reason
	}
	if r.Start == "" {
		return CellNoBeginning
	}
	begin, err := apiclient.ParseTime(string(r.Start))
	if err != nil || begin.IsZero() {
		return CellUnreadable
	}
	end, _ := apiclient.ParseTime(string(r.End)) // an invalid end is read as none
	c := b.window.cell(Cell{}, begin, end)
	y, m, d := b.asOf.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, b.asOf.Location())
	if c.Begin.Before(today) || !c.Begin.Before(b.window.end(b.asOf)) {
		return CellOutsideOfTheDays
	}
	_, told := c.Begin.Zone()
	s.begin, s.told, s.offset = c.Begin.Unix(), int32(told), int32(c.Offset)
	if c.End.After(c.Begin) {
		s.length = c.End.Unix() - s.begin
	}
	return ""
}

// link resolves what a slot refers to.
func (b *bundle) link(r *slotR4, s *fhirSlot, from origin) (err error) {
	if err := b.addContained(r.Contained, from, s.at); err != nil {
		return err
	}
	key := fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s", r.Schedule.Reference, r.Schedule.Identifier.System,
		r.Schedule.Identifier.Value, from.base)
	if strings.HasPrefix(r.Schedule.Reference, "#") {
		key = append(key, from.container...)
	}
	s.schedule, err = b.schedules.number(key, maxOrigins, "schedules", func() reference {
		return b.reference(r.Schedule, from)
	})
	if err != nil {
		return err
	}
	for _, c := range []struct {
		data   rawR4
		number *int32
	}{{r.Specialty, &s.specialty}, {r.ServiceType, &s.serviceType}, {r.AppointmentType, &s.visit}} {
		key := append([]byte(from.base+"\x00"), c.data...)
		*c.number, err = b.concepts.number(key, maxConcepts, "lists of codes", func() concepts {
			var l listR4[conceptR4]
			_ = json.Unmarshal(c.data, &l) // a list that cannot be read is read as none
			b.kept += len(key)
			return b.conceptsOf(l, from)
		})
		if err != nil {
			return err
		}
	}
	return b.full()
}

// full returns an error if more is kept than may be.
func (b *bundle) full() error {
	switch {
	case b.kept > maxKept:
		return &LimitError{"bytes of names and references", maxKept}
	case len(b.resources) > maxResources:
		return &LimitError{"schedules, people and places", maxResources}
	}
	return nil
}

// beginOf returns when a slot begins, in the clinic's zone.
func (b *bundle) beginOf(s *fhirSlot) time.Time {
	zone := b.window.Zone
	if zone == nil {
		if zone = b.zones[int(s.told)]; zone == nil {
			zone = time.FixedZone("", int(s.told))
			b.zones[int(s.told)] = zone
		}
	}
	return time.Unix(s.begin, 0).In(zone)
}

// slotGUID returns the GUID of a slot's cell at the registry, or the reason why it has none.
func slotGUID(s *slotR4, o FHIROptions) (guid uuid.UUID, reason Reason) {
	for _, i := range s.Identifier {
		if i.System != o.CellSystem {
			continue
		}
		g, err := uuid.Parse(strings.TrimSpace(i.Value))
		if err != nil || g == uuid.Nil || g == guid {
			continue
		}
		if guid != uuid.Nil {
			return uuid.Nil, CellSeveralGUIDs
		}
		guid = g
	}
	if guid == uuid.Nil && o.IDIsCell {
		guid, _ = uuid.Parse(s.ID) // another id is none
	}
	if guid == uuid.Nil {
		return guid, CellNoGUID
	}
	return guid, ""
}
