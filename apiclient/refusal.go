package apiclient

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// meanings is the table of the reservation page, by code; a code counts only with its HTTP status.
var meanings = map[int]map[string]Meaning{
	http.StatusBadRequest: {
		"4005": ChildrenOnly, "4007": SelfBookingForbidden, "4008": AlreadyBooked, "4009": CellTaken, "4029": AgeLimit, "4036": OurFault,
	},
	http.StatusForbidden: {"5009": AccessDenied, "5403": AccessDenied},
}

// nested is how deep an answered no is searched for its code.
const nested = 4

// refusalOf reads an answered no. The body's shape is not documented (only the portal's ExceptionResponse: Code, Message, Message_code), so the
// known names are looked for in any case, in objects and lists, the outer ones first; a body that is none of it (a proxy's page) leaves the status
// alone to decide.
func refusalOf(status int, body []byte) *Refusal {
	r := &Refusal{HTTPStatus: status}
	level := []json.RawMessage{body}
	for range nested {
		var next []json.RawMessage
		for _, value := range level {
			next = append(next, r.read(value)...)
		}
		level = next
	}
	r.Meaning = meanings[status][r.Code]
	if r.Meaning == Other && status == http.StatusUnauthorized {
		r.Meaning = AccessDenied
	}
	return r
}

// read takes what it knows from an object, as far as nothing was found further out, and gives what stands inside, in the order of the names. The
// message code wins over "code", which in the portal's model repeats the HTTP status.
func (r *Refusal) read(value json.RawMessage) (inner []json.RawMessage) {
	var list []json.RawMessage
	if json.Unmarshal(value, &list) == nil {
		return list
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(value, &raw) != nil {
		return nil
	}
	found := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		if text, ok := text(raw[name]); ok {
			found[strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))] = text
			continue
		}
		inner = append(inner, raw[name])
	}
	if r.Code != "" {
		return nil
	}
	r.Code = first(code(found["messagecode"]), code(found["errorcode"]), notStatus(code(found["code"]), r.HTTPStatus))
	r.Message = first(found["message"], found["usermessage"], r.Message)
	r.Type = first(found["type"], found["messagetype"], found["errortype"], r.Type)
	return inner
}

// text gives a string, or a number as it is written.
func text(value json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return strings.TrimSpace(s), true
	}
	var n json.Number
	if json.Unmarshal(value, &n) == nil {
		return n.String(), true
	}
	return "", false
}

// longestCode bounds a code. Those that are documented have four digits.
const longestCode = 32

// code is a text that can be a code, or blank: a code stands in logs and in the journal, and words do not.
func code(text string) string {
	strange := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '_' && r != '-' && r != '.'
	}
	if len(text) > longestCode || strings.ContainsFunc(text, strange) {
		return ""
	}
	return text
}

func notStatus(code string, status int) string {
	if code == strconv.Itoa(status) {
		return ""
	}
	return code
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// judge turns a whole answer into a ticket or an error.
func judge(status int, header http.Header, body []byte) (*TicketVisitWithLpu, error) {
	switch {
	case status == http.StatusOK:
		t, err := DecodeTicket(body)
		if err != nil {
			return nil, &UnknownError{HTTPStatus: status, Err: err}
		}
		return t, nil
	case isBusy(status, header):
		return nil, &BusyError{HTTPStatus: status, RetryAfter: retryAfter(header, time.Now())}
	case status == http.StatusRequestTimeout: // some part of it was read, and how far it came is not said
		return nil, &UnknownError{HTTPStatus: status, Err: errors.New("the registry ran out of time")}
	case status >= 400 && status < 500:
		return nil, refusalOf(status, body)
	}
	return nil, &UnknownError{
		HTTPStatus: status, Code: refusalOf(status, body).Code, Err: errors.New("no answer that the registry documents"),
	}
}

// isBusy tells whether an answer means "later".
func isBusy(status int, header http.Header) bool {
	return status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable && header.Get("Retry-After") != ""
}

// retryAfter reads how long to wait: seconds, or a date (RFC 9110 §10.2.3); never less than a second, and two where nothing readable is said.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(1, min(seconds, 86400))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(time.Second, at.Sub(now))
	}
	return 2 * time.Second
}
