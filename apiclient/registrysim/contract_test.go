package registrysim_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
)

// contract validates every request and answer that passes through it against docs/openapi.yaml.
type contract struct {
	registry http.Handler
	router   routers.Router

	mu    sync.Mutex
	wrong []string
	seen  map[string]int // answers by operation and status
}

func newContract(t *testing.T, h http.Handler) *contract {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromFile("../../docs/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	document.Servers = nil // whatever port it is
	if err := document.Validate(t.Context(), openapi3.EnableSchemaFormatValidation()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	return &contract{registry: h, router: router, seen: map[string]int{}}
}

func (c *contract) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	q.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	c.registry.ServeHTTP(answer, q)
	q.Body = io.NopCloser(bytes.NewReader(body))
	c.check(q, answer)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (c *contract) check(q *http.Request, answer *httptest.ResponseRecorder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	route, params, err := c.router.FindRoute(q)
	if err != nil {
		c.wrong = append(c.wrong, q.Method+" "+q.URL.Path+": "+err.Error())
		return
	}
	name := route.Operation.OperationID
	c.seen[name+" "+http.StatusText(answer.Code)]++
	options := &openapi3filter.Options{
		AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
		IncludeResponseStatus: true,
	}
	input := &openapi3filter.RequestValidationInput{Request: q, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
		c.wrong = append(c.wrong, name+" request: "+err.Error())
	}
	for header := range q.Header {
		if strings.HasPrefix(header, "X-") && !documented(route.Operation, header) {
			c.wrong = append(c.wrong, name+" request: the header "+header+" is not in the contract")
		}
	}
	output := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input,
		Status:                 answer.Code,
		Header:                 answer.Header(),
		Options:                options,
	}
	output.SetBodyBytes(answer.Body.Bytes())
	if err := openapi3filter.ValidateResponse(context.Background(), output); err != nil {
		c.wrong = append(c.wrong, name+" answer: "+err.Error())
	}
}

// documented reports whether an operation has a header, in any case.
func documented(o *openapi3.Operation, header string) bool {
	return slices.ContainsFunc(o.Parameters, func(p *openapi3.ParameterRef) bool {
		return p.Value.In == openapi3.ParameterInHeader && strings.EqualFold(p.Value.Name, header)
	})
}

// Client and simulated registry follow docs/openapi.yaml, in every operation and documented answer.
func TestClientAndRegistryKeepTheContract(t *testing.T) {
	rig := newRig(t, registrysim.Options{Token: "token", Client: uuid.Nil.String()})
	c := newContract(t, rig.Registry)
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	client := newClient(t, server.URL, rig.LPU(), false)
	source := registry.New(
		client,
		registry.Options{BusyTypes: []int{4, 202}},
		schedule.Window{Days: 14, Now: func() time.Time { return rig.now }},
	)
	catalogue, err := source.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Catalogue(t.Context()); err != nil { // with what is known
		t.Fatal(err)
	}
	cell, doctor, _ := catalogue.Nearest(rig.now)
	if _, err := source.CellState(t.Context(), doctor.GUID, cell.GUID, cell.Begin); err != nil {
		t.Fatal(err)
	}
	for _, reserve := range []*apiclient.Client{client, newClient(t, server.URL, rig.LPU(), true)} {
		order := apiclient.ReserveRequest{
			Operation:      uuid.New(),
			TimeTable:      free(t, rig, apiclient.Adult),
			AgeCategory:    apiclient.Adult,
			ReserveMinutes: 10,
		}
		if _, err := reserve.Reserve(t.Context(), order); err != nil {
			t.Fatal(err)
		}
		if _, err := reserve.Reserve(t.Context(), order); !errors.Is(
			err,
			apiclient.CellTaken,
		) {
			t.Fatal(err)
		}
	}
	for _, code := range []string{"5009", "5403", "4036", "4005", "4007", "4007-dispensary", "4008", "4029", "4009"} {
		rig.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: code})
		if _, err := client.Reserve(t.Context(), anyCell()); apiclient.OutcomeOf(err) != apiclient.Refused {
			t.Errorf("%s: %v", code, err)
		}
	}
	visitOfAPatient(t, rig, client)
	for _, code := range []string{"429", "503"} {
		rig.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: code, RetryAfter: 1})
		if _, err := client.Reserve(t.Context(), anyCell()); apiclient.OutcomeOf(err) != apiclient.Busy {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := client.Admitted(t.Context()); err != nil {
		t.Error(err)
	}
	for _, w := range c.wrong {
		t.Error(w)
	}
	for _, want := range []string{
		"patientToken OK", "patientToken Bad Request", "visit OK", "visit Bad Request", "visit Unauthorized",
		"reserve OK", "reserve Bad Request", "reserve Forbidden", "reserve Too Many Requests",
		"reserve Service Unavailable", "clinic OK", "specialities OK", "specialities Not Modified", "doctors OK",
		"doctors Not Modified",
		"scheduleOfDay OK", "scheduleOfDays OK", "scheduleOfDays Not Modified",
	} {
		if c.seen[want] == 0 {
			t.Errorf("nobody heard %q: %v", want, c.seen)
		}
	}
}

// visitOfAPatient makes a visit, and hears what the registry answers to others.
func visitOfAPatient(t *testing.T, rig *rig, client *apiclient.Client) {
	t.Helper()
	who := apiclient.PatientQuery{Number: []byte(registrysim.PolicyAdult), Birthday: []byte("1980-01-31")}
	token, err := client.PatientToken(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	ctx := apiclient.AsPatient(t.Context(), token)
	order := anyCell()
	order.TimeTable, order.AgeCategory = free(t, rig, apiclient.Adult), apiclient.Adult
	if _, err := client.Reserve(ctx, order); err != nil {
		t.Fatal(err)
	}
	visit := apiclient.VisitRequest{Operation: uuid.New(), TimeTable: order.TimeTable}
	if _, err := client.MakeVisit(ctx, visit); err != nil {
		t.Fatal(err)
	}
	if _, err := client.MakeVisit(ctx, visit); apiclient.OutcomeOf(err) != apiclient.Refused {
		t.Errorf("a second visit of the cell: %v", err)
	}
	rig.ExpireTokens()
	if _, err := client.MakeVisit(ctx, visit); apiclient.OutcomeOf(err) != apiclient.Refused {
		t.Errorf("with an expired token: %v", err)
	}
	who.Birthday = []byte("1980-02-01")
	if _, err := client.PatientToken(t.Context(), who); err == nil {
		t.Error("a token for nobody")
	}
}

// anyCell returns a request for a cell that does not exist.
func anyCell() apiclient.ReserveRequest {
	return apiclient.ReserveRequest{
		Operation: uuid.New(), TimeTable: uuid.New(), AgeCategory: apiclient.Teen, ReserveMinutes: 1,
	}
}

func newClient(t *testing.T, url string, lpu uuid.UUID, short bool) *apiclient.Client {
	t.Helper()
	dir := t.TempDir()
	token, key := filepath.Join(dir, "token"), filepath.Join(dir, "key")
	for name, text := range map[string]string{token: "token", key: strings.Repeat("k", 16)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	signer, err := apiclient.NewHMAC(key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := apiclient.New(apiclient.Config{
		BaseURL: url, LPU: lpu, Timeout: 5 * time.Second, ShortAnswer: short, TokenFile: token,
		ClientApplication: uuid.Nil.String(), Signer: signer,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// The example of the reservation page is valid by the contract, and an invalid answer is not.
func TestContractTakesTheSampleAndNotWhatIsWrong(t *testing.T) {
	sample, err := os.ReadFile("../testdata/reservation-answer.json")
	if err != nil {
		t.Fatal(err)
	}
	body := `{"timeTable":"43c6cec0-3b91-48ab-acab-d541a88e91f7","ageCategory":"CHILD","reserveTime":10}`
	const whole = "?fullResponse=true"
	for _, x := range []struct {
		query   string
		request string
		status  int
		answer  string
		wrong   bool
	}{
		{whole, body, 200, string(sample), false},
		{whole, body, 201, string(sample), false},
		{"?fullResponse=false", body, 200, string(sample), false}, // what a registry without the parameter would say
		{"", body, 200, string(sample), true},
		{whole, body, 200, `{"lpu":{},"num":"008"}`, true},
		{whole, body, 200, strings.Replace(string(sample), `"008"`, `8`, 1), true},
		{whole, body, 400, `{"code":400,"message":"m","message_code":"4009","type":"Validation"}`, false},
		{whole, body, 400, `{"error":"m"}`, true},
		{whole, body, 500, `{}`, true},
		{whole, body, 503, ``, true}, // without Retry-After
		{whole, strings.Replace(body, "CHILD", "BABY", 1), 200, string(sample), true},
		{whole, strings.Replace(body, "10", "0", 1), 200, string(sample), true},
		{whole, strings.Replace(body, "reserveTime", "reservetime", 1), 200, string(sample), true},
	} {
		c := newContract(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(x.status)
			_, _ = io.WriteString(w, x.answer)
		}))
		path := "/visit/" + uuid.NewString() + "/reservation" + x.query
		q := httptest.NewRequest(http.MethodPost, path, strings.NewReader(x.request))
		for name, value := range map[string]string{
			"Content-Type": "application/json", "X-Request-ID": uuid.NewString(), "Idempotency-Key": uuid.NewString(),
		} {
			q.Header.Set(name, value)
		}
		c.ServeHTTP(httptest.NewRecorder(), q)
		if (len(c.wrong) > 0) != x.wrong {
			t.Errorf("%s -> %d %.80s: %v", x.request, x.status, x.answer, c.wrong)
		}
	}
}
