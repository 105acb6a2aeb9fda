package apiclient_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
)

// TestSampleIsReadInFull encodes the decoded sample again: no field of the page may be missing in the
// model.
func TestSampleIsReadInFull(t *testing.T) {
	ticket, err := apiclient.DecodeTicket(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(ticket)
	if err != nil {
		t.Fatal(err)
	}
	var got, want map[string]any
	if err := json.Unmarshal(written, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(sample(t), &want); err != nil {
		t.Fatal(err)
	}
	compare(t, "", got, want)
	if ticket.Num != "008" || ticket.Room != "202" || ticket.Flat != 0 ||
		ticket.BeginTime.Format(time.RFC3339) != "2019-04-18T08:45:00+03:00" {
		t.Errorf("num %q, room %q, floor %d, begin %v", ticket.Num, ticket.Room, ticket.Flat, ticket.BeginTime)
	}
}

func compare(t *testing.T, path string, got, want map[string]any) {
	t.Helper()
	for name, w := range want {
		g, ok := got[name]
		inner, isObject := w.(map[string]any)
		switch {
		case !ok:
			t.Errorf("%s%s is not in the model", path, name)
		case isObject:
			mine, _ := g.(map[string]any)
			compare(t, path+name+".", mine, inner)
		case !reflect.DeepEqual(g, w):
			t.Errorf("%s%s is %#v, want %#v", path, name, g, w)
		}
	}
}

const least = `"num":"008","ticketGuid":"9d8ea16f-205b-4bc7-92e5-752cd84cb0db"`

// A field with an unexpected type is left out, and does not fail the reservation.
func TestStrangeFieldsAreLeftOut(t *testing.T) {
	for _, extra := range []string{
		`"lpu":null`, `"lpu":[]`, `"lpu":"x"`,
		`"lpu":{"name":5,"type":"lpu","parent":3,"ratings":{"a":1},"status":null,"worktimes":[]}`, `"flat":"2"`,
		`"flat":"two"`,
		`"flat":2.5`, `"flat":99999999999999999999`, `"room":202`, `"room":null`, `"room":{}`, `"beginTime":"yesterday"`,
		`"beginTime":5`, `"beginTime":null`, `"history":{}`,
		`"history":[null,5,{"date":"x"}]`, `"docGuid":"none"`, `"dispExamGuid":"none"`, `"login":5`, `"planCount":true`,
		`"unknown":{"deep":[1]}`, `"busyType":7`,
	} {
		ticket, err := apiclient.DecodeTicket([]byte("{" + least + "," + extra + "}"))
		if err != nil || ticket.Num != "008" {
			t.Errorf("%s: %v", extra, err)
		}
	}
}

func TestNumbersAndTextsStandForEachOther(t *testing.T) {
	ticket, err := apiclient.DecodeTicket([]byte(`{` + least + `,"flat":" 2 ","room":202,"uchastokNum":14}`))
	if err != nil || ticket.Flat != 2 || ticket.Room != "202" || ticket.UchastokNum != "14" {
		t.Errorf("%+v, %v", ticket, err)
	}
}

// One field of an unexpected type does not cost the fields beside it, at any depth.
func TestFieldsBesideAStrangeOneAreRead(t *testing.T) {
	ticket, err := apiclient.DecodeTicket([]byte(`{` + least + `,"flat":{},"room":"202",` +
		`"lpu":{"status":5,"name":"Клиника","parent":{"guid":7},"addressDetail":{"street":3,"house":"5"}},` +
		`"history":[{"date":"x","editor":"A"},5,{"editor":"B"}]}`))
	if err != nil || ticket.Room != "202" || ticket.LPU.Name != "Клиника" || ticket.LPU.AddressDetail.House != "5" {
		t.Errorf("%+v, %v", ticket, err)
	}
	if h := ticket.History; len(h) != 3 || h[0].Editor != "A" || h[1].Editor != "" || h[2].Editor != "B" {
		t.Errorf("history %+v", h)
	}
}

func TestNamesInAnyCase(t *testing.T) {
	upper := bytes.ReplaceAll(sample(t), []byte(`"room"`), []byte(`"ROOM"`))
	upper = bytes.ReplaceAll(upper, []byte(`"num"`), []byte(`"Num"`))
	upper = bytes.ReplaceAll(upper, []byte(`"lpu": {`), []byte(`"LPU": {`))
	ticket, err := apiclient.DecodeTicket(upper)
	if err != nil || ticket.Room != "202" || ticket.LPU.Phone == "" {
		t.Errorf("%v, room %q, phone %q", err, ticket.Room, ticket.LPU.Phone)
	}
}

// DecodeTicket returns a ticket with number and GUID, or an error, and does not panic.
func FuzzDecodeTicket(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte(`{` + least + `}`))
	f.Add([]byte(`{"num":1e999,"ticketGuid":"9d8ea16f-205b-4bc7-92e5-752cd84cb0db","history":[[]]}`))
	f.Add([]byte(strings.Repeat("[", 10000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		ticket, err := apiclient.DecodeTicket(data)
		if (err == nil) != (ticket != nil) {
			t.Fatal("ticket and error, or neither")
		}
		if ticket != nil && strings.TrimSpace(ticket.Num) == "" {
			t.Fatal("a ticket without a number")
		}
	})
}
