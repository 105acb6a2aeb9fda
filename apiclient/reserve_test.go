package apiclient_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
)

func TestMain(m *testing.M) {
	time.Local = time.FixedZone("terminal", 5*60*60) // not UTC, so that a time in the wrong zone is noticed
	server := httptest.NewServer(http.HandlerFunc(proxy))
	_ = os.Setenv("HTTP_PROXY", server.URL) // read once; not used for loopback addresses
	_ = os.Setenv("HTTPS_PROXY", server.URL)
	_ = os.Setenv("NO_PROXY", ".invalid")
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		server.Close()
		os.Exit(code)
	}), goleak.IgnoreAnyFunction("net/http/httptest.(*Server).goServe.func1"))
}

var (
	lpu  = uuid.MustParse("c3c977af-c3b4-4517-9d57-50a6844ec660")
	cell = uuid.MustParse("43c6cec0-3b91-48ab-acab-d541a88e91f7")
)

// newClient returns a client of a handler on a loopback port.
func newClient(t *testing.T, h http.Handler, change func(*apiclient.Config)) *apiclient.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return clientOf(t, server.URL, change)
}

func clientOf(t *testing.T, url string, change func(*apiclient.Config)) *apiclient.Client {
	t.Helper()
	config := apiclient.Config{BaseURL: url, LPU: lpu, Timeout: 2 * time.Second}
	if change != nil {
		change(&config)
	}
	c, err := apiclient.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func order() apiclient.ReserveRequest {
	return apiclient.ReserveRequest{
		Operation:      uuid.New(),
		TimeTable:      cell,
		AgeCategory:    apiclient.Child,
		ReserveMinutes: 10,
	}
}

// says answers every request with the same answer.
func says(status int, header, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func sample(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/reservation-answer.json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestRequestIsThePages(t *testing.T) {
	var body map[string]any
	var request *http.Request
	c := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		request = q.Clone(context.Background())
		_ = json.NewDecoder(q.Body).Decode(&body)
		_, _ = w.Write(sample(t))
	}), func(c *apiclient.Config) { c.BaseURL += "/api/v2/" })
	o := order()
	if _, err := c.Reserve(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if request.Method != "POST" || request.URL.Path != "/api/v2/visit/"+lpu.String()+"/reservation" ||
		request.URL.RawQuery != "fullResponse=true" {
		t.Errorf("asked %s %s", request.Method, request.URL)
	}
	if request.Header.Get("Content-Type") != "application/json" ||
		request.Header.Get("X-Request-ID") != o.Operation.String() ||
		request.Header.Get("Idempotency-Key") != o.Operation.String() {
		t.Errorf("headers %v", request.Header)
	}
	if len(body) != 3 || body["timeTable"] != cell.String() || body["ageCategory"] != "CHILD" ||
		body["reserveTime"] != 10.0 {
		t.Errorf("body %v", body)
	}
}

func TestShortAnswerIsAskedForAndRead(t *testing.T) {
	c := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Query().Get("fullResponse") != "false" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		_, _ = io.WriteString(
			w,
			`{"lpu":{"name":"Поликлиника"},"num":"008","ticketGuid":"33333333-3333-3333-3333-333333333333"}`,
		)
	}), func(c *apiclient.Config) { c.ShortAnswer = true })
	ticket, err := c.Reserve(t.Context(), order())
	if err != nil || ticket.Num != "008" || ticket.LPU.Name != "Поликлиника" || !ticket.BeginTime.IsZero() {
		t.Errorf("%+v, %v", ticket, err)
	}
}

// User-Agent names the terminal's version, and never the HTTP library.
func TestUserAgent(t *testing.T) {
	for given, want := range map[string]string{"": "infomat", "infomat/1.4": "infomat/1.4"} {
		heard := make(chan string, 2)
		c := newClient(
			t,
			http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) { heard <- q.UserAgent() }),
			func(c *apiclient.Config) { c.UserAgent = given },
		)
		_, _ = c.Reserve(t.Context(), order()) // what comes of them is not the question
		_ = c.Get(t.Context(), "/x", nil, new(any))
		for range 2 {
			if got := <-heard; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

func TestAccessHeaders(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("first\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sim, err := registrysim.New(registrysim.Options{LPU: lpu, Token: "second", Client: "4be1-c2"})
	if err != nil {
		t.Fatal(err)
	}
	free, err := sim.FreeCell(apiclient.Adult)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, sim, func(c *apiclient.Config) { c.TokenFile, c.ClientApplication = token, "4be1-c2" })
	o := order()
	o.TimeTable, o.AgeCategory = free, apiclient.Adult
	if _, err := c.Reserve(t.Context(), o); !errors.Is(err, apiclient.AccessDenied) {
		t.Errorf("with an old token: %v", err)
	}
	if err := os.WriteFile(token, []byte("second\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Reserve(t.Context(), o); err != nil {
		t.Errorf("a new token in its file did not count at once: %v", err)
	}
}

// If the token is invalid, the error names the file and does not quote it, and nothing is sent.
func TestATokenThatIsNone(t *testing.T) {
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	c := newClient(
		t,
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }),
		func(c *apiclient.Config) {
			c.TokenFile, c.Timeout = token, 10*time.Millisecond
		},
	)
	for _, text := range []string{"", "\n", "secret\nsecret", "secret secret", "secret\x00"} {
		if err := os.WriteFile(token, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := c.Reserve(t.Context(), order())
		if apiclient.OutcomeOf(err) != apiclient.Unreachable || !errors.Is(err, apiclient.ErrCredentials) ||
			!strings.Contains(err.Error(), token) ||
			strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if err := os.Remove(token); err != nil {
		t.Fatal(err)
	}
	if err := c.Get(t.Context(), "/x", nil, new(any)); !errors.Is(err, apiclient.ErrCredentials) {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(token, []byte("\xef\xbb\xbfsecret\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	whole := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if got := q.Header.Get("Authorization"); got != "Bearer secret" {
			t.Errorf("%q", got)
		}
		_, _ = w.Write(sample(t))
	}), func(c *apiclient.Config) { c.TokenFile = token })
	if _, err := whole.Reserve(t.Context(), order()); err != nil {
		t.Error(err)
	}
}

func TestFaultsOfTheWire(t *testing.T) {
	for _, c := range []struct {
		fault registrysim.Fault
		want  apiclient.Outcome
	}{
		{registrysim.Fault{Kind: registrysim.Delay, Delay: 100 * time.Millisecond}, apiclient.Reserved},
		{registrysim.Fault{Kind: registrysim.Delay, Delay: time.Minute}, apiclient.Unknown},
		{registrysim.Fault{Kind: registrysim.ResetBefore}, apiclient.Unknown},
		{registrysim.Fault{Kind: registrysim.ResetAfter}, apiclient.Unknown},
		{registrysim.Fault{Kind: registrysim.Cut}, apiclient.Unknown},
		{registrysim.Fault{Kind: registrysim.Garbage}, apiclient.Unknown},
		{registrysim.Fault{Kind: registrysim.Empty}, apiclient.Unknown},
		{registrysim.Fault{Kind: registrysim.Drip, Delay: 50 * time.Millisecond}, apiclient.Unknown},
		{registrysim.Fault{Kind: registrysim.Drip, Delay: time.Microsecond}, apiclient.Reserved},
		{registrysim.Fault{Kind: registrysim.Status, Code: "500"}, apiclient.Unknown},
		{registrysim.Fault{Kind: registrysim.Status, Code: "503", RetryAfter: 3}, apiclient.Busy},
		{registrysim.Fault{Kind: registrysim.Refuse, Code: "4009"}, apiclient.Refused},
	} {
		t.Run(string(c.fault.Kind)+" "+c.fault.Code, func(t *testing.T) {
			t.Parallel()
			sim, err := registrysim.New(registrysim.Options{LPU: lpu})
			if err != nil {
				t.Fatal(err)
			}
			o := order()
			o.AgeCategory = apiclient.Adult
			if o.TimeTable, err = sim.FreeCell(o.AgeCategory); err != nil {
				t.Fatal(err)
			}
			sim.AddFault(c.fault)
			client := newClient(t, sim, func(c *apiclient.Config) { c.Timeout = time.Second })
			begin := time.Now()
			_, err = client.Reserve(t.Context(), o)
			if got := apiclient.OutcomeOf(err); got != c.want {
				t.Errorf("outcome %v, want %v (%v)", got, c.want, err)
			}
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("took %v with a time-out of a second", took)
			}
			if n := sim.Posts(o.Operation.String()); n != 1 {
				t.Errorf("%d requests reached the registry, want 1", n)
			}
		})
	}
}

func TestNothingSentIsUnreachableAndRetried(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	client := clientOf(t, "http://"+address, nil)
	o := order()
	hooks := 0
	o.BeforeSend = func() error { hooks++; return nil }
	_, err = client.Reserve(t.Context(), o)
	if apiclient.OutcomeOf(err) != apiclient.Unreachable || hooks != 0 {
		t.Errorf("%v with %d calls of the hook", err, hooks)
	}

	// The registry starts while the client still retries.
	back := make(chan struct{})
	server := &http.Server{Handler: says(200, "", string(sample(t))), ReadHeaderTimeout: time.Second}
	go func() {
		defer close(back)
		time.Sleep(400 * time.Millisecond)
		again, err := net.Listen("tcp", address)
		if err == nil {
			_ = server.Serve(again)
		}
	}()
	ticket, err := client.Reserve(t.Context(), o)
	if err != nil || ticket.Num != "008" || hooks != 1 {
		t.Errorf("%v, %v with %d calls of the hook", ticket, err, hooks)
	}
	server.Close()
	<-back
}

func TestUnreachableByNameAndByTLS(t *testing.T) {
	plain := httptest.NewUnstartedServer(says(200, "", ""))
	plain.Config.ErrorLog = log.New(io.Discard, "", 0)
	plain.StartTLS()
	defer plain.Close()
	for _, url := range []string{"http://no-such-host.invalid", plain.URL} { // a certificate that nobody here trusts
		_, err := clientOf(
			t,
			url,
			func(c *apiclient.Config) { c.Timeout, c.AllowPlain = 500*time.Millisecond, true },
		).Reserve(t.Context(), order())
		if apiclient.OutcomeOf(err) != apiclient.Unreachable {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestBeforeSendStandsBeforeTheFirstByte(t *testing.T) {
	var seen atomic.Int32
	client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		seen.Add(1)
		_, _ = w.Write(sample(t))
	}), nil)
	o := order()
	o.BeforeSend = func() error {
		if seen.Load() != 0 {
			t.Error("the registry has seen the request before the hook ran")
		}
		return nil
	}
	if _, err := client.Reserve(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	full := errors.New("disk full")
	o.BeforeSend = func() error { return full }
	_, err := client.Reserve(t.Context(), o)
	if apiclient.OutcomeOf(err) != apiclient.Unreachable || !errors.Is(err, full) || seen.Load() != 1 {
		t.Errorf("%v, and %d requests were seen", err, seen.Load())
	}
}

func TestCancelledBeforeAndAfterTheSend(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client := newClient(t, http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body) // else the server does not notice that the caller has gone
		cancel()
		<-q.Context().Done()
	}), nil)
	if _, err := client.Reserve(ctx, order()); apiclient.OutcomeOf(err) != apiclient.Unknown {
		t.Errorf("given up after the send: %v", err)
	}
	if _, err := client.Reserve(ctx, order()); apiclient.OutcomeOf(err) != apiclient.Unreachable {
		t.Errorf("given up before the send: %v", err)
	}
}

// The text of an error has no text of the registry and no secret: it is logged.
func TestErrorsKeepSecrets(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("canary-token"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, h := range []http.Handler{
		says(400, "", `{"message_code":"4008","message":"Вы уже записаны Канарейкин Пётр на 12:30"}`),
		says(500, "", `Канарейкин`), says(200, "", `{"docFio":"Канарейкин"}`), says(200, "", `Канарейкин`),
		says(302, "Location: /?x=Канарейкин", ""),
	} {
		_, err := newClient(t, h, func(c *apiclient.Config) { c.TokenFile = token }).Reserve(t.Context(), order())
		if err == nil || strings.Contains(err.Error(), "Канарейкин") || strings.Contains(err.Error(), "canary") {
			t.Errorf("the error says %v", err)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	good := apiclient.Config{BaseURL: "https://registry.example", LPU: lpu, Timeout: time.Second}
	for name, change := range map[string]func(*apiclient.Config){
		"no address":   func(c *apiclient.Config) { c.BaseURL = "registry.example" },
		"no clinic":    func(c *apiclient.Config) { c.LPU = uuid.Nil },
		"no time":      func(c *apiclient.Config) { c.Timeout = 0 },
		"no CA file":   func(c *apiclient.Config) { c.CAFile = filepath.Join(dir, "none.pem") },
		"empty CA":     func(c *apiclient.Config) { c.CAFile = empty },
		"no key":       func(c *apiclient.Config) { c.CertFile = empty },
		"not our kind": func(c *apiclient.Config) { c.BaseURL = "ftp://registry.example" },
	} {
		c := good
		change(&c)
		if _, err := apiclient.New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// A reservation that is canceled in a pause between two attempts was not sent, and says so.
func TestCanceledBetweenAttempts(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none") // without a token each attempt ends before it has a connection
	synctest.Test(t, func(t *testing.T) {
		stop := errors.New("stop")
		for _, cause := range []error{nil, stop} {
			client := clientOf(t, "http://registry.invalid", func(c *apiclient.Config) {
				c.TokenFile, c.Timeout, c.AllowPlain = none, time.Hour, true
			})
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Minute, func() { cancel(cause) })
			began := time.Now()
			_, err := client.Reserve(ctx, order())
			if apiclient.OutcomeOf(err) != apiclient.Unreachable || !errors.Is(err, context.Cause(ctx)) {
				t.Errorf("%v", err)
			}
			if d := time.Since(began); d != time.Minute {
				t.Errorf("it ended after %v", d)
			}
			cancel(nil)
		}
	})
}

// What is not sent is retried for as long as Config.Timeout, and no longer.
func TestRetriesEndWithTheTimeout(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	synctest.Test(t, func(t *testing.T) {
		client := clientOf(t, "http://registry.invalid", func(c *apiclient.Config) {
			c.TokenFile, c.Timeout, c.AllowPlain = none, time.Minute, true
		})
		began := time.Now()
		_, err := client.Reserve(t.Context(), order())
		if apiclient.OutcomeOf(err) != apiclient.Unreachable || !errors.Is(err, apiclient.ErrCredentials) {
			t.Errorf("%v", err)
		}
		if d := time.Since(began); d > time.Minute || d < 50*time.Second {
			t.Errorf("it ended after %v", d)
		}
	})
}

// The status of a refusal counts even if its body breaks off.
func TestARefusalThatBreaksOff(t *testing.T) {
	for status, want := range map[int]apiclient.Outcome{400: apiclient.Refused, 200: apiclient.Unknown} {
		client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"message_code":`)
		}), nil)
		if _, err := client.Reserve(t.Context(), order()); apiclient.OutcomeOf(err) != want {
			t.Errorf("%d: %v", status, err)
		}
	}
}
