package apiclient_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"infomat/apiclient"
)

const cyrillic = `{"num":"А-117","ticketGuid":"9d8ea16f-205b-4bc7-92e5-752cd84cb0db","room":"202б","docFio":"Ёлкин",` +
	`"lpu":{"name":"Поликлиника № 3"}}`

func encoded(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	data, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A body is decoded by the charset that its header or its byte order mark tells.
func TestCharsets(t *testing.T) {
	littleEndian := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	bigEndian := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	cp1251 := encoded(t, charmap.Windows1251, cyrillic)
	plain := strings.ReplaceAll(cyrillic, "№", "No")
	for _, c := range []struct{ contentType, body, clinic string }{
		{"application/json", cyrillic, "Поликлиника № 3"},
		{"application/json; charset=utf-8", cyrillic, "Поликлиника № 3"},
		{"application/json; charset=UTF8", cyrillic, "Поликлиника № 3"},
		{"application/json; charset=us-ascii", `{` + least + `}`, ""},
		{"application/json; charset=windows-1251", cp1251, "Поликлиника № 3"},
		{`application/json; charset="Windows-1251"`, cp1251, "Поликлиника № 3"},
		{"text/json;charset=cp1251", cp1251, "Поликлиника № 3"},
		{"text/plain; charset=koi8-r", encoded(t, charmap.KOI8R, plain), "Поликлиника No 3"},
		{"application/json; charset=iso-8859-5", encoded(t, charmap.ISO8859_5, cyrillic), "Поликлиника № 3"},
		{"application/json; charset=cp866", encoded(t, charmap.CodePage866, cyrillic), "Поликлиника № 3"},
		{"application/json; charset=ibm866", encoded(t, charmap.CodePage866, cyrillic), "Поликлиника № 3"},
		{"application/json; charset=utf-16", "\xff\xfe" + encoded(t, littleEndian, cyrillic), "Поликлиника № 3"},
		{"application/json; charset=utf-16", "\xfe\xff" + encoded(t, bigEndian, cyrillic), "Поликлиника № 3"},
		{"application/json; charset=utf-16", encoded(t, littleEndian, cyrillic), "Поликлиника № 3"},
		{"application/json; charset=utf-16", encoded(t, bigEndian, cyrillic), "Поликлиника № 3"},
		{"application/json; charset=utf-16be", encoded(t, bigEndian, cyrillic), "Поликлиника № 3"},
		{"application/json", "\xff\xfe" + encoded(t, littleEndian, cyrillic), "Поликлиника № 3"},
		{"application/json; charset=windows-1251", "\xef\xbb\xbf" + cyrillic, "Поликлиника № 3"},
	} {
		client := newClient(t, says(200, "Content-Type: "+c.contentType, c.body), nil)
		ticket, err := client.Reserve(t.Context(), order())
		if err != nil {
			t.Errorf("%s: %v", c.contentType, err)
			continue
		}
		want := "А-117"
		if c.clinic == "" {
			want = "008"
		}
		if ticket.Num != want || ticket.LPU.Name != c.clinic {
			t.Errorf("%s: num %q, clinic %q", c.contentType, ticket.Num, ticket.LPU.Name)
		}
		var document apiclient.TicketVisitWithLPU
		if err := client.Get(t.Context(), "/x", nil, &document); err != nil || document.LPU.Name != c.clinic {
			t.Errorf("%s: as a document: clinic %q, %v", c.contentType, document.LPU.Name, err)
		}
	}
}

// A number, a room or a GUID that has lost characters makes the answer unreadable; another text is blank. Nothing
// is shortened.
func TestGarbledTexts(t *testing.T) {
	const ticketGUID = `"ticketGuid":"9d8ea16f-205b-4bc7-92e5-752cd84cb0db"`
	for name, c := range map[string]struct {
		contentType, body string
		want              apiclient.Outcome
	}{
		"num":                     {"", `{"num":"` + "\xc0" + `-117",` + ticketGUID + `}`, apiclient.Unknown},
		"num in windows-1251":     {"", encoded(t, charmap.Windows1251, cyrillic), apiclient.Unknown},
		"num in declared ASCII":   {"; charset=us-ascii", encoded(t, charmap.Windows1251, cyrillic), apiclient.Unknown},
		"num in declared UTF-8":   {"; charset=utf-8", encoded(t, charmap.Windows1251, cyrillic), apiclient.Unknown},
		"num with half a pair":    {"", `{"num":"\ud83d117",` + ticketGUID + `}`, apiclient.Unknown},
		"num with a replacement":  {"", `{"num":"�-117",` + ticketGUID + `}`, apiclient.Unknown},
		"num with an escaped one": {"", `{"num":"\uFFFD-117",` + ticketGUID + `}`, apiclient.Unknown},
		"num not in the charset": {
			"; charset=windows-1251", `{"num":"` + "\x98" + `117",` + ticketGUID + `}`, apiclient.Unknown,
		},
		"num beside a whole one":    {"", `{"num":"` + "\xc0" + `","Num":"008",` + ticketGUID + `}`, apiclient.Unknown},
		"room":                      {"", `{` + least + `,"room":"202` + "\xe1" + `"}`, apiclient.Unknown},
		"ticketGuid":                {"", `{"num":"008","ticketGuid":"` + "\xe1" + `9d8ea16f"}`, apiclient.Unknown},
		"an unknown charset":        {"; charset=x-none", `{` + least + `}`, apiclient.Unknown},
		"a charset without table":   {"; charset=utf-7", `{` + least + `}`, apiclient.Unknown},
		"another text":              {"", `{` + least + `,"room":"202","docFio":"` + "\xc5lkin" + `"}`, apiclient.Reserved},
		"a text inside":             {"", `{` + least + `,"room":"202","lpu":{"name":"` + "\xc5" + `"}}`, apiclient.Reserved},
		"an unknown property":       {"", `{` + least + `,"room":"202","x` + "\xc5" + `":1}`, apiclient.Reserved},
		"a header that is no type":  {"; charset", `{` + least + `,"room":"202"}`, apiclient.Reserved},
		"bytes beside the texts":    {"", `{` + least + `,` + "\xc5" + `}`, apiclient.Unknown},
		"half of a UTF-16 document": {"; charset=utf-16", `{` + least + `}`, apiclient.Unknown},
	} {
		client := newClient(t, says(200, "Content-Type: application/json"+c.contentType, c.body), nil)
		ticket, err := client.Reserve(t.Context(), order())
		if got := apiclient.OutcomeOf(err); got != c.want {
			t.Errorf("%s: %v (%v)", name, got, err)
		}
		field, _, _ := strings.Cut(name, " ")
		if (field == "num" || field == "room") && !strings.Contains(err.Error(), field+" cannot be read") {
			t.Errorf("%s: %v does not name the property", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "x-none") {
			t.Errorf("%s: %v quotes the charset", name, err)
		}
		if ticket != nil && (ticket.Num != "008" || ticket.Room != "202" || ticket.DocFio != "" || ticket.LPU.Name != "") {
			t.Errorf("%s: %+v", name, ticket)
		}
	}
}

// An error's status counts whatever its charset. Its text is read by the charset, or left out.
func TestCharsetOfARefusal(t *testing.T) {
	body := encoded(t, charmap.Windows1251, `{"message_code":"4009","message":"Занято"}`)
	for contentType, want := range map[string]string{
		"application/json; charset=windows-1251": "Занято", "application/json": "",
	} {
		_, err := newClient(t, says(400, "Content-Type: "+contentType, body), nil).Reserve(t.Context(), order())
		refusal, ok := err.(*apiclient.RefusalError)
		if !ok || refusal.Meaning != apiclient.CellTaken || refusal.PatientText() != want {
			t.Errorf("%s: %+v", contentType, err)
		}
	}
	client := newClient(t, says(403, "Content-Type: application/json; charset=x-none", body), nil)
	_, err := client.Reserve(t.Context(), order())
	if apiclient.OutcomeOf(err) != apiclient.Refused {
		t.Errorf("%v", err)
	}
	if err := client.Get(t.Context(), "/x", nil, new(any)); !strings.Contains(err.Error(), "HTTP 403") {
		t.Errorf("%v", err)
	}
}

// No text of a document that was read has lost characters: such a text is blank, and the others are unchanged.
func TestDocumentsHaveNoGarbledTexts(t *testing.T) {
	for body, want := range map[string]string{
		`{"a":"Ёлкин","b":["\u0401","x\"y\\"]}`:           `{"a":"Ёлкин","b":["\u0401","x\"y\\"]}`,
		"{\"a\":\"\xc5\",\"b\":\"Ёлкин\",\"c\":\"\xc5\"}": `{"a":"","b":"Ёлкин","c":""}`,
		`{"a":"\ud83d","b":"\ud83d\ude00","c":"\uD83D!"}`: `{"a":"","b":"\ud83d\ude00","c":""}`,
		`["�","\ufffd","\\ud83d","\"` + "\xc5" + `\"",1]`: `["","","\\ud83d","",1]`,
		`["�","Ёлкин"]`:                                   `["","Ёлкин"]`,
		"{\"\xc5\":1}":                                    `{"":1}`,
		"[\"\xc5\", \"end":                                `["", "end`,
		"[\"\xc5\", \"end\\":                              `["", "end\`,
	} {
		client := newClient(t, says(http.StatusOK, "Content-Type: application/json", body), nil)
		data, _, err := client.Read(t.Context(), "/x", nil, apiclient.Version{})
		if err != nil || string(data) != want {
			t.Errorf("%q is read as %q, want %q, %v", body, data, want, err)
		}
	}
	client := newClient(t, says(200, "Content-Type: application/json; charset=x-none", `{}`), nil)
	_, _, err := client.Read(t.Context(), "/x", nil, apiclient.Version{})
	if err == nil || strings.Contains(err.Error(), "x-none") {
		t.Errorf("%v", err)
	}
}

// Whatever the bytes and the charset: a ticket has no lost characters, and a document that was valid JSON stays so.
func FuzzCharset(f *testing.F) {
	f.Add("application/json; charset=windows-1251", []byte("{\"num\":\"\xc0\"}"))
	f.Add("", []byte(`["\ud83d",{"a":"\\"}]`))
	f.Add("text/plain; charset=utf-16", []byte("\xff\xfe{\x00}\x00"))
	f.Fuzz(func(t *testing.T, contentType string, data []byte) {
		text, err := apiclient.UTF8Body(http.Header{"Content-Type": {contentType}}, data)
		if err != nil {
			return
		}
		clean := apiclient.BlankGarbled(text)
		if json.Valid(text) && (!json.Valid(clean) || !utf8.Valid(clean)) {
			t.Fatalf("%q becomes %q", text, clean)
		}
		if ticket, err := apiclient.DecodeTicket(text); err == nil &&
			strings.Contains(ticket.Num+ticket.Room+ticket.DocFio, "\ufffd") {
			t.Fatalf("%q", ticket.Num+ticket.Room+ticket.DocFio)
		}
	})
}
