package apiclient

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Any answer is either a ticket with number and GUID, or an error of a documented type that does not quote
// the answer.
func FuzzAnswer(f *testing.F) {
	sample, err := os.ReadFile("testdata/reservation-answer.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(200, "", sample)
	f.Add(400, "", []byte(`{"code":400,"message":"Вы уже записаны","message_code":"4008","type":"Validation"}`))
	f.Add(400, "", []byte(`{"errors":[{"error":{"MessageCode":4009}}]}`))
	f.Add(403, "", []byte(`<html>`))
	f.Add(429, "Wed, 25 Nov 2026 05:00:00 GMT", []byte{})
	f.Add(503, "-9999999999", []byte(`[[[[[[]]]]]]`))
	f.Fuzz(func(t *testing.T, status int, retryAfter string, body []byte) {
		header := http.Header{}
		if retryAfter != "" {
			header.Set("Retry-After", retryAfter)
		}
		ticket, err := decodeAnswer(status, header, body)
		outcome := OutcomeOf(err)
		if (ticket != nil) != (outcome == Reserved) || ticket != nil && !isSuccess(status) {
			t.Fatalf("%d: %v beside %v", status, ticket, err)
		}
		var refusal *RefusalError
		if errors.As(err, &refusal) {
			if refusal.HTTPStatus != status || status < 400 || status > 499 ||
				refusal.Meaning != Other && refusal.Code == "" && status != http.StatusUnauthorized {
				t.Fatalf("%d: %+v", status, refusal)
			}
			if text := refusal.Message; utf8.RuneCountInString(text) > 12 && !strings.Contains(refusal.Code, text) &&
				strings.Contains(err.Error(), text) {
				t.Fatalf("%q holds the registry's words", err)
			}
		}
		var busy *BusyError
		if errors.As(err, &busy) && (busy.RetryAfter < time.Second || busy.RetryAfter > maxRetryAfter) {
			t.Fatalf("%+v", busy)
		}
	})
}
