package apiclient

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Meaning is the meaning of a refusal to a visit. It follows from HTTP status and code, never from the
// text. It is an error, so that errors.Is(err, CellTaken) asks for it.
type Meaning int

// Error returns the meaning in words.
func (m Meaning) Error() string {
	switch m {
	case CellTaken:
		return "the cell is taken"
	case ChildrenOnly:
		return "the clinic is for children only"
	case SelfBookingForbidden:
		return "the patient may not book without the registration desk"
	case AlreadyBooked:
		return "the patient has booked this speciality already"
	case AgeLimit:
		return "the doctor does not see patients of this age"
	case OurFault:
		return "the request names no cell that the registry knows"
	case AccessDenied:
		return "the registry does not accept this terminal"
	case Other:
	}
	return "the registry refused for a reason that is not documented"
}

// The meanings (reservation page, "Возможные ошибки"; 5403 from the call-doctor page).
const (
	Other                Meaning = iota // an unknown code
	CellTaken                           // 400/4009
	ChildrenOnly                        // 400/4005
	SelfBookingForbidden                // 400/4007, two texts
	AlreadyBooked                       // 400/4008
	AgeLimit                            // 400/4029
	OurFault                            // 400/4036: neither a cell nor doctor and time were given
	AccessDenied                        // 401, 403/5009 (signature), 403/5403 (client code)
)

// RefusalError is an answer that refuses. Nothing was reserved.
type RefusalError struct {
	HTTPStatus int
	Code       string // code of the message; blank: none was found
	Message    string // text of the registry; it may hold a name and must not be logged
	Type       string // Validation or Error; blank: the answer does not say, or says another word
	Meaning    Meaning

	OfPatient bool // the request had a patient's token: see TokenRefused
}

// TokenRefused reports whether the registry refused the patient's token, and not the terminal: 401, and 403 but for
// 5403, which is about the terminal's client code. That 5009 means a token whose signature does not verify, where there
// is one, is a GUESS. The visit of this patient ends; the terminal goes on.
func (r *RefusalError) TokenRefused() bool {
	return r.OfPatient &&
		(r.HTTPStatus == http.StatusUnauthorized || r.HTTPStatus == http.StatusForbidden && r.Code != clientCodeWrong)
}

// clientCodeWrong is the code of a wrong header ClientApplication (page C15828253).
const clientCodeWrong = "5403"

// Error returns status and code, without the message: see Message.
func (r *RefusalError) Error() string {
	if r.Code == "" {
		return fmt.Sprintf("the registry refused: HTTP %d", r.HTTPStatus)
	}
	return fmt.Sprintf("the registry refused: HTTP %d, code %s", r.HTTPStatus, r.Code)
}

// Is reports whether target is the meaning of the refusal.
func (r *RefusalError) Is(target error) bool { return target == r.Meaning }

// validation are the documented codes of type Validation: their texts are written for patients.
var validation = map[string]bool{"4005": true, "4007": true, "4008": true, "4009": true, "4029": true}

// PatientText returns the message if it is meant for patients (type Validation), and else "". Where the answer
// does not say the type, the table of the page does.
func (r *RefusalError) PatientText() string {
	switch {
	case strings.EqualFold(r.Type, typeValidation):
		return r.Message
	case strings.EqualFold(r.Type, typeError):
		return ""
	case r.HTTPStatus == http.StatusBadRequest && validation[r.Code]:
		return r.Message
	}
	return ""
}

// registryCodeDigits is the length of a code: all documented codes have four digits (reservation page,
// "Возможные ошибки").
const registryCodeDigits = 4

// isRegistryCode reports whether a code has the form of the documented codes. That undocumented codes have
// the same form is a GUESS.
func isRegistryCode(code string) bool {
	noDigit := func(r rune) bool { return r < '0' || r > '9' }
	return len(code) == registryCodeDigits && !strings.ContainsFunc(code, noDigit)
}

// fromRegistry reports whether the registry itself refused, and not a proxy or gateway on the way. HTTP 401
// counts as the registry's, because it means AccessDenied without a code.
func (r *RefusalError) fromRegistry() bool {
	return isRegistryCode(r.Code) || r.Meaning == AccessDenied
}

// ForeignAnswerError is a 4xx answer to a probe without a code of the registry, such as the HTML page of a
// proxy or gateway. It proves neither that the registry admits the terminal nor that it does not. It
// unwraps to the refusal.
type ForeignAnswerError struct{ Refusal *RefusalError }

func (e *ForeignAnswerError) Error() string {
	return fmt.Sprintf("HTTP %d without a code of the registry: another server answered", e.HTTPStatus())
}

// HTTPStatus returns the answer's status.
func (e *ForeignAnswerError) HTTPStatus() int {
	if e.Refusal == nil {
		return 0
	}
	return e.Refusal.HTTPStatus
}

// Unwrap returns the refusal.
func (e *ForeignAnswerError) Unwrap() error {
	if e.Refusal == nil {
		return nil // and no error that holds a nil pointer
	}
	return e.Refusal
}

// BusyError is the answer "later": 429, or 503 with Retry-After. Nothing was reserved.
type BusyError struct {
	HTTPStatus int
	RetryAfter time.Duration // at least a second
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("the registry is busy: HTTP %d, retry after %s", e.HTTPStatus, e.RetryAfter)
}

// NotSentError means that no byte of the request was written. Nothing was reserved, and the request may be
// repeated.
type NotSentError struct{ Err error }

func (e *NotSentError) Error() string { return because("the request was not sent", e.Err) }

// Unwrap returns the cause.
func (e *NotSentError) Unwrap() error { return e.Err }

// RequestError is a ReserveRequest that the client does not send. Reserve wraps it in a NotSentError and does
// not retry it.
type RequestError struct {
	Field   string // the field of ReserveRequest
	Problem string
}

func (e *RequestError) Error() string { return "ReserveRequest." + e.Field + " " + e.Problem }

// UnknownError means that at least a part of the request may have been sent and no valid answer came. It is
// not known whether the cell is reserved, so the request must not be repeated blindly.
type UnknownError struct {
	HTTPStatus int    // 0: no status line came
	Code       string // the code in the answer's body; blank: none was found
	Err        error
}

func (e *UnknownError) Error() string {
	text := "the result is unknown"
	if e.HTTPStatus != 0 {
		text += fmt.Sprintf(": HTTP %d", e.HTTPStatus)
	}
	if e.Code != "" {
		text += ", code " + e.Code
	}
	return because(text, e.Err)
}

// Unwrap returns the cause.
func (e *UnknownError) Unwrap() error { return e.Err }

// because returns a text with the cause of an error; nil: there is none.
func because(text string, cause error) string {
	if cause == nil {
		return text
	}
	return text + ": " + cause.Error()
}

// Outcome is the outcome of a reservation.
type Outcome int

// The outcomes.
const (
	Unknown Outcome = iota
	Reserved
	Refused
	Busy
	Unreachable
)

// String returns the outcome as the commands print it. Busy is printed as refused, and a value that is no
// outcome as unknown.
func (o Outcome) String() string {
	switch o {
	case Reserved:
		return "reserved"
	case Refused, Busy:
		return "refused"
	case Unreachable:
		return "unreachable"
	case Unknown:
	}
	return "unknown"
}

// OutcomeOf returns the outcome that an error of Reserve means. It returns Unknown for an error of any
// other type.
func OutcomeOf(err error) Outcome {
	var (
		refusal *RefusalError
		busy    *BusyError
		notSent *NotSentError
	)
	switch {
	case err == nil:
		return Reserved
	case errors.As(err, &refusal):
		return Refused
	case errors.As(err, &busy):
		return Busy
	case errors.As(err, &notSent):
		return Unreachable
	}
	return Unknown
}
