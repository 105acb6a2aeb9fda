package apiclient_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"infomat/apiclient"
)

var guid = uuid.MustParse("9d8ea16f-205b-4bc7-92e5-752cd84cb0db")

// Of several properties for one field a value beats a blank, and the exact name beats another case.
func TestSeveralPropertiesForOneField(t *testing.T) {
	const ticket = `"ticketGuid":"9d8ea16f-205b-4bc7-92e5-752cd84cb0db"`
	for body, want := range map[string]string{
		`{"num":"008","Num":"",` + ticket + `}`:             "008",
		`{"Num":"","num":"008",` + ticket + `}`:             "008",
		`{"num":"","Num":"008",` + ticket + `}`:             "008",
		`{"num":null,"NUM":"008",` + ticket + `}`:           "008",
		`{"NUM":"008","num":" . ",` + ticket + `}`:          "008",
		`{"num":"008","num":"",` + ticket + `}`:             "008",
		`{"num":"008","Num":"009",` + ticket + `}`:          "008",
		`{"Num":"009","num":"008",` + ticket + `}`:          "008",
		`{"NUM":"009","Num":"010",` + ticket + `}`:          "010",
		`{"Num":"010","NUM":"009",` + ticket + `}`:          "009",
		`{"num":8,"Num":"009",` + ticket + `}`:              "8",
		`{"num":8.0,` + ticket + `}`:                        "8.0",
		`{"num":" 008 ",` + ticket + `}`:                    "008",
		`{"n\u0075m":"008",` + ticket + `}`:                 "008",
		`{"num":"008",` + ticket + `,"TicketGuid":""}`:      "008",
		`{"num":"008",` + ticket + `,"TicketGuid":"x"}`:     "008",
		`{"num":"008","TICKETGUID":null,` + ticket + `}`:    "008",
		`{"num":"","Num":" . ",` + ticket + `}`:             "error",
		`{"num":"008","ticketGuid":"","TicketGuid":"none"}`: "error",
		`{"num":true,` + ticket + `}`:                       "error",
		`{"num":"008","TicketGuid":"9d8ea16f-205b-4bc7-92e5-752cd84cb0db",` +
			`"ticketGuid":"00000000-0000-0000-0000-000000000000"}`: "008",
	} {
		got := "error"
		if ticket, err := apiclient.DecodeTicket([]byte(body)); err == nil {
			got = ticket.Num
		}
		if got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

func TestFormsOfAGUID(t *testing.T) {
	for text, want := range map[string]bool{
		"9d8ea16f-205b-4bc7-92e5-752cd84cb0db":           true,
		"9D8EA16F-205B-4BC7-92E5-752CD84CB0DB":           true,
		"9d8ea16f205b4bc792e5752cd84cb0db":               true,
		" 9d8ea16f-205b-4bc7-92e5-752cd84cb0db ":         true,
		"9d8ea16f-205b-4bc7-92e5-752cd84cb0db ":          true,
		"\\t9d8ea16f-205b-4bc7-92e5-752cd84cb0db\\r\\n":  true,
		"{9d8ea16f-205b-4bc7-92e5-752cd84cb0db}":         true,
		" {9D8EA16F-205B-4BC7-92E5-752CD84CB0DB} ":       true,
		"urn:uuid:9d8ea16f-205b-4bc7-92e5-752cd84cb0db":  true,
		"URN:UUID:9D8EA16F-205B-4BC7-92E5-752CD84CB0DB ": true,
		"{9d8ea16f-205b-4bc7-92e5-752cd84cb0db":          false,
		"9d8ea16f-205b-4bc7-92e5-752cd84cb0db}":          false,
		"x9d8ea16f-205b-4bc7-92e5-752cd84cb0dbx":         false,
		"(9d8ea16f-205b-4bc7-92e5-752cd84cb0db)":         false,
		"{x9d8ea16f-205b-4bc7-92e5-752cd84cb0dbx}":       false,
		"9d8ea16f-205b-4bc7-92e5-752cd84cb0d":            false,
		"9d8ea16f-205b-4bc7-92e5-752cd84cb0db9":          false,
		"9d8ea16f-205b-4bc7-92e5-752cd84cb0dg":           false,
	} {
		ticket, err := apiclient.DecodeTicket([]byte(`{"num":"008","ticketGuid":"` + text + `"}`))
		if (err == nil) != want || err == nil && ticket.TicketGUID != guid {
			t.Errorf("%q: %v, %v", text, ticket, err)
		}
	}
}

// One property of a clinic that cannot be read does not cost the others, and is reported by its name.
func TestAClinicIsReadPropertyByProperty(t *testing.T) {
	const rest = `"name":"Поликлиника","phone":"8-496","isChildrenPolyclinic":true`
	for extra, want := range map[string]string{
		``:                                "",
		`,"hostID":"209"`:                 "",
		`,"hostID":209.0`:                 "",
		`,"hostID":""`:                    "",
		`,"hostID":null,"email":null`:     "",
		`,"ratings":{"a":1}`:              "",
		`,"unknown":{"deep":[1]}`:         "",
		`,"hostID":"two hundred"`:         "hostID",
		`,"hostID":2.5`:                   "hostID",
		`,"hostID":true`:                  "hostID",
		`,"hostID":1e300`:                 "hostID",
		`,"hostID":99999999999999999999`:  "hostID",
		`,"HOSTID":{}`:                    "hostID",
		`,"guid":"none","email":[]`:       "guid email",
		`,"email":false`:                  "email",
		`,"email":"\ud800"`:               "email",
		`,"status":5`:                     "status",
		`,"status":{"lastChangeTime":5}`:  "status.lastChangeTime",
		`,"status":{"lastChangeTime":""}`: "",
		`,"parent":{"guid":7,"name":"X"}`: "parent.guid",
		`,"type":"lpu"`:                   "type",
		`,"type":["lpu",{},[]]`:           "type",
		`,"isDisp":"yes"`:                 "isDisp",
		`,"isDisp":""`:                    "isDisp",
		`,"isDisp":2`:                     "isDisp",
		`,"isDisp":null`:                  "isDisp",
		`,"IsChildrenPolyclinic":null`:    "",
	} {
		var lpu apiclient.LPUWithStatus
		problems, err := apiclient.DecodeLenient([]byte(`{`+rest+extra+`}`), &lpu)
		if got := names(problems); err != nil || got != want {
			t.Errorf("%s: problems %q, want %q, %v", extra, got, want, err)
		}
		if lpu.Name != "Поликлиника" || lpu.Phone != "8-496" || !lpu.IsChildrenPolyclinic {
			t.Errorf("%s: %+v", extra, lpu)
		}
	}
}

func names(problems []*apiclient.FieldError) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Field)
	}
	return strings.Join(all, " ")
}

func TestBooleans(t *testing.T) {
	for text, want := range map[string]string{
		"true": "true", "false": "false", `"true"`: "true", `"False"`: "false", `" TRUE "`: "true", "1": "true", "0": "false",
		`"1"`: "true", `"0"`: "false", "2": "unreadable", `"да"`: "unreadable", `""`: "unreadable", "null": "unreadable",
		"{}": "unreadable", "[true]": "unreadable",
	} {
		var lpu apiclient.LPUWithStatus
		problems, err := apiclient.DecodeLenient([]byte(`{"isChildrenPolyclinic":`+text+`}`), &lpu)
		got := fmt.Sprint(lpu.IsChildrenPolyclinic)
		if len(problems) > 0 && problems[0].Field == "isChildrenPolyclinic" {
			got = "unreadable"
		}
		if err != nil || got != want {
			t.Errorf("%s: %s, want %s, %v", text, got, want, err)
		}
	}
}

// A problem is reported once for each name and cause, without the value, and a long list is cut.
func TestProblemsAreBounded(t *testing.T) {
	var ticket apiclient.TicketVisitWithLPU
	body := `{"history":[` + strings.Repeat(`{"date":"Канарейкин","editor":"A"},`, 1000) + `{"editor":"B"}],` +
		`"docFio":["Канарейкин"]}`
	problems, err := apiclient.DecodeLenient([]byte(body), &ticket)
	if err != nil || len(ticket.History) != 1000 || ticket.History[999].Editor != "A" {
		t.Errorf("%d changes, %v", len(ticket.History), err)
	}
	if got := names(problems); got != "docFio history.date history" {
		t.Errorf("problems %q", got)
	}
	for _, p := range problems {
		if strings.Contains(p.Error(), "Канарейкин") || !strings.HasPrefix(p.Error(), p.Field+" cannot be read: ") {
			t.Errorf("%v", p)
		}
	}
	cut := func(p *apiclient.FieldError) bool { return errors.Is(p, apiclient.ErrFieldList) }
	if !slices.ContainsFunc(problems, cut) {
		t.Errorf("the length of the list is not reported: %v", problems)
	}
}

func TestDecodeLenientRefusesWhatIsNoObject(t *testing.T) {
	for _, text := range []string{"", " ", "null", "[]", "5", `"x"`, `{"a":1`, `{} x`, `{"a" 1}`, "{\"a\":\xff}"} {
		if _, err := apiclient.DecodeLenient([]byte(text), new(apiclient.LPUWithStatus)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
	for _, into := range []any{nil, apiclient.LPUWithStatus{}, (*apiclient.LPUWithStatus)(nil), new(int)} {
		if _, err := apiclient.DecodeLenient([]byte(`{}`), into); err == nil {
			t.Errorf("%T was taken", into)
		}
	}
	var lpu apiclient.LPUWithStatus
	if _, err := apiclient.DecodeLenient([]byte(`{"type":[5,6],"hostID":7}`), &lpu); err != nil ||
		strings.Join(lpu.Type, " ") != "5 6" || lpu.HostID != 7 {
		t.Errorf("without blanks: %+v, %v", lpu, err)
	}
	body := " \r\n{ \"name\" :\t\"X\" , \"type\" : [ \"a\" , \"b\" ] ,\n\"hostID\" : 5 }\n"
	if problems, err := apiclient.DecodeLenient([]byte(body), &lpu); err != nil || len(problems) > 0 || lpu.Name != "X" ||
		len(lpu.Type) != 2 || lpu.HostID != 5 {
		t.Errorf("%+v, %v, %v", lpu, problems, err)
	}
}
