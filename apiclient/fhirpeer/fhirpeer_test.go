package fhirpeer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"infomat/apiclient"
	"infomat/apiclient/fhirpeer"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

var (
	ural   = time.FixedZone("Ural", 5*60*60)
	monday = time.Date(2026, 11, 23, 10, 0, 0, 0, ural)
)

// clinic are the resources of a clinic of two doctors and a room with a timetable of its own, with slots.
func clinic(slots int) (all []any) {
	concept := func(code, display string) []object {
		return []object{{"coding": []object{{"system": "urn:clinic", "code": code, "display": display}}}}
	}
	all = append(all,
		object{"resourceType": "Practitioner", "id": "belov", "name": []object{
			{"use": "old", "family": "Серов"}, {"use": "official", "family": "Белов", "given": []string{"Пётр", "Ильич"}},
		}},
		object{"resourceType": "Practitioner", "id": "orlova", "name": []object{{"text": "Орлова Анна"}}},
		object{
			"resourceType": "PractitionerRole", "id": "belov", "practitioner": object{"reference": "Practitioner/belov"},
			"specialty": concept("17", "Кардиология"), "code": []object{{"text": "Кардиолог"}},
		},
		object{
			"resourceType": "Location", "id": "202", "name": "202", "status": "active",
			"physicalType": concept("ro", "Room")[0], "partOf": object{"reference": "Location/level"},
		},
		object{"resourceType": "Location", "id": "level", "name": "2 этаж", "physicalType": concept("lvl", "Level")[0]},
		object{"resourceType": "Location", "id": "closed", "name": "303", "status": "suspended"},
		object{"resourceType": "HealthcareService", "id": "lab", "name": "Забор крови", "type": concept("8", "Лаборатория")},
		object{"resourceType": "Schedule", "id": "belov", "actor": []object{
			{"reference": "PractitionerRole/belov"}, {"reference": "Location/202"},
		}},
		object{"resourceType": "Schedule", "id": "orlova", "specialty": concept("18", "Неврология"), "actor": []object{
			{"reference": "Practitioner/orlova"},
		}},
		object{"resourceType": "Schedule", "id": "lab", "actor": []object{{"reference": "HealthcareService/lab"}}},
		object{"resourceType": "Schedule", "id": "closed", "specialty": concept("18", "Неврология"), "actor": []object{
			{"reference": "Practitioner/orlova"}, {"reference": "Location/closed"},
		}},
	)
	plans := []string{"belov", "orlova", "lab", "closed"}
	for n := range slots {
		begin := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC).Add(time.Duration(n) * 10 * time.Minute)
		all = append(all, slot(n, "free", plans[n%len(plans)], begin))
	}
	all = append(all, slot(slots, "busy", "belov", time.Date(2026, 11, 24, 3, 5, 0, 0, time.UTC)))
	return all
}

func guid(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)) }

func slot(n int, status, plan string, begin time.Time) object {
	return object{
		"resourceType": "Slot", "id": fmt.Sprint("slot-", n), "status": status,
		"identifier": []object{{"system": "urn:ietf:rfc:3986", "value": guid(n).URN()}},
		"schedule":   object{"reference": "Schedule/" + plan},
		"start":      begin.Format(time.RFC3339), "end": begin.Add(10 * time.Minute).Format(time.RFC3339),
	}
}

// Medplum's server is filled with slots and read over HTTP, in pages: names, posts, rooms, floors,
// specialities, times in the clinic's zone, and what became of a slot.
func TestMedplum(t *testing.T) {
	server, err := fhirpeer.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	const slots = 60
	if err := server.Put(t.Context(), clinic(slots)...); err != nil {
		t.Fatal(err)
	}
	c, err := apiclient.New(apiclient.Config{
		BaseURL: server.URL, LPU: uuid.New(), Timeout: 10 * time.Second, Accept: fhir.Accept,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	f := fhir.New(c, fhir.Options{Page: 7, Live: true}, schedule.Window{
		Days: 14, Zone: ural, Now: func() time.Time { return monday },
	})
	got, err := f.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	doctors := map[string]schedule.DoctorOffer{}
	for _, s := range got.Specialities(apiclient.Adult, monday) {
		for _, d := range got.Doctors(s.Code, apiclient.Adult, monday) {
			lines = append(lines, fmt.Sprintf("%s | %s | %s | %s/%d | %d from %s", d.Name, d.Post, s.Name, d.Room, d.Floor,
				d.Free, d.Nearest.Format("02T15:04")))
			doctors[d.Name] = d
		}
	}
	slices.Sort(lines)
	want := []string{
		"Белов Пётр Ильич | Кардиолог | Кардиология | 202/2 | 15 from 24T08:00",
		"Забор крови |  | Лаборатория | /0 | 15 from 24T08:20",
		"Орлова Анна |  | Неврология | /0 | 15 from 24T08:10",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("offered\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if len(got.Dropped) != 1 || got.Dropped[0].Reason != schedule.DoctorInactive || got.Dropped[0].Count != 15 {
		t.Errorf("dropped %v", got.Dropped)
	}

	cell := got.Cells(doctors["Белов Пётр Ильич"].GUID, monday)[0]
	look := func() schedule.CellState {
		state, err := f.CellState(t.Context(), uuid.Nil, cell.GUID, cell.Begin)
		if err != nil {
			t.Fatal(err)
		}
		return state
	}
	if s := look(); s != schedule.CellFree {
		t.Errorf("a free cell is %v", s)
	}
	if err := server.Put(t.Context(), slot(0, "busy", "belov", cell.Begin)); err != nil {
		t.Fatal(err)
	}
	if s := look(); s != schedule.CellTaken {
		t.Errorf("a cell that was taken is %v", s)
	}
	fresh, err := f.Cells(t.Context(), doctors["Белов Пётр Ильич"].GUID)
	if err != nil || len(fresh.Cells) != 14 || fresh.Cells[0].GUID != guid(4) {
		t.Errorf("read again: %d cells, %v", len(fresh.Cells), err)
	}
}

// A resource that cannot be stored is an error.
func TestPut(t *testing.T) {
	server, err := fhirpeer.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	for name, resource := range map[string]any{
		"no id": object{"resourceType": "Slot"}, "no type": object{"id": "1"}, "no JSON": func() {},
	} {
		if err := server.Put(t.Context(), resource); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
}
