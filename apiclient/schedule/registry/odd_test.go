package registry_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
)

const (
	oneSpeciality = `[{"code":"1","name":"a"}]`
	slotGUID      = "12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5"
	oneDoctor     = `[{"docGuid":"f05d7650-a2a0-49dc-99f1-bb57829bc46a","docFio":"x"}]`
)

// doctorGUID is the doctor of oneDoctor.
var doctorGUID = uuid.MustParse("f05d7650-a2a0-49dc-99f1-bb57829bc46a")

// slotWith returns a free slot of its own, with one more property.
func slotWith(n int, property string) string {
	return fmt.Sprintf(
		`{"status":"Available","timeTableGuid":"12d4329b-cbe3-4ca3-8cdc-%012d","beginTime":"2026-11-24T08:%02d:00+03:00",%s}`,
		n+1, n, property,
	)
}

// A slot that cannot be understood costs itself, and is told with its place.
func TestAnOddSlotCostsItself(t *testing.T) {
	good := slotWith(0, `"x":1`)
	for odd, want := range map[string]string{
		slotWith(1, `"flagAccess":7`):                          "cell_unreadable",
		slotWith(1, `"flagAccess":"15"`):                       "cell_unreadable",
		slotWith(1, `"flagAccess":["Internet"]`):               "cell_unreadable",
		slotWith(1, `"flagAccess":{}`):                         "cell_unreadable",
		slotWith(1, `"flagAccess":true`):                       "cell_unreadable",
		slotWith(1, `"busyType":{"type":"first"}`):             "cell_unreadable",
		slotWith(1, `"busyType":{"type":{}}`):                  "cell_unreadable",
		slotWith(1, `"busyType":{"type":1,"code":[]}`):         "cell_unreadable",
		slotWith(1, `"busyType":5`):                            "cell_unreadable",
		slotWith(1, `"busyType":[]`):                           "cell_unreadable",
		slotWith(1, `"status":5`):                              "cell_unreadable",
		slotWith(1, `"status":null`):                           "cell_unreadable",
		slotWith(1, `"status":"Free"`):                         "cell_unreadable",
		slotWith(1, `"status":["Available"]`):                  "cell_unreadable",
		`null`:                                                 "cell_unreadable",
		`{}`:                                                   "cell_unreadable",
		`5`:                                                    "cell_unreadable",
		`"Available"`:                                          "cell_unreadable",
		`[]`:                                                   "cell_unreadable",
		slotWith(1, `"beginTime":"24.11.2026 08:45"`):          "cell_unreadable",
		slotWith(1, `"beginTime":1795670000`):                  "cell_unreadable",
		slotWith(1, `"beginTime":{}`):                          "cell_unreadable",
		slotWith(1, `"beginTime":null`):                        "cell_no_beginning",
		slotWith(1, `"beginTime":""`):                          "cell_no_beginning",
		slotWith(1, `"timeTableGuid":null`):                    "cell_no_guid",
		slotWith(0, `"x":1`):                                   "cell_twice",
		slotWith(1, `"beginTime":"2026-12-07T00:00:00+03:00"`): "cell_outside_of_the_days",
		slotWith(1, `"beginTime":"2026-12-06T23:59:00+03:00"`): "",
		slotWith(1, `"status":"Booked","flagAccess":7`):        "",
		slotWith(1, `"status":"Expired","busyType":[],"beginTime":{}`): "",
		slotWith(1, `"flagAccess":null,"busyType":null`):               "",
		slotWith(1, `"busyType":{"type":"1","code":4}`):                "",
		slotWith(1, `"busyType":{"name":"x"}`):                         "",
		slotWith(1, `"flagAccess":"registry , INTERNET"`):              "",
		slotWith(1, `"room":["202"],"flat":{}`):                        "",
	} {
		t.Run(odd, func(t *testing.T) {
			moscow := time.FixedZone("", 3*60*60)
			w := schedule.Window{Days: 14, Zone: moscow, Now: at(monday)}
			h := clinicPages(oneSpeciality, oneDoctor, "["+odd+","+good+"]")
			c, err := registry.New(client(t, h), registry.Options{}, w).Catalogue(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			places := []string{"specialities[0].doctors[0].slots[0]"}
			switch want {
			case "cell_twice":
				places[0] = "specialities[0].doctors[0].slots[1]"
			case "cell_outside_of_the_days":
				places[0] = "specialities[0].doctors[0]"
			}
			expected := ""
			if want != "" {
				expected = fmt.Sprintf("%s 1 %v", want, places)
			}
			if got := droppedBy(c); got != expected {
				t.Errorf("dropped %q, want %q", got, expected)
			}
			if !slices.ContainsFunc(c.Cells(doctorGUID, monday), func(c schedule.Cell) bool {
				return c.GUID.String() == "12d4329b-cbe3-4ca3-8cdc-000000000001"
			}) {
				t.Error("the good slot is not offered")
			}
		})
	}
}

// What is wrong in the lists costs itself, and is told with its place.
func TestOddEntriesOfTheListsCostThemselves(t *testing.T) {
	long := strings.Repeat("я", 257) // 514 bytes
	for name, c := range map[string]struct{ specialities, doctors, want string }{
		"all is well": {oneSpeciality, oneDoctor, ""},
		"entries of other types": {
			`[5,{"code":"1","name":"a"},null,["x"]]`, `[null,"x",` + oneDoctor[1:],
			"doctor_no_guid 1 [specialities[1].doctors[0]]; " +
				"resource_unreadable 3 [specialities[0] specialities[3] specialities[1].doctors[1]]; " +
				"speciality_unnamed 1 [specialities[2]]",
		},
		"a code twice": {`[{"code":"1","name":"a"},{"code":"1","name":"a"}]`, oneDoctor, ""},
		"a code of two": {
			`[{"code":"1","name":"a"},{"code":1,"name":"b"}]`, oneDoctor, "speciality_in_doubt 1 [specialities[1]]",
		},
		"a name too long": {
			`[{"code":"1","name":"a"},{"code":"2","name":"` + long + `"}]`, oneDoctor, "speciality_unnamed 1 [specialities[1]]",
		},
		"spaces around a long name": {`[{"code":"1","name":"a` + strings.Repeat(" ", 600) + `"}]`, oneDoctor, ""},
		"doctors without a name": {
			oneSpeciality, `[{"docGuid":"` + uuid.NewString() + `"},{"docGuid":"` + uuid.NewString() + `","docFio":" "},` +
				`{"docGuid":"` + uuid.NewString() + `","docFio":"` + long + `"},` + oneDoctor[1:],
			"doctor_unnamed 3 [specialities[0].doctors[0] specialities[0].doctors[1] specialities[0].doctors[2]]",
		},
		"a room too long": {
			oneSpeciality, strings.Replace(oneDoctor, `"docFio"`, `"room":"`+long+`","docFio"`, 1),
			"resource_unreadable 1 [specialities[0].doctors[0]]",
		},
	} {
		got, err := source(t, clinicPages(c.specialities, c.doctors, "["+slotWith(0, `"x":1`)+"]")).Catalogue(t.Context())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if dropped := droppedBy(got); dropped != c.want {
			t.Errorf("%s: dropped %q, want %q", name, dropped, c.want)
		}
		doctors := got.Doctors("1", apiclient.Adult, monday)
		if len(doctors) != 1 || doctors[0].GUID != doctorGUID || doctors[0].Room != "" || doctors[0].Free != 1 {
			t.Errorf("%s: doctors %+v", name, doctors)
		}
	}
}

// Age categories are read in any case. A doctor with none that is known is for everybody, and told.
func TestAgesOfADoctor(t *testing.T) {
	for ages, c := range map[string]struct {
		child, adult bool
		dropped      string
	}{
		`null`:                  {true, true, ""},
		`[]`:                    {true, true, ""},
		`["ADULT"]`:             {false, true, ""},
		`["adult"]`:             {false, true, ""},
		`["Child","teen"]`:      {true, false, ""},
		`"adult"`:               {false, true, ""},
		`["adult",5,{},null]`:   {false, true, ""},
		`["SENIOR","ADULT"]`:    {false, true, ""},
		`["ВЗРОСЛЫЕ"]`:          {true, true, "doctor_ages 1 [specialities[0].doctors[0]]"},
		`["SENIOR","PREGNANT"]`: {true, true, "doctor_ages 1 [specialities[0].doctors[0]]"},
		`7`:                     {true, true, "doctor_ages 1 [specialities[0].doctors[0]]"},
		`{}`:                    {true, true, ""},
	} {
		doctors := strings.Replace(oneDoctor, `"docFio"`, `"ageCategories":`+ages+`,"docFio"`, 1)
		got, err := source(t, clinicPages(oneSpeciality, doctors, "[]")).Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		child := len(got.Doctors("1", apiclient.Child, monday)) == 1
		adult := len(got.Doctors("1", apiclient.Adult, monday)) == 1
		if child != c.child || adult != c.adult || droppedBy(got) != c.dropped {
			t.Errorf("%s: child %v, adult %v, dropped %q", ages, child, adult, droppedBy(got))
		}
	}
}

// A doctor of two specialities is asked for once, and a cell of two doctors is offered once.
func TestWhatIsThereTwiceIsReadOnce(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	pages := clinicPages(`[{"code":"1","name":"a"},{"code":"2","name":"b"}]`,
		oneDoctor[:len(oneDoctor)-1]+`,{"docGuid":"0c1f0a52-6a0e-4b7e-9d0b-2f6f0a1b7c33","docFio":"y"}]`,
		"["+slotWith(0, `"x":1`)+"]")
	c, err := source(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		asked[q.URL.Path]++
		mu.Unlock()
		pages.ServeHTTP(w, q)
	})).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for path, n := range asked {
		if n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	doctors, cells := c.Count(monday)
	if doctors != 2 || cells != 1 || droppedBy(c) != "cell_twice 1 [specialities[0].doctors[1]]" {
		t.Errorf("%d doctors with %d cells, dropped %s", doctors, cells, droppedBy(c))
	}
	for _, s := range c.Specialities(apiclient.Adult, monday) {
		if s.Free != 1 || len(c.Doctors(s.Code, apiclient.Adult, monday)) != 2 {
			t.Errorf("%+v", s)
		}
	}
}

// Only Booked says that somebody has the cell, and only a slot for patients is free.
func TestStatesOfACell(t *testing.T) {
	for properties, want := range map[string]schedule.CellState{
		`"status":"Available","flagAccess":"Internet"`: schedule.CellFree,
		`"status":"AVAILABLE","flagAccess":"internet"`: schedule.CellFree,
		`"status":"Available"`:                         schedule.CellFree,
		`"status":"Booked"`:                            schedule.CellTaken,
		`"status":"booked","flagAccess":7`:             schedule.CellTaken,
		`"status":"Expired"`:                           schedule.CellUnknown,
		`"status":"Unauthorized"`:                      schedule.CellUnknown,
		`"status":"Unavailable"`:                       schedule.CellUnknown,
		`"status":"UnavailableWithMessage"`:            schedule.CellUnknown,
		`"status":"Available","flagAccess":"Registry"`: schedule.CellUnknown,
		`"status":"Available","flagAccess":7`:          schedule.CellUnknown,
		`"status":"Available","busyType":{"type":0}`:   schedule.CellUnknown,
		`"status":"Available","busyType":[]`:           schedule.CellUnknown,
		`"status":""`:                                  schedule.CellUnknown,
		`"status":7`:                                   schedule.CellUnknown,
	} {
		text := `[null,5,{"timeTableGuid":"` + slotGUID + `",` + properties + `}]`
		got, err := source(t, slots(text)).CellState(t.Context(), doctorGUID, uuid.MustParse(slotGUID), monday)
		if err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", properties, got, err, want)
		}
	}
}
