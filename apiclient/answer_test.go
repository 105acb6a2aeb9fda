package apiclient

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestCodeIsNoText(t *testing.T) {
	for _, valid := range []string{
		"", "4009", "0", "9", "A0", "Z9", "SLOT_BUSY", "A_B-C.D", "E-4009", strings.Repeat("9", 32),
	} {
		if got := code(valid); got != valid {
			t.Errorf("%q is read as %q", valid, got)
		}
	}
	for text, want := range map[string]string{
		"4009.0": "4009", "4009.": "4009", "4009.5": "4009.5", "A.0": "A.0", ".0": ".0",
	} {
		if got := code(text); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{
		"A", "IVANOV", "Ivanov", "PETROV-IVANOV", "a1", "CANARY-Ivanov1",
		"/", ":", "@", "[", "`", "{", "Я", "A 1", "4009 ", "4009\n", "4009;", strings.Repeat("9", 33),
	} {
		if got := code(text); got != "" {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

func TestRegistryCode(t *testing.T) {
	for code, want := range map[string]bool{
		"4036": true, "0000": true, "9999": true,
		"": false, "403": false, "40361": false, "403A": false, "40.6": false, "/036": false, "403:": false,
	} {
		if got := isRegistryCode(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value, date string
		want        time.Duration
	}{
		{"", "", 2 * time.Second},
		{"soon", "", 2 * time.Second},
		{"1.5", "", 2 * time.Second},
		{"-5", "", time.Second},
		{"-9223372036854775808", "", time.Second},
		{"-9223372037", "", time.Second}, // in nanoseconds it overflows to a positive number
		{"-99999999999999999999", "", time.Second},
		{"0", "", time.Second},
		{"1", "", time.Second},
		{" 7 ", "", 7 * time.Second},
		{"300", "", 5 * time.Minute},
		{"301", "", 5 * time.Minute},
		{"86400", "", 5 * time.Minute},
		{"9223372036854775807", "", 5 * time.Minute},
		{"99999999999999999999", "", 5 * time.Minute},
		{"Wed, 25 Nov 2026 05:01:30 GMT", "", 90 * time.Second},
		{"Wednesday, 25-Nov-26 05:01:30 GMT", "", 90 * time.Second},
		{"Wed Nov 25 05:01:30 2026", "", 90 * time.Second},
		{"Wed, 25 Nov 2026 04:59:00 GMT", "", time.Second},
		{"Wed, 25 Nov 2026 06:00:00 GMT", "", 5 * time.Minute},
		{"Fri, 31 Dec 9999 23:59:59 GMT", "", 5 * time.Minute},
		{"Mon, 01 Jan 0001 00:00:00 GMT", "", time.Second},
		{"Thu, 18 Apr 2019 05:01:30 GMT", "Thu, 18 Apr 2019 05:00:00 GMT", 90 * time.Second}, // its clock, not ours
		{"Wed, 25 Nov 2026 05:01:30 GMT", "Wed, 25 Nov 2026 05:01:20 GMT", 10 * time.Second},
		{"Wed, 25 Nov 2026 05:01:30 GMT", "yesterday", 90 * time.Second},
	} {
		header := http.Header{"Retry-After": {c.value}, "Date": {c.date}}
		if got := retryAfter(header, now); got != c.want {
			t.Errorf("%q, Date %q: %v, want %v", c.value, c.date, got, c.want)
		}
	}
}

// A 503 is an outage unless it says when to retry.
func TestBusy(t *testing.T) {
	for _, c := range []struct {
		status     int
		retryAfter string
		want       bool
	}{{429, "", true}, {429, "3", true}, {503, "3", true}, {503, "", false}, {500, "3", false}, {400, "3", false}} {
		header := http.Header{}
		if c.retryAfter != "" {
			header.Set("Retry-After", c.retryAfter)
		}
		if got := isBusy(c.status, header); got != c.want {
			t.Errorf("%d, Retry-After %q: %v", c.status, c.retryAfter, got)
		}
	}
}

func TestSkewOfADate(t *testing.T) {
	asked := time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC)
	answered := asked.Add(3 * time.Second)
	for _, c := range []struct{ off, want time.Duration }{
		{0, 0},
		{3 * time.Second, 0},
		{4 * time.Second, time.Second},
		{-time.Second, 0}, // the date stands for the whole second before asked
		{-2 * time.Second, -time.Second},
	} {
		if got := skew(asked.Add(c.off), asked, answered); got != c.want {
			t.Errorf("a date %v after the request: %v, want %v", c.off, got, c.want)
		}
	}
}

// What ends first is the end of the chain that was verified, not of what the server has sent beside it.
func TestFirstEndOfAChain(t *testing.T) {
	ends := func(days ...int) (chain []*x509.Certificate) {
		for _, n := range days {
			chain = append(chain, &x509.Certificate{NotAfter: time.Unix(0, 0).AddDate(0, 0, n)})
		}
		return chain
	}
	for name, c := range map[string]struct {
		state tls.ConnectionState
		want  int
	}{
		"verified": {
			tls.ConnectionState{PeerCertificates: ends(1), VerifiedChains: [][]*x509.Certificate{ends(5, 3, 4)}}, 3,
		},
		"not verified": {tls.ConnectionState{PeerCertificates: ends(2, 3)}, 2},
	} {
		if got := firstEnd(&c.state); !got.Equal(time.Unix(0, 0).AddDate(0, 0, c.want)) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestRefusalMatches(t *testing.T) {
	refusal := &RefusalError{HTTPStatus: 400, Code: "4009", Meaning: CellTaken}
	for _, c := range []struct {
		target error
		want   bool
	}{
		{CellTaken, true},
		{AgeLimit, false},
		{Other, false},
		{&RefusalError{HTTPStatus: 400, Code: "4009", Meaning: CellTaken}, false},
		{errTooLong, false},
	} {
		if got := errors.Is(refusal, c.target); got != c.want {
			t.Errorf("%+v: %v", c.target, got)
		}
	}
}

// The errors name status and code, which are what a log can be searched for.
func TestErrorTexts(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&RefusalError{HTTPStatus: 404}, "the registry refused: HTTP 404"},
		{&RefusalError{HTTPStatus: 400, Code: "4009", Message: "text"}, "the registry refused: HTTP 400, code 4009"},
		{&BusyError{HTTPStatus: 429, RetryAfter: 3 * time.Second}, "the registry is busy: HTTP 429, retry after 3s"},
		{&NotSentError{Err: errTooLong}, "the request was not sent: " + errTooLong.Error()},
		{&UnknownError{Err: errTooLong}, "the result is unknown: " + errTooLong.Error()},
		{
			&UnknownError{HTTPStatus: 200, Code: "4009", Err: errTooLong},
			"the result is unknown: HTTP 200, code 4009: " + errTooLong.Error(),
		},
		{&UnknownError{HTTPStatus: 500, Err: errTooLong}, "the result is unknown: HTTP 500: " + errTooLong.Error()},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// An error that is not one of Reserve claims nothing.
func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		err   error
		want  Outcome
		words string
	}{
		{nil, Reserved, "reserved"},
		{&RefusalError{}, Refused, "refused"},
		{&ForeignAnswerError{&RefusalError{}}, Refused, "refused"},
		{&BusyError{}, Busy, "refused"},
		{&NotSentError{errTooLong}, Unreachable, "unreachable"},
		{&UnknownError{Err: errTooLong}, Unknown, "unknown"},
		{errTooLong, Unknown, "unknown"},
	} {
		if got := OutcomeOf(c.err); got != c.want || got.String() != c.words {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

// A value that is none of the constants is printed too.
func TestStrangeConstantsHaveTexts(t *testing.T) {
	for _, n := range []int{-1, 5, 9} {
		if got := Outcome(n).String(); got != "unknown" {
			t.Errorf("outcome %d: %q", n, got)
		}
	}
	for _, n := range []int{-1, 99} {
		if got := Meaning(n).Error(); got != Other.Error() {
			t.Errorf("meaning %d: %q", n, got)
		}
	}
}

// A text is for patients if the answer says so, or says nothing and its code is a patient's with HTTP 400.
func TestPatientText(t *testing.T) {
	for _, c := range []struct {
		refusal RefusalError
		want    bool
	}{
		{RefusalError{HTTPStatus: 400, Code: "4009"}, true},
		{RefusalError{HTTPStatus: 409, Code: "4009"}, false},
		{RefusalError{HTTPStatus: 400, Code: "4036"}, false},
		{RefusalError{HTTPStatus: 400, Code: "4009", Type: "Error"}, false},
		{RefusalError{HTTPStatus: 400, Code: "4009", Type: "1"}, true},
		{RefusalError{HTTPStatus: 400, Code: "4999", Type: "1"}, false},
		{RefusalError{HTTPStatus: 422, Code: "1", Type: "validation"}, true},
	} {
		c.refusal.Message = "text"
		if got := c.refusal.PatientText() != ""; got != c.want {
			t.Errorf("%+v: %v", c.refusal, got)
		}
	}
}

func TestIsSuccess(t *testing.T) {
	for status, want := range map[int]bool{199: false, 200: true, 204: true, 299: true, 300: false, 400: false} {
		if got := isSuccess(status); got != want {
			t.Errorf("%d: %v", status, got)
		}
	}
}

// An error inside a success tells nothing of the reservation, and its code is named for the log.
func TestCodeInsideASuccess(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":"4009"}`: "4009", `{"success":false,"error":{"code":4029}}`: "4029", `{"message_code":"4999"}`: "4999",
		`{"code":0}`: "", `{"code":"OK"}`: "", `{"code":200}`: "", ``: "", `<html>`: "",
		`{"num":"","busyType":{"code":"1"}}`: "",
	} {
		for _, status := range []int{200, 201, 206} {
			var unknown *UnknownError
			if _, err := decodeAnswer(status, nil, []byte(body)); !errors.As(err, &unknown) || unknown.Code != want {
				t.Errorf("%d %s: %+v", status, body, err)
			}
		}
	}
}
