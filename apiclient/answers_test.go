package apiclient_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
)

// TestAnswers holds the table of answers and outcomes (design, §4), and variants of each answer.
func TestAnswers(t *testing.T) {
	refuse := func(code string) string { return `{"code":400,"message":"Текст","message_code":"` + code + `"}` }
	full := string(sample(t))
	for _, c := range []struct {
		name         string
		status       int
		header, body string
		outcome      apiclient.Outcome
		meaning      apiclient.Meaning
		code, text   string // of a refusal: its code, and what of it is for the patient
	}{
		{"the sample", 200, "", full, apiclient.Reserved, 0, "", ""},
		{"with a byte order mark", 200, "", "\xef\xbb\xbf" + full, apiclient.Reserved, 0, "", ""},
		{"cell taken", 400, "", refuse("4009"), apiclient.Refused, apiclient.CellTaken, "4009", "Текст"},
		{"children's clinic", 400, "", refuse("4005"), apiclient.Refused, apiclient.ChildrenOnly, "4005", "Текст"},
		{"no self-booking", 400, "", refuse("4007"), apiclient.Refused, apiclient.SelfBookingForbidden, "4007", "Текст"},
		{"already booked", 400, "", refuse("4008"), apiclient.Refused, apiclient.AlreadyBooked, "4008", "Текст"},
		{"age limit", 400, "", refuse("4029"), apiclient.Refused, apiclient.AgeLimit, "4029", "Текст"},
		{"our fault", 400, "", refuse("4036"), apiclient.Refused, apiclient.OurFault, "4036", ""},
		{
			"signature", 403, "", `{"message_code":"5009","message":"Подпись запроса некорректна"}`, apiclient.Refused,
			apiclient.AccessDenied, "5009", "",
		},
		{"client code", 403, "", `{"message_code":5403}`, apiclient.Refused, apiclient.AccessDenied, "5403", ""},
		{"token", 401, "", ``, apiclient.Refused, apiclient.AccessDenied, "", ""},
		{
			"code as a number", 400, "", `{"Message_Code":4009,"Message":"Текст"}`, apiclient.Refused, apiclient.CellTaken,
			"4009", "Текст",
		},
		{
			"code under code", 400, "", `{"CODE":"4009","MESSAGE":"Текст"}`, apiclient.Refused, apiclient.CellTaken, "4009",
			"Текст",
		},
		{
			"one level deep", 400, "", `{"error":{"messageCode":"4029","message":"Текст"}}`, apiclient.Refused,
			apiclient.AgeLimit, "4029", "Текст",
		},
		{
			"several levels deep", 400, "", `{"z":{"code":"4009"},"a":{"b":{"message_code":"4029","message":"Текст"}}}`,
			apiclient.Refused, apiclient.CellTaken, "4009", "",
		},
		{
			"the first of two at one depth", 400, "",
			`{"b":{"code":"4009","message":"Б"},"a":{"code":"4029","message":"Текст"}}`, apiclient.Refused, apiclient.AgeLimit,
			"4029", "Текст",
		},
		{
			"in a list", 400, "", `{"errors":[{"code":4009,"message":"Текст"}]}`, apiclient.Refused, apiclient.CellTaken,
			"4009", "Текст",
		},
		{
			"a list", 400, "", `[{"Code":"4005","Message":"Текст"}]`, apiclient.Refused, apiclient.ChildrenOnly, "4005",
			"Текст",
		},
		{
			"the type in small letters", 400, "", `{"message_code":"4999","message":"Текст","TYPE":"validation"}`,
			apiclient.Refused, apiclient.Other, "4999", "Текст",
		},
		{
			"of type Error although its code is a patient's", 400, "",
			`{"message_code":"4009","message":"Текст","type":"Error"}`, apiclient.Refused, apiclient.CellTaken, "4009", "",
		},
		{
			"a code of words", 400, "", `{"message_code":"Иванов","message":"Текст"}`, apiclient.Refused, apiclient.Other, "",
			"",
		},
		{
			"a code of latin words", 400, "", `{"code":"not a code","errorCode":"SLOT_BUSY"}`, apiclient.Refused,
			apiclient.Other, "SLOT_BUSY", "",
		},
		{
			"too deep", 400, "", strings.Repeat(`{"a":`, 9) + refuse("4009") + strings.Repeat(`}`, 9), apiclient.Refused,
			apiclient.Other, "", "",
		},
		{"a proxy's 403", 403, "", `<html>forbidden</html>`, apiclient.Refused, apiclient.Other, "", ""},
		{"too large", 413, "", `<html>`, apiclient.Refused, apiclient.Other, "", ""},
		{"a code counts only with its status", 409, "", refuse("4009"), apiclient.Refused, apiclient.Other, "4009", ""},
		{
			"unknown code of type Validation", 400, "", `{"message_code":"4999","message":"Текст","type":"Validation"}`,
			apiclient.Refused, apiclient.Other, "4999", "Текст",
		},
		{
			"unknown code of no type", 422, "", `{"message_code":"4999","message":"Текст"}`, apiclient.Refused,
			apiclient.Other, "4999", "",
		},
		{"a proxy's page", 404, "", `<html>not found</html>`, apiclient.Refused, apiclient.Other, "", ""},
		{"an answer of null", 400, "", `null`, apiclient.Refused, apiclient.Other, "", ""},
		{"busy", 429, "Retry-After: 7", "", apiclient.Busy, 0, "", ""},
		{"busy, in no time", 429, "", "", apiclient.Busy, 0, "", ""},
		{"away for a while", 503, "Retry-After: 7", "", apiclient.Busy, 0, "", ""},
		{"away", 503, "", "", apiclient.Unknown, 0, "", ""},
		{"broken", 500, "", refuse("4009"), apiclient.Unknown, 0, "", ""},
		{"gateway", 502, "", "<html>", apiclient.Unknown, 0, "", ""},
		{"too late", 408, "", "", apiclient.Unknown, 0, "", ""},
		{"a success without a body", 204, "", "", apiclient.Unknown, 0, "", ""},
		{"a success that resets", 205, "", "", apiclient.Unknown, 0, "", ""},
		{"created", 201, "", full, apiclient.Reserved, 0, "", ""},
		{"accepted", 202, "", full, apiclient.Reserved, 0, "", ""},
		{"by a proxy", 203, "", full, apiclient.Reserved, 0, "", ""},
		{"the last success", 299, "", full, apiclient.Reserved, 0, "", ""},
		{"no success any more", 300, "", full, apiclient.Unknown, 0, "", ""},
		{"created without a ticket", 201, "", `{"num":"008"}`, apiclient.Unknown, 0, "", ""},
		{"an error inside a success", 200, "", refuse("4009"), apiclient.Unknown, 0, "", ""},
		{"a redirect", 302, "Location: /elsewhere", "", apiclient.Unknown, 0, "", ""},
		{"a redirect that keeps the method", 307, "Location: /elsewhere", "", apiclient.Unknown, 0, "", ""},
		{"empty", 200, "", "", apiclient.Unknown, 0, "", ""},
		{"garbage", 200, "", "<html>\x00", apiclient.Unknown, 0, "", ""},
		{"a list", 200, "", "[" + full + "]", apiclient.Unknown, 0, "", ""},
		{"half", 200, "", full[:len(full)/2], apiclient.Unknown, 0, "", ""},
		{"no num", 200, "", `{"ticketGuid":"33333333-3333-3333-3333-333333333333"}`, apiclient.Unknown, 0, "", ""},
		{
			"blank num", 200, "", `{"num":" . ","ticketGuid":"33333333-3333-3333-3333-333333333333"}`, apiclient.Unknown, 0,
			"", "",
		},
		{
			"num of another type", 200, "", `{"num":{},"ticketGuid":"33333333-3333-3333-3333-333333333333"}`,
			apiclient.Unknown, 0, "", "",
		},
		{"no ticketGuid", 200, "", `{"num":"008"}`, apiclient.Unknown, 0, "", ""},
		{
			"nil ticketGuid", 200, "", `{"num":"008","ticketGuid":"00000000-0000-0000-0000-000000000000"}`, apiclient.Unknown,
			0, "", "",
		},
		{"a ticketGuid that is none", 200, "", `{"num":"008","ticketGuid":"33333333"}`, apiclient.Unknown, 0, "", ""},
		{
			"a number for num", 200, "", `{"NUM":8,"TicketGUID":"33333333-3333-3333-3333-333333333333"}`, apiclient.Reserved,
			0, "", "",
		},
		{"a ticket and 5 MiB of blanks", 200, "", full + strings.Repeat(" ", 5<<20), apiclient.Unknown, 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := newClient(t, says(c.status, c.header, c.body), nil)
			ticket, err := client.Reserve(t.Context(), order())
			if got := apiclient.OutcomeOf(err); got != c.outcome {
				t.Fatalf("outcome %v, want %v (%v)", got, c.outcome, err)
			}
			if (ticket != nil) != (c.outcome == apiclient.Reserved) {
				t.Errorf("ticket %v beside %v", ticket, err)
			}
			var refusal *apiclient.RefusalError
			if errors.As(err, &refusal) != (c.outcome == apiclient.Refused) {
				t.Fatalf("%v is a refusal", err)
			}
			if refusal != nil && (refusal.Meaning != c.meaning || refusal.Code != c.code || refusal.PatientText() != c.text) {
				t.Errorf("meaning %v, code %q, text %q", refusal.Meaning, refusal.Code, refusal.PatientText())
			}
			var busy *apiclient.BusyError
			if errors.As(err, &busy) && c.header != "" && busy.RetryAfter != 7*time.Second {
				t.Errorf("ask again in %v", busy.RetryAfter)
			}
		})
	}
}
