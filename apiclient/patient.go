package apiclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// PatientQuery is what a patient shows of himself. The caller overwrites it when it is not needed any more.
type PatientQuery struct {
	Series   []byte // of the policy; none for the policies of one number
	Number   []byte // of the policy
	Birthday []byte // YYYY-MM-DD
}

// Bounds of an answer with a token in bytes. Servers take headers of 8 kB in all, so no longer token could be used.
const (
	maxTokenBody = 64 << 10
	maxToken     = 7 << 10
)

// PatientProblem is why the registry gives no token of a patient.
type PatientProblem int

// The problems.
const (
	PatientOther    PatientProblem = iota // the registry refuses for another reason
	PatientNotFound                       // nobody has this policy and this birth date
	PatientSeveral                        // several people have
	PatientNoCard                         // the patient has no card in this clinic
)

// patientProblems is the adapter for the registry's refusals. GUESS: the page about this method (C6586558) says that
// there is an error message where no card is found, and shows neither codes nor status. These codes are invented and
// are those of the simulated registry; 404 without a known code is taken as "not found". Where the guess is wrong, the
// patient is told that he was not recognised, and reads the registry's text if it is meant for patients.
var patientProblems = map[string]PatientProblem{
	"4050": PatientNotFound, "4051": PatientSeveral, "4052": PatientNoCard,
}

// PatientError is the registry's answer that it gives no token. It unwraps to the refusal.
type PatientError struct {
	Problem PatientProblem
	Refusal *RefusalError
}

func (e *PatientError) Error() string { return "no token of the patient: " + e.Refusal.Error() }

// Unwrap returns the refusal.
func (e *PatientError) Unwrap() error { return e.Refusal }

// errNoToken is returned for a success without a usable token.
var errNoToken = errors.New("the answer has no token that can be sent in a header")

// PatientToken asks for the token of a patient:
// GET {{url}}/auth/{lpuGuid}/token?Birthday=&s_pol=&n_pol= (vendor's own clients; the page about it is C6586558 for the
// method's sister). The request has a connection of its own, so that no buffer of a kept one holds what was asked for.
// Its errors are *PatientError, *RefusalError of the terminal itself (AccessDenied), *BusyError, *StatusError,
// *TooLongError and others; their texts have nothing of the query.
func (c *Client) PatientToken(ctx context.Context, q PatientQuery) (*PatientToken, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	t, err := c.patientToken(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("apiclient: the patient's token: %w", err)
	}
	return t, nil
}

func (c *Client) patientToken(ctx context.Context, q PatientQuery) (*PatientToken, error) {
	r, err := c.request(withOwnLine(ctx))
	if err != nil {
		return nil, err
	}
	r.SetHeader("Cache-Control", "no-store").
		SetQueryParam("Birthday", string(q.Birthday)).
		SetQueryParam("s_pol", string(q.Series)).
		SetQueryParam("n_pol", string(q.Number))
	asked := time.Now()
	resp, err := r.Get("/auth/" + c.config.LPU.String() + "/token")
	if resp == nil || resp.RawResponse == nil {
		return nil, redact(err)
	}
	c.observer.answer(resp.RawResponse, asked)
	data, err := textBody(resp, min(c.config.MaxBody, maxTokenBody))
	defer clear(data)
	status := resp.StatusCode()
	switch {
	case isRedirect(status):
		return nil, fmt.Errorf("%w: redirects are not followed", &StatusError{status})
	case err != nil:
		return nil, err
	case isBusy(status, resp.Header()):
		return nil, &BusyError{HTTPStatus: status, RetryAfter: retryAfter(resp.Header(), time.Now())}
	case status >= 400 && status < 500:
		return nil, noPatient(refusalOf(status, data))
	case status != http.StatusOK:
		return nil, &StatusError{status}
	}
	return decodeToken(data)
}

// noPatient returns what a refusal means. One that is about the terminal stays what it is.
func noPatient(r *RefusalError) error {
	if r.Meaning == AccessDenied {
		return r
	}
	problem := patientProblems[r.Code]
	if problem == PatientOther && r.HTTPStatus == http.StatusNotFound {
		problem = PatientNotFound
	}
	return &PatientError{Problem: problem, Refusal: r}
}

// decodeToken reads {"token": "…"}, the name in any case. What it is made of is not documented (a JWT is a GUESS), so
// any text is taken that can stand in a header.
func decodeToken(data []byte) (*PatientToken, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, Unreadable(err)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !strings.EqualFold(name, "token") {
			continue
		}
		value := bytes.Trim(bytes.TrimSpace(all[name]), `"`)
		if isHeaderToken(value) && len(value) <= maxToken {
			return NewPatientToken(bytes.Clone(value)), nil
		}
		return nil, errNoToken
	}
	return nil, errNoToken
}

// isHeaderToken reports whether bytes are a token of RFC 6750 §2.1: no blank, no quote, no escape.
func isHeaderToken(value []byte) bool {
	strange := func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("-._~+/=", r)
	}
	return len(value) > 0 && !bytes.ContainsFunc(value, strange) && !bytes.Equal(value, []byte("null"))
}

// ofPatient notes that a refusal answers a request with a patient's token.
func ofPatient(ctx context.Context, err error) error {
	var refusal *RefusalError
	if patientOf(ctx) != nil && errors.As(err, &refusal) {
		refusal.OfPatient = true
	}
	return err
}
