package apiclient

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
)

// PatientToken is the token of the patient who stands before the terminal. It cannot be printed, logged or encoded:
// every way to write it shows hiddenToken. Wipe overwrites it. It is safe for concurrent use.
type PatientToken struct {
	mu    sync.Mutex
	value []byte // never copied into another value of the program, except into a request
}

// hiddenToken is what a PatientToken is written as.
const hiddenToken = "a patient's token"

// NewPatientToken returns a token and takes over its bytes.
func NewPatientToken(value []byte) *PatientToken { return &PatientToken{value: value} }

// Wipe overwrites the token. Requests that would carry it are not sent any more.
func (t *PatientToken) Wipe() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.value)
	t.value = nil
}

// Gone reports whether the token was overwritten.
func (t *PatientToken) Gone() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.value) == 0
}

// header returns the value of the header Authorization, and "" after Wipe.
func (t *PatientToken) header() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.value) == 0 {
		return ""
	}
	return "Bearer " + string(t.value)
}

// String returns no part of the token.
func (t *PatientToken) String() string { return hiddenToken }

// GoString returns no part of the token.
func (t *PatientToken) GoString() string { return hiddenToken }

// Format writes no part of the token, whatever the verb.
func (t *PatientToken) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenToken)) }

// LogValue returns no part of the token.
func (t *PatientToken) LogValue() slog.Value { return slog.StringValue(hiddenToken) }

// MarshalText returns no part of the token, also in JSON.
func (t *PatientToken) MarshalText() ([]byte, error) { return []byte(hiddenToken), nil }

// patientKey is the key of the patient's token in a request's context.
type patientKey struct{}

// AsPatient returns a context whose requests carry the patient's token in the place of the terminal's own. After the
// token's Wipe they are not sent. A nil token changes nothing.
func AsPatient(ctx context.Context, t *PatientToken) context.Context {
	if t == nil {
		return ctx
	}
	return context.WithValue(ctx, patientKey{}, t)
}

// patientOf returns the token that a context's requests carry; nil: the terminal's own, if there is one.
func patientOf(ctx context.Context) *PatientToken {
	t, _ := ctx.Value(patientKey{}).(*PatientToken)
	return t
}
