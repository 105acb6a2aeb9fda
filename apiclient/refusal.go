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

// meanings is the table of the reservation page ("Возможные ошибки") by status and code, with 5403 of the
// page about calling a doctor. A code counts only with its HTTP status.
var meanings = map[int]map[string]Meaning{
	http.StatusBadRequest: {
		"4005": ChildrenOnly, "4007": SelfBookingForbidden, "4008": AlreadyBooked, "4009": CellTaken,
		"4029": AgeLimit, "4036": OurFault,
	},
	http.StatusForbidden: {"5009": AccessDenied, "5403": AccessDenied},
}

// maxDepth is how many levels of a body are searched for the code.
const maxDepth = 4

// refusalOf reads a refusal. The shape of the body is not documented; the portal's ExceptionResponse has
// Code, Message and Message_code. So the known names are searched in any case, in objects and lists, the
// outer ones first. A body without them, such as a proxy's page, leaves only the status.
func refusalOf(status int, body []byte) *RefusalError {
	r := &RefusalError{HTTPStatus: status}
	level := []json.RawMessage{body}
	for range maxDepth {
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

// read takes code, message and type from an object, unless a level above it had a code. It returns the
// maxDepth values in the order of their names. The message code has precedence over "code", which repeats the
// HTTP status in the portal's model.
func (r *RefusalError) read(value json.RawMessage) (inner []json.RawMessage) {
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

// text returns a string, or a number as it is written.
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

// maxCodeLength bounds a code in bytes. The documented ones have four digits.
const maxCodeLength = 32

// code returns a text that can be a code, and else "". Codes are logged and journaled, so words are no
// codes.
func code(text string) string {
	strange := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '_' && r != '-' && r != '.'
	}
	if len(text) > maxCodeLength || strings.ContainsFunc(text, strange) {
		return ""
	}
	return text
}

// notStatus returns a code, or "" if it repeats the HTTP status.
func notStatus(code string, status int) string {
	if code == strconv.Itoa(status) {
		return ""
	}
	return code
}

// first returns the first value that is not blank.
func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// decodeAnswer returns the ticket or the error that a complete answer means.
func decodeAnswer(status int, header http.Header, body []byte) (*TicketVisitWithLPU, error) {
	switch {
	case status == http.StatusOK:
		t, err := DecodeTicket(body)
		if err != nil {
			return nil, &UnknownError{HTTPStatus: status, Err: err}
		}
		return t, nil
	case isBusy(status, header):
		return nil, &BusyError{HTTPStatus: status, RetryAfter: retryAfter(header, time.Now())}
	case status == http.StatusRequestTimeout: // a part of it was read, and it is not known how much
		return nil, &UnknownError{HTTPStatus: status, Err: errors.New("the registry timed out")}
	case status >= 400 && status < 500:
		return nil, refusalOf(status, body)
	}
	return nil, &UnknownError{
		HTTPStatus: status, Code: refusalOf(status, body).Code, Err: errors.New("the answer is not documented"),
	}
}

// isBusy reports whether an answer means "later".
func isBusy(status int, header http.Header) bool {
	return status == http.StatusTooManyRequests ||
		status == http.StatusServiceUnavailable && header.Get("Retry-After") != ""
}

// retryAfter returns how long to wait, from seconds or a date (RFC 9110 §10.2.3): at least a second, and
// two seconds if the header cannot be parsed.
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
