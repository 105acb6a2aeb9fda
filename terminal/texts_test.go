package terminal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/device/ticket"
	"infomat/kiosk"
	"infomat/kiosk/config"
)

// What a visit is told of an answer says nothing twice and has no HTML in it: screens and paper write «Кабинет»,
// «№» and «Участок» themselves.
func TestTicketOfAnAnswerIsClean(t *testing.T) {
	answer := &apiclient.TicketVisitWithLPU{
		TicketVisit: apiclient.TicketVisit{
			Num: "Талон № 008", Room: "Кабинет&nbsp;№202 (2 этаж)", UchastokNum: "Участок 12",
			DocFio: "О&#39;Нил Шон<br/>Ивано\u0301в Пётр", DoctorRole: "<b>врач</b>-хирург",
			Speciality: "Хирургия &amp; ортопедия",
		},
		LPU: apiclient.LPUWithStatus{Name: "ООО &quot;Ёлка&quot;"},
	}
	want := kiosk.Ticket{
		Clinic: `ООО "Ёлка"`, Num: "008", Room: "202", Floor: 2, District: "12", Doctor: "О'Нил Шон, Иванов Пётр",
		Post: "врач-хирург", Speciality: "Хирургия & ортопедия",
	}
	if got := ticketOf(answer, "", nil); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	answer.Room, answer.Flat = "Кабинет не указан", 3
	if got := ticketOf(answer, "", nil); got.Room != "" || got.Floor != 3 {
		t.Errorf("no room: %q on floor %d", got.Room, got.Floor)
	}
	refusal := &apiclient.RefusalError{Message: "Запись к &laquo;Хирургу&raquo;<br/>запрещена"}
	if got := ticket.CleanLong(refusal.Message); got != "Запись к «Хирургу» запрещена" {
		t.Errorf("%q", got)
	}
}

// The lists of a visit have the bare room too, of the doctor and of the cell.
func TestListsAreClean(t *testing.T) {
	tomorrow := time.Now().UTC().Add(24 * time.Hour).Truncate(time.Hour)
	document := fmt.Sprintf(`{"version": 1, "exported": %q, "clinic": {"name": "ООО &quot;Ёлка&quot;"},
		"specialities": [{"code": "1", "name": "Хирургия&nbsp;&amp; ортопедия"}],
		"doctors": [{"guid": "f05d7650-a2a0-49dc-99f1-bb57829bc46a", "name": "Иванов<br/>Пётр Ильич", "post": "<i>хирург</i>",
			"speciality": "1", "room": "каб. 202, 2 этаж", "district": "уч. 12", "ages": ["ADULT"],
			"cells": [{"guid": "12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5", "begin": %q, "end": %q, "room": "Кабинет 0"},
				{"guid": "22d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5", "begin": %q, "end": %q, "room": "Кабинет каб. 205"}]}]}`,
		time.Now().UTC().Format(time.RFC3339),
		tomorrow.Format(time.RFC3339), tomorrow.Add(15*time.Minute).Format(time.RFC3339),
		tomorrow.Add(15*time.Minute).Format(time.RFC3339), tomorrow.Add(30*time.Minute).Format(time.RFC3339))
	name := filepath.Join(t.TempDir(), "timetable.json")
	if err := os.WriteFile(name, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	p, _ := over(t, tokenFile(t, "right"), func(c *config.Config) {
		c.Schedule.Source, c.Schedule.File = "file", name
	})
	if err := p.store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	specialities := p.timetable.Specialities(t.Context(), kiosk.AgeAdult)
	if len(specialities) != 1 || specialities[0].Name != "Хирургия & ортопедия" {
		t.Errorf("%+v", specialities)
	}
	doctors := p.timetable.Doctors(t.Context(), kiosk.AgeAdult, "1")
	if len(doctors) != 1 {
		t.Fatalf("%+v", doctors)
	}
	if d := doctors[0]; d.Room != "202" || d.Floor != 2 || d.District != "12" || d.Post != "хирург" ||
		d.Name != "Иванов Пётр Ильич" {
		t.Errorf("%+v", d)
	}
	var rooms []string
	for _, day := range p.timetable.Days(t.Context(), doctors[0].GUID, false) {
		for _, c := range day.Cells {
			rooms = append(rooms, c.Room)
		}
	}
	if got := strings.Join(rooms, ";"); got != ";205" {
		t.Errorf("rooms %q", got)
	}
	if o := p.timetable.overview(time.Now()); o.Nearest.Room != "202" || o.Clinic.Name != `ООО "Ёлка"` {
		t.Errorf("%+v", o)
	}
}
