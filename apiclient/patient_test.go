package apiclient_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
)

// known asks for the token of one of the registry's patients.
func known(policy, birthday string) apiclient.PatientQuery {
	return apiclient.PatientQuery{Number: []byte(policy), Birthday: []byte(birthday)}
}

// newSim returns a simulated registry and a client of it.
func newSim(t *testing.T, o registrysim.Options) (*registrysim.Registry, *apiclient.Client) {
	t.Helper()
	sim, err := registrysim.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return sim, newClient(t, sim, func(c *apiclient.Config) {
		c.LPU, c.Token = sim.LPU(), func(context.Context) (string, error) { return o.Token, nil }
		if o.Token == "" {
			c.Token = nil
		}
	})
}

func TestPatientTokenAnswers(t *testing.T) {
	t.Parallel()
	sim, client := newSim(t, registrysim.Options{Token: "terminal"})
	for _, c := range []struct {
		policy, birthday string
		problem          apiclient.PatientProblem // -1: a token
	}{
		{registrysim.PolicyAdult, "1980-01-31", -1},
		{registrysim.PolicyAdult, "1980-02-01", apiclient.PatientNotFound},
		{"1", "1980-02-01", apiclient.PatientNotFound},
		{registrysim.PolicySeveral, "1975-05-05", apiclient.PatientSeveral},
		{registrysim.PolicyNoCard, "1975-05-05", apiclient.PatientNoCard},
	} {
		token, err := client.PatientToken(t.Context(), known(c.policy, c.birthday))
		var problem *apiclient.PatientError
		switch {
		case c.problem == -1 && (err != nil || token.Gone()):
			t.Errorf("%s: %v", c.policy, err)
		case c.problem >= 0 && (!errors.As(err, &problem) || problem.Problem != c.problem):
			t.Errorf("%s: %v, want the problem %d", c.policy, err, c.problem)
		case err != nil && strings.Contains(err.Error(), c.policy) && len(c.policy) > 1:
			t.Errorf("the error quotes the number: %v", err)
		}
	}
	sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "429", RetryAfter: 9, Method: "GET"})
	var busy *apiclient.BusyError
	if _, err := client.PatientToken(t.Context(), known("1", "1980-01-31")); !errors.As(err, &busy) ||
		busy.RetryAfter != 9*time.Second {
		t.Errorf("%v, want a busy registry", err)
	}
	sim.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: "5403", Method: "GET"})
	if _, err := client.PatientToken(t.Context(), known("1", "1980-01-31")); !errors.Is(err, apiclient.AccessDenied) {
		t.Errorf("%v, want a refusal of the terminal", err)
	}
}

// TestPatientTokenTakesNothingElse feeds what is no token.
func TestPatientTokenTakesNothingElse(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"nothing": "", "empty": "{}", "null": `{"token":null}`, "blank": `{"token":""}`, "a number": `{"token":{}}`,
		"a line break": `{"token":"a\nb"}`, "a blank inside": `{"token":"a b"}`, "cyrillic": `{"token":"токен"}`,
		"HTML": "<html><body>token</body></html>", "a list": `["token"]`, "cut": `{"token":"abc`,
		"64 kB":           `{"token":"` + strings.Repeat("a", 64<<10) + `"}`,
		"a megabyte":      `{"token":"` + strings.Repeat("a", 1<<20) + `"}`,
		"just too long":   `{"token":"` + strings.Repeat("a", 7<<10+1) + `"}`,
		"an escape in it": `{"token":"a\u0062"}`,
	} {
		client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, body)
		}), nil)
		token, err := client.PatientToken(t.Context(), known("1", "1980-01-31"))
		if err == nil || token != nil {
			t.Errorf("%s was taken as a token", name)
		}
		if err != nil && strings.Contains(err.Error(), "aaaa") {
			t.Errorf("%s: the error quotes the answer: %v", name, err)
		}
	}
	for _, body := range []string{`{"token":"a.b-c_d~e+f/g="}`, ` { "Token" : "x" } `, `{"expires":1,"TOKEN":"x"}`} {
		client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, body)
		}), nil)
		if _, err := client.PatientToken(t.Context(), known("1", "1980-01-31")); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// TestPatientTokenCannotBePrinted writes a token in every way that a log or a report may use.
func TestPatientTokenCannotBePrinted(t *testing.T) {
	t.Parallel()
	value := []byte("Kanareykin.token")
	token := apiclient.NewPatientToken(value)
	holder := struct{ Token *apiclient.PatientToken }{token}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		fmt.Fprintf(&out, verb+" "+verb+"\n", token, holder)
	}
	fmt.Fprintln(&out, token.String(), token.GoString(), errors.New(fmt.Sprint(token)))
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "token", token, "holder", holder)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "token", token, "holder", holder)
	_ = json.NewEncoder(&out).Encode(holder)
	for _, found := range []string{string(value), fmt.Sprintf("%x", value), fmt.Sprintf("%X", value), fmt.Sprint(value)} {
		if strings.Contains(out.String(), found) {
			t.Errorf("the token was written:\n%s", out.String())
		}
	}
	token.Wipe()
	if !token.Gone() || !bytes.Equal(value, make([]byte, len(value))) {
		t.Errorf("after Wipe the memory holds %q", value)
	}
}

// patientOf returns the context of a patient.
func patientOf(t *testing.T, client *apiclient.Client, policy, birthday string) context.Context {
	t.Helper()
	token, err := client.PatientToken(t.Context(), known(policy, birthday))
	if err != nil {
		t.Fatal(err)
	}
	return apiclient.AsPatient(t.Context(), token)
}

func freeOrder(sim *registrysim.Registry, t *testing.T, age apiclient.AgeCategory) apiclient.ReserveRequest {
	t.Helper()
	cell, err := sim.FreeCell(age)
	if err != nil {
		t.Fatal(err)
	}
	return apiclient.ReserveRequest{Operation: uuid.New(), TimeTable: cell, AgeCategory: age, ReserveMinutes: 10}
}

// TestPatientMeetsEachRefusal has each of the registry's patients ask for a cell.
func TestPatientMeetsEachRefusal(t *testing.T) {
	t.Parallel()
	sim, client := newSim(t, registrysim.Options{Token: "terminal"})
	for _, c := range []struct {
		policy, text string
		age          apiclient.AgeCategory
		meaning      apiclient.Meaning
	}{
		{registrysim.PolicyBanned, "инфомат", apiclient.Adult, apiclient.SelfBookingForbidden},
		{registrysim.PolicyUnobserved, "диспансерном", apiclient.Adult, apiclient.SelfBookingForbidden},
		{registrysim.PolicyBookedTwice, "Повторов Тест Ильич на 12:30", apiclient.Adult, apiclient.AlreadyBooked},
		{registrysim.PolicyTeen, "возрастной", apiclient.Adult, apiclient.AgeLimit},
		{registrysim.PolicyChild, "возрастной", apiclient.Teen, apiclient.AgeLimit},
	} {
		birthday := ""
		for _, p := range sim.Patients() {
			if p.Policy == c.policy {
				birthday = p.Birthday
			}
		}
		_, err := client.Reserve(patientOf(t, client, c.policy, birthday), freeOrder(sim, t, c.age))
		var refusal *apiclient.RefusalError
		if !errors.As(err, &refusal) || refusal.Meaning != c.meaning || !strings.Contains(refusal.PatientText(), c.text) {
			t.Errorf("%s: %v, want %v", c.policy, err, c.meaning)
		}
	}
	if n := len(sim.Bookings()); n != 0 {
		t.Errorf("%d bookings", n)
	}
}

// TestExpiredTokenIsThePatients lets tokens expire: it is no refusal of the terminal.
func TestExpiredTokenIsThePatients(t *testing.T) {
	t.Parallel()
	sim, client := newSim(t, registrysim.Options{Token: "terminal"})
	ctx := patientOf(t, client, registrysim.PolicyAdult, "1980-01-31")
	sim.ExpireTokens()
	_, reserved := client.Reserve(ctx, freeOrder(sim, t, apiclient.Adult))
	_, made := client.MakeVisit(ctx, apiclient.VisitRequest{Operation: uuid.New(), TimeTable: cell})
	read := client.Get(ctx, "/lpu/"+sim.LPU().String(), nil, new(any))
	for what, err := range map[string]error{"reserve": reserved, "visit": made, "read": read} {
		var refusal *apiclient.RefusalError
		if !errors.As(err, &refusal) || !refusal.TokenRefused() {
			t.Errorf("%s: %v, want a refusal of the patient's token", what, err)
		}
	}
	for status, mine := range map[string]bool{"401": true, "403": true} {
		ctx := patientOf(t, client, registrysim.PolicyAdult, "1980-01-31")
		for code, want := range map[string]bool{"5009": mine, "5403": status == "401", "": mine} {
			sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: status, Body: `{"message_code":"` + code + `"}`})
			_, err := client.Reserve(ctx, freeOrder(sim, t, apiclient.Adult))
			var refusal *apiclient.RefusalError
			if !errors.As(err, &refusal) || refusal.TokenRefused() != want {
				t.Errorf("%s %s: %v, of the token: want %v", status, code, err, want)
			}
		}
	}
	_, err := client.Reserve(t.Context(), freeOrder(sim, t, apiclient.Adult))
	if err != nil {
		t.Errorf("without a patient the terminal's own token counts: %v", err)
	}
	sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "401"})
	_, err = client.Reserve(t.Context(), freeOrder(sim, t, apiclient.Adult))
	var refusal *apiclient.RefusalError
	if !errors.As(err, &refusal) || refusal.TokenRefused() || !errors.Is(err, apiclient.AccessDenied) {
		t.Errorf("%v, want a refusal of the terminal", err)
	}
}

// TestWipedTokenIsNotSent asks after the end of the visit.
func TestWipedTokenIsNotSent(t *testing.T) {
	t.Parallel()
	sim, client := newSim(t, registrysim.Options{})
	token, err := client.PatientToken(t.Context(), known(registrysim.PolicyAdult, "1980-01-31"))
	if err != nil {
		t.Fatal(err)
	}
	token.Wipe()
	q := freeOrder(sim, t, apiclient.Adult)
	_, err = client.Reserve(apiclient.AsPatient(t.Context(), token), q)
	if apiclient.OutcomeOf(err) != apiclient.Unreachable || sim.Posts(q.Operation.String()) != 0 {
		t.Errorf("%v", err)
	}
}

// TestVisitIsWhatTheRegistryHas makes a visit in every weather, and compares what the client says with the registry's
// books.
func TestVisitIsWhatTheRegistryHas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault   registrysim.Fault
		outcome apiclient.Outcome
		made    bool
	}{
		{registrysim.Fault{}, apiclient.Reserved, true},
		{registrysim.Fault{Kind: registrysim.Success, Code: "201"}, apiclient.Reserved, true},
		{registrysim.Fault{Kind: registrysim.Drip, Delay: time.Microsecond}, apiclient.Reserved, true},
		{registrysim.Fault{Kind: registrysim.ResetBefore}, apiclient.Unknown, false},
		{registrysim.Fault{Kind: registrysim.ResetAfter}, apiclient.Unknown, true},
		{registrysim.Fault{Kind: registrysim.Cut}, apiclient.Unknown, true},
		{registrysim.Fault{Kind: registrysim.Garbage}, apiclient.Unknown, true},
		{registrysim.Fault{Kind: registrysim.Empty}, apiclient.Unknown, true},
		{registrysim.Fault{Kind: registrysim.Long}, apiclient.Unknown, true},
		{registrysim.Fault{Kind: registrysim.Status, Code: "500"}, apiclient.Unknown, false},
		{registrysim.Fault{Kind: registrysim.Status, Code: "302"}, apiclient.Unknown, false},
		{registrysim.Fault{Kind: registrysim.Status, Code: "429"}, apiclient.Busy, false},
		{registrysim.Fault{Kind: registrysim.Refuse, Code: "4007"}, apiclient.Refused, false},
		{registrysim.Fault{Kind: registrysim.Refuse, Code: "4009"}, apiclient.Refused, false},
	} {
		sim, client := newSim(t, registrysim.Options{Token: "terminal"})
		ctx := patientOf(t, client, registrysim.PolicyAdult, "1980-01-31")
		q := freeOrder(sim, t, apiclient.Adult)
		held, err := client.Reserve(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		if c.fault.Kind != "" {
			sim.AddFault(c.fault)
		}
		hooks := 0
		visit := apiclient.VisitRequest{
			Operation: uuid.New(), TimeTable: q.TimeTable, BeforeSend: func() error { hooks++; return nil },
		}
		made, err := client.MakeVisit(ctx, visit)
		books := sim.Bookings()
		if got := apiclient.OutcomeOf(err); got != c.outcome || hooks != 1 || sim.Posts(visit.Operation.String()) != 1 {
			t.Errorf("%+v: %v (%v), %d hooks", c.fault, got, err, hooks)
		}
		if len(books) != 1 || !books[0].VisitAt.IsZero() != c.made {
			t.Errorf("%+v: the registry has %+v", c.fault, books)
		}
		if err == nil && (made.TicketGUID != held.TicketGUID || made.Num != held.Num) {
			t.Errorf("%+v: another ticket than the reservation's", c.fault)
		}
	}
}

// TestVisitWithoutPatientIsNotSent asks with the terminal's own token, for no cell, and with no operation.
func TestVisitWithoutPatientIsNotSent(t *testing.T) {
	t.Parallel()
	sim, client := newSim(t, registrysim.Options{})
	ctx := patientOf(t, client, registrysim.PolicyAdult, "1980-01-31")
	for _, c := range []struct {
		ctx context.Context
		apiclient.VisitRequest
	}{
		{t.Context(), apiclient.VisitRequest{Operation: uuid.New(), TimeTable: cell}},
		{ctx, apiclient.VisitRequest{Operation: uuid.New()}},
		{ctx, apiclient.VisitRequest{TimeTable: cell}},
	} {
		if _, err := client.MakeVisit(c.ctx, c.VisitRequest); apiclient.OutcomeOf(err) != apiclient.Unreachable {
			t.Errorf("%v", err)
		}
	}
	hook := errors.New("the disk is full")
	_, err := client.MakeVisit(ctx, apiclient.VisitRequest{
		Operation: uuid.New(), TimeTable: cell, BeforeSend: func() error { return hook },
	})
	if apiclient.OutcomeOf(err) != apiclient.Unreachable || !errors.Is(err, hook) || sim.Posts("") != 0 {
		t.Errorf("%v", err)
	}
}
