package fhir

import (
	"encoding/json"
	"fmt"
	"hash/maphash"
	"strings"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

// slotsInPiece is how many slots are kept in one piece.
const slotsInPiece = 4096

// addSlot adds a slot if it is free and in the window, and else counts why it is not offered.
func (b *bundle) addSlot(e *entryR4, at place) error {
	b.matched++
	var r slotR4
	if json.Unmarshal(e.Resource, &r) != nil {
		b.dropped.Add(schedule.ResourceUnreadable, at.String())
		return nil
	}
	s := slot{at: at}
	if reason := b.readSlot(&r, &s); reason != "" {
		b.dropped.Add(reason, at.String())
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
			b.dropped.Add(schedule.CellTwice, first.at.String())
		}
		b.dropped.Add(schedule.CellTwice, at.String())
		return nil
	}
	if err := b.used.AddCells(1); err != nil {
		return err
	}
	if err := b.link(&r, &s, from); err != nil {
		return err
	}
	n := len(b.seen)
	b.seen[s.guid] = n
	if n%slotsInPiece == 0 {
		b.slots = append(b.slots, make([]slot, 0, slotsInPiece))
	}
	last := &b.slots[n/slotsInPiece]
	*last = append(*last, s)
	return nil
}

func (b *bundle) slot(n int) *slot { return &b.slots[n/slotsInPiece][n%slotsInPiece] }

// readSlot reads GUID and times, or returns the reason why the slot is not offered.
func (b *bundle) readSlot(r *slotR4, s *slot) (reason schedule.Reason) {
	switch {
	case r.Status != "free" || r.Overbooked: // overbooked: no further appointments are expected (slot.html)
		return schedule.CellNotFree
	case len(r.ModifierExtension) > 0 || r.ImplicitRules != "":
		return schedule.CellModified
	}
	if s.guid, reason = slotGUID(r, b.options); reason != "" {
		return reason
	}
	if r.Start == "" {
		return schedule.CellNoBeginning
	}
	begin, err := apiclient.ParseTime(string(r.Start))
	if err != nil || begin.IsZero() {
		return schedule.CellUnreadable
	}
	end, _ := apiclient.ParseTime(string(r.End)) // an invalid end is read as none
	c := b.window.Cell(schedule.Cell{}, begin, end)
	if c.Begin.Before(b.window.Start(b.asOf)) || !c.Begin.Before(b.window.End(b.asOf)) {
		return schedule.CellOutsideOfTheDays
	}
	_, told := c.Begin.Zone()
	s.begin, s.told, s.offset = c.Begin.Unix(), int32(told), int32(c.Offset)
	if c.End.After(c.Begin) {
		s.length = c.End.Unix() - s.begin
	}
	return ""
}

// link resolves what a slot refers to.
func (b *bundle) link(r *slotR4, s *slot, from origin) (err error) {
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

// slotGUID returns the GUID of a slot's cell at the registry, or the reason why it has none.
func slotGUID(s *slotR4, o Options) (guid uuid.UUID, reason schedule.Reason) {
	for _, i := range s.Identifier {
		if i.System != o.CellSystem {
			continue
		}
		g, err := uuid.Parse(strings.TrimSpace(i.Value))
		if err != nil || g == uuid.Nil || g == guid {
			continue
		}
		if guid != uuid.Nil {
			return uuid.Nil, schedule.CellSeveralGUIDs
		}
		guid = g
	}
	if guid == uuid.Nil && o.IDIsCell {
		guid, _ = uuid.Parse(s.ID) // another id is none
	}
	if guid == uuid.Nil {
		return guid, schedule.CellNoGUID
	}
	return guid, ""
}
