package apiclient

import (
	"encoding/json"
	"strings"
	"testing"
)

// A documented code is found at any depth and under any name. The message and the type are those of its object,
// else of the nearest.
func TestRefusalOf(t *testing.T) {
	double, err := json.Marshal(`{"code":"4009","message":"Текст"}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, body string
		code, text string // text: for the patient
	}{
		{
			"as the simulated registry", `{"code":400,"message":"Текст","message_code":"4009","type":"Validation"}`, "4009",
			"Текст",
		},
		{"behind a code of nought", `{"code":0,"errors":[{"code":"4009","message":"Текст"}]}`, "4009", "Текст"},
		{"behind a repeated status", `{"code":400,"errors":[{"code":4009,"message":"Текст"}]}`, "4009", "Текст"},
		{"behind an undocumented code", `{"code":"77","x":{"y":{"Code":"4009","Message":"Текст"}}}`, "4009", "Текст"},
		{"behind a word", `{"code":"SLOT_BUSY","inner":{"messageCode":4009,"errorMessage":"Текст"}}`, "4009", "Текст"},
		{"the message around it", `{"message":"Текст","errors":[{"code":"4009"}]}`, "4009", "Текст"},
		{
			"the nearest message around it", `{"message":"Нет","x":{"message":"Текст","errors":[{"code":"4009"}]}}`, "4009",
			"Текст",
		},
		{"the message inside", `{"code":"4009","error":{"message":"Текст"}}`, "4009", "Текст"},
		{"the message beside it", `{"error":{"code":"4009"},"details":{"message":"Текст"}}`, "4009", "Текст"},
		{"its own message first", `{"message":"Нет","errors":[{"code":"4009","message":"Текст"}]}`, "4009", "Текст"},
		{"no message of another code", `{"errors":[{"code":"4009"},{"code":"4029","message":"Нет"}]}`, "4009", ""},
		{"no message of another error", `{"errors":[{"code":"4009"},{"code":"77","message":"Нет"}]}`, "4009", ""},
		{"under the name error", `{"error":"4009","message":"Текст"}`, "4009", "Текст"},
		{"under the name status", `{"status":4009,"message":"Текст"}`, "4009", "Текст"},
		{"a word under the name error", `{"error":"Conflict","message":"Нет"}`, "", ""},
		{"with a fraction", `{"message_code":4009.0,"message":"Текст"}`, "4009", "Текст"},
		{"with a fraction in a string", `{"message_code":"4009.00","message":"Текст"}`, "4009", "Текст"},
		{"with blanks", `{"message_code":" 4009 ","message":"Текст"}`, "4009", "Текст"},
		{"JSON in a JSON string", string(double), "4009", "Текст"},
		{"JSON in a property", `{"message":` + string(double) + `}`, "4009", "Текст"},
		{"JSON is no message", `{"message":"{\"code\":\"4009\"}"}`, "4009", ""},
		{"JSON in a list", `[` + string(double) + `]`, "4009", "Текст"},
		{"message code before error code", `{"error_code":"4029","message_code":"4009","message":"Текст"}`, "4009", "Текст"},
		{"message code before code", `{"code":"4029","message_code":"4009","message":"Текст"}`, "4009", "Текст"},
		{"a documented code before another", `{"message_code":"0","code":"4009","message":"Текст"}`, "4009", "Текст"},
		{"two cases of a name", `{"Code":0,"code":"4009","message":"Текст"}`, "4009", "Текст"},
		{"documented for another status", `{"code":"5009","x":{"code":"4009","message":"Текст"}}`, "4009", "Текст"},
		{"a repeated status alone", `{"code":400,"message":"Нет"}`, "", ""},
		{"a repeated status beside a code", `{"code":"400","errorCode":"77","message":"Нет"}`, "77", ""},
		{"two undocumented ones", `{"x":{"code":"78"},"code":"77"}`, "77", ""},
		{"a message in quotes", `{"code":"4009","message":"\"Текст\""}`, "4009", `"Текст"`},
		{"a garbled message", `{"code":"4009","message":"Тек\ud800ст"}`, "4009", ""},
		{"a garbled message in bytes", "{\"code\":\"4009\",\"message\":\"\xd2\xe5\"}", "4009", ""},

		{"of type Error", `{"code":"4009","message":"Нет","type":"error"}`, "4009", ""},
		{"of type Error around it", `{"type":"Error","errors":[{"code":"4009","message":"Нет"}]}`, "4009", ""},
		{"of type Error where the message is", `{"code":"4009","error":{"message":"Нет","type":"Error"}}`, "4009", ""},
		{"of a numbered type", `{"code":"4009","message":"Текст","type":1}`, "4009", "Текст"},
		{"of a numbered type in a string", `{"code":"4009","message":"Текст","type":"1"}`, "4009", "Текст"},
		{
			"of a type of RFC 9457",
			`{"code":"4009","message":"Текст","type":"https://tools.ietf.org/html/rfc7231#section-6.5.1"}`, "4009", "Текст",
		},
		{"of a type that is another word", `{"code":"4009","message":"Текст","type":"Business"}`, "4009", "Текст"},
		{"of a type that is an object", `{"code":"4009","message":"Текст","type":{}}`, "4009", "Текст"},
		{"our fault of a numbered type", `{"code":"4036","message":"Нет","type":1}`, "4036", ""},
		{"undocumented of no type", `{"code":"4999","message":"Нет"}`, "4999", ""},
		{"undocumented of a numbered type", `{"code":"4999","message":"Нет","type":1}`, "4999", ""},
		{"undocumented of type Validation", `{"code":"4999","message":"Текст","type":"VALIDATION"}`, "4999", "Текст"},
		{"Validation around it", `{"type":"Validation","errors":[{"code":"4999","message":"Текст"}]}`, "4999", "Текст"},
		{"Validation without a code", `{"type":"Validation","message":"Текст"}`, "", "Текст"},
		{"Validation elsewhere", `{"a":{"type":"Validation"},"code":"4999","message":"Нет"}`, "4999", ""},

		{"at the last depth", strings.Repeat(`{"a":`, 7) + `{"code":"4009"}` + strings.Repeat(`}`, 7), "4009", ""},
		{"too deep", strings.Repeat(`{"a":`, 8) + `{"code":"4009"}` + strings.Repeat(`}`, 8), "", ""},
		{"behind too many values", `[` + strings.Repeat(`0,`, 2000) + `{"code":"4009"}]`, "", ""},
		{"behind many values", `[` + strings.Repeat(`0,`, 1000) + `{"code":"4009"}]`, "4009", ""},
		{"too long", `{"code":"4009","x":"` + strings.Repeat("x", 256<<10) + `"}`, "", ""},
		{"a number alone", `4009`, "", ""},
		{"XML", `<Error><Code>4009</Code></Error>`, "", ""},
		{"nothing", ``, "", ""},
	} {
		r := refusalOf(400, []byte(c.body))
		if r.Code != c.code || r.PatientText() != c.text {
			t.Errorf("%s: code %q, text %q, type %q, want %q, %q", c.name, r.Code, r.PatientText(), r.Type, c.code, c.text)
		}
		if want := meanings[400][c.code]; r.Meaning != want {
			t.Errorf("%s: %v, want %v", c.name, r.Meaning, want)
		}
		if r.Type != "" && r.Type != typeValidation && r.Type != typeError {
			t.Errorf("%s: the type is the server's text %q", c.name, r.Type)
		}
	}
}

// A documented code with another status is named, and means nothing.
func TestACodeCountsOnlyWithItsStatus(t *testing.T) {
	r := refusalOf(409, []byte(`{"code":"X","errors":[{"code":"4009","message":"Нет"}]}`))
	if r.Code != "4009" || r.Meaning != Other || r.PatientText() != "" {
		t.Errorf("%+v", r)
	}
}
