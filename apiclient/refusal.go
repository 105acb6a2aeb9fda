package apiclient

import (
	"encoding/json"
	"errors"
	"net/http"
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

// refusalOf reads an answered no. The body's shape is not documented (only the portal's ExceptionResponse: Code, Message, Message_code), so the
// known names are looked for in any case and one level deep, and a body that is none of it (a proxy's page) leaves status alone to decide.
func refusalOf(status int, body []byte) *Refusal {
	r := &Refusal{HTTPStatus: status}
	var raw map[string]json.RawMessage
	if json.Unmarshal(body, &raw) == nil {
		r.read(raw)
		for _, inner := range raw {
			var nested map[string]json.RawMessage
			if r.Code == "" && json.Unmarshal(inner, &nested) == nil {
				r.read(nested)
			}
		}
	}
	r.Meaning = meanings[status][r.Code]
	if r.Meaning == Other && status == http.StatusUnauthorized {
		r.Meaning = AccessDenied
	}
	return r
}

// read takes what it knows from an object. The message code wins over "code", which in the portal's model repeats the HTTP status.
func (r *Refusal) read(raw map[string]json.RawMessage) {
	found := map[string]string{}
	for name, value := range raw {
		if text, ok := text(value); ok {
			found[strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(name))] = text
		}
	}
	r.Code = first(found["messagecode"], found["errorcode"], notStatus(found["code"], r.HTTPStatus))
	r.Message = first(found["message"], found["usermessage"], r.Message)
	r.Type = first(found["type"], found["messagetype"], found["errortype"], r.Type)
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
	case status == http.StatusTooManyRequests:
		return nil, &BusyError{HTTPStatus: status, RetryAfter: retryAfter(header, time.Now())}
	case status == http.StatusServiceUnavailable && header.Get("Retry-After") != "":
		return nil, &BusyError{HTTPStatus: status, RetryAfter: retryAfter(header, time.Now())}
	case status == http.StatusRequestTimeout: // some part of it was read, and how far it came is not said
		return nil, &UnknownError{HTTPStatus: status, Err: errors.New("the registry ran out of time")}
	case status >= 400 && status < 500:
		return nil, refusalOf(status, body)
	}
	return nil, &UnknownError{HTTPStatus: status, Err: errors.New("no answer that the registry documents")}
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
