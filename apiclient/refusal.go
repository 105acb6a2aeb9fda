package apiclient

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
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

// isDocumented reports whether a code is in the table, with whatever status.
func isDocumented(code string) bool {
	for _, codes := range meanings {
		if _, ok := codes[code]; ok {
			return true
		}
	}
	return false
}

// The names of an error's properties, in lower case and without separators, by precedence. Only Code,
// Message and Message_code are documented (ExceptionResponse, page C22416035), and there Code repeats the HTTP
// status; the others are GUESSED.
var (
	codeNames    = []string{"messagecode", "errorcode", "errcode", "code"}
	rareNames    = []string{"resultcode", "statuscode", "status", "error"} // only a documented code counts here
	messageNames = []string{"message", "usermessage", "errormessage", "messagetext", detailName}
	typeNames    = []string{"type", "messagetype", "errortype"}
)

// detailName is the text of a Problem Details document (RFC 9457 §3.1.4).
const detailName = "detail"

// The types of an error (reservation page, "Тип ошибки").
const (
	typeValidation = "Validation"
	typeError      = "Error"
)

// refusalOf reads a refusal. The shape of the body is not documented, so the known names are searched in any
// case, in objects, in lists, and in strings that hold JSON. A body without them, such as a proxy's page,
// leaves only the status.
func refusalOf(status int, body []byte) *RefusalError {
	r := &RefusalError{HTTPStatus: status}
	all := errorObjects(body)
	if o := errorWithCode(all, status); o != nil {
		r.Code = o.code(status)
		r.Message, r.Type = messageAndType(o, all, status)
	} else {
		r.Message, r.Type = firstMessage(all)
	}
	r.Meaning = meanings[status][r.Code]
	if r.Meaning == Other && status == http.StatusUnauthorized {
		r.Meaning = AccessDenied
	}
	return r
}

// errorWithCode returns the object whose code counts, or nil: the outermost with a code that is documented for
// the status, else the outermost with a documented one, else the outermost with any.
func errorWithCode(all []*errorObject, status int) *errorObject {
	var best *errorObject
	rank := 0
	for _, o := range all {
		code, r := o.code(status), 0
		switch {
		case code == "":
		case meanings[status][code] != Other:
			r = 3
		case isDocumented(code):
			r = 2
		default:
			r = 1
		}
		if r > rank {
			best, rank = o, r
		}
	}
	return best
}

// messageAndType returns what belongs to the code of an object. The message is that of the object itself, else
// of the nearest around it, else of the outermost without another code. The type is that of the object itself,
// else of the one that the message is from, else of the nearest around it.
func messageAndType(o *errorObject, all []*errorObject, status int) (message, kind string) {
	own := o.code(status)
	var around []*errorObject
	for a := o; a != nil; a = a.parent {
		around = append(around, a)
	}
	lenders := slices.Clone(around)
	for _, a := range all {
		if code := a.code(status); code == own || code == "" {
			lenders = append(lenders, a)
		}
	}
	source := o
	for _, a := range lenders {
		if message = a.first(messageNames); message != "" {
			source = a
			break
		}
	}
	for _, a := range append([]*errorObject{o, source}, around...) {
		if kind = a.kind(); kind != "" {
			break
		}
	}
	return message, kind
}

// firstMessage returns the outermost message, with the type that its object has, or that one around it has.
func firstMessage(all []*errorObject) (message, kind string) {
	for _, o := range all {
		if message = o.first(messageNames); message == "" {
			continue
		}
		for a := o; a != nil && kind == ""; a = a.parent {
			kind = a.kind()
		}
		return message, kind
	}
	return "", ""
}

// code returns the object's code, or "". A documented code beats another of the same object, and a code that
// repeats the HTTP status is none.
func (o *errorObject) code(status int) string {
	found := ""
	for _, text := range o.under(codeNames) {
		code := code(text)
		if isDocumented(code) {
			return code
		}
		if found == "" && code != strconv.Itoa(status) {
			found = code
		}
	}
	for _, text := range o.under(rareNames) {
		if code := code(text); isDocumented(code) {
			return code
		}
	}
	return found
}

// kind returns the object's type if it is one of the two documented words, in any case, and else "": the page
// does not say whether an answer names the type at all, and servers write numbers and addresses there.
func (o *errorObject) kind() string {
	for _, text := range o.under(typeNames) {
		for _, known := range []string{typeValidation, typeError} {
			if strings.EqualFold(text, known) {
				return known
			}
		}
	}
	return ""
}

// first returns the object's first text that is not blank.
func (o *errorObject) first(names []string) string {
	for _, text := range o.under(names) {
		if text != "" && !isJSON(text) {
			return text
		}
	}
	return ""
}

// under returns the object's texts under some names, in the order of the names.
func (o *errorObject) under(names []string) (texts []string) {
	for _, name := range names {
		texts = append(texts, o.texts[name]...)
	}
	return texts
}

// maxCodeLength bounds a code in bytes. The documented ones have four digits.
const maxCodeLength = 32

// code returns a text that can be a code, and else "". 4009.0 is the code 4009. Codes are logged and
// journaled, so words are no codes: a code is of capitals, with a digit or a low line.
func code(text string) string {
	strange := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && r != '_' && r != '-' && r != '.'
	}
	sign := func(r rune) bool { return r >= '0' && r <= '9' || r == '_' }
	if len(text) > maxCodeLength || strings.ContainsFunc(text, strange) || !strings.ContainsFunc(text, sign) {
		return ""
	}
	if whole, fraction, ok := strings.Cut(text, "."); ok && strings.Trim(fraction, "0") == "" && isNumeral(whole) {
		return whole
	}
	return text
}

// isNumeral reports whether a text consists of digits.
func isNumeral(text string) bool {
	noDigit := func(r rune) bool { return r < '0' || r > '9' }
	return text != "" && !strings.ContainsFunc(text, noDigit)
}
