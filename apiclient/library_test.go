package apiclient_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// Settings without a value, and settings that contradict each other, get an error that says what is wanted.
func TestSettingsOfALibrary(t *testing.T) {
	good := apiclient.Config{BaseURL: "https://registry.example", LPU: lpu, Timeout: time.Second}
	if _, err := apiclient.New(apiclient.Config{}); err == nil {
		t.Error("no settings were taken")
	}
	for name, c := range map[string]struct {
		change func(*apiclient.Config)
		want   string
	}{
		"no address":       {func(c *apiclient.Config) { c.BaseURL = "" }, "BaseURL"},
		"no clinic":        {func(c *apiclient.Config) { c.LPU = uuid.Nil }, "LPU"},
		"no time":          {func(c *apiclient.Config) { c.Timeout = 0 }, "timeout"},
		"negative time":    {func(c *apiclient.Config) { c.Timeout = -1 }, "timeout"},
		"negative body":    {func(c *apiclient.Config) { c.MaxBody = -1 }, "MaxBody"},
		"body over 1 GiB":  {func(c *apiclient.Config) { c.MaxBody = 1<<30 + 1 }, "MaxBody"},
		"two tokens":       {func(c *apiclient.Config) { c.TokenFile, c.Token = "x", noToken }, "TokenFile and Token"},
		"two authorities":  {func(c *apiclient.Config) { c.CAFile, c.RootCAs = "x", x509.NewCertPool() }, "and RootCAs"},
		"key without one":  {func(c *apiclient.Config) { c.KeyFile = "x" }, "cert_file and key_file"},
		"one without key":  {func(c *apiclient.Config) { c.CertFile = "x" }, "cert_file and key_file"},
		"transport and CA": {func(c *apiclient.Config) { c.RoundTripper, c.CAFile = roundTrip(nil), "x" }, "RoundTripper"},
		"transport and CAs": {
			func(c *apiclient.Config) { c.RoundTripper, c.RootCAs = roundTrip(nil), x509.NewCertPool() }, "RoundTripper",
		},
		"transport and certificate": {
			func(c *apiclient.Config) { c.RoundTripper, c.CertFile, c.KeyFile = roundTrip(nil), "x", "x" }, "RoundTripper",
		},
		"transport and proxy": {
			func(c *apiclient.Config) {
				c.RoundTripper, c.Proxy = roundTrip(nil), func(*http.Request) (*url.URL, error) { return nil, nil }
			}, "RoundTripper",
		},
	} {
		settings := good
		c.change(&settings)
		if _, err := apiclient.New(settings); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func noToken(context.Context) (string, error) { return "", nil }

// An HMAC without a key refuses to sign, and nothing is sent.
func TestAnHMACWithoutAKey(t *testing.T) {
	client := newClient(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("something was sent")
	}), func(c *apiclient.Config) { c.Signer = &apiclient.HMAC{} })
	if _, err := client.Reserve(t.Context(), order()); apiclient.OutcomeOf(err) != apiclient.Unreachable {
		t.Errorf("%v", err)
	}
	if err := client.Get(t.Context(), "/x", nil, new(any)); err == nil || !strings.Contains(err.Error(), "NewHMAC") {
		t.Errorf("%v", err)
	}
}

// A hook or a signer that fails is not called again: its error is the caller's to decide.
func TestAHookThatFailsIsNotRepeated(t *testing.T) {
	full := errors.New("disk full")
	for name, change := range map[string]func(*apiclient.Config){
		"own transport":     nil,
		"another transport": func(c *apiclient.Config) { c.RoundTripper = http.DefaultTransport },
	} {
		client := newClient(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			t.Error("something was sent")
		}), change)
		o, hooks := order(), 0
		o.BeforeSend = func() error { hooks++; return full }
		_, err := client.Reserve(t.Context(), o)
		if !errors.Is(err, full) || apiclient.OutcomeOf(err) != apiclient.Unreachable || hooks != 1 {
			t.Errorf("%s: %v, the hook ran %d times", name, err, hooks)
		}
		if want := "the request was not sent: before sending: disk full"; err.Error() != want {
			t.Errorf("%s: %q, want %q", name, err, want)
		}
	}
	signer := &failingSigner{}
	client := newClient(t, says(200, "", ""), func(c *apiclient.Config) { c.Signer = signer })
	if _, err := client.Reserve(t.Context(), order()); apiclient.OutcomeOf(err) != apiclient.Unreachable ||
		signer.calls != 1 {
		t.Errorf("%v after %d calls of the signer", err, signer.calls)
	}
}

type failingSigner struct{ calls int }

func (s *failingSigner) Sign(*http.Request, []byte) error { s.calls++; return errors.New("no key") }

// roundTrip is a transport that is a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// With another transport the hook runs before it is called. From then on nothing is repeated, because it is
// not known what was sent.
func TestAnotherTransport(t *testing.T) {
	var calls []string
	broken := errors.New("no connection")
	transport := roundTrip(func(r *http.Request) (*http.Response, error) {
		calls = append(calls, r.Method)
		if r.Method == http.MethodGet {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{}`)), ContentLength: -1}, nil
		}
		return nil, broken
	})
	client := clientOf(t, "https://registry.example", func(c *apiclient.Config) { c.RoundTripper = transport })
	o := order()
	o.BeforeSend = func() error { calls = append(calls, "hook"); return nil }
	_, err := client.Reserve(t.Context(), o)
	if apiclient.OutcomeOf(err) != apiclient.Unknown || !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if err := client.Get(t.Context(), "/x", nil, new(any)); err != nil {
		t.Error(err)
	}
	if got := strings.Join(calls, " "); got != "hook POST GET" {
		t.Errorf("%s", got)
	}
}

// The certificates to trust can be handed in.
func TestRootCAs(t *testing.T) {
	server, _ := started(t, says(200, "", string(sample(t))), true)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	client := clientOf(t, server.URL, func(c *apiclient.Config) { c.RootCAs = pool })
	if _, err := client.Reserve(t.Context(), order()); err != nil {
		t.Error(err)
	}
	empty := clientOf(t, server.URL, func(c *apiclient.Config) {
		c.RootCAs, c.Timeout = x509.NewCertPool(), 300*time.Millisecond
	})
	if _, err := empty.Reserve(t.Context(), order()); apiclient.OutcomeOf(err) != apiclient.Unreachable {
		t.Errorf("%v", err)
	}
}

// No cookie is kept: one that is too large for the server would break every request after it.
func TestNoCookieIsKept(t *testing.T) {
	client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Cookie") != "" {
			w.WriteHeader(http.StatusRequestHeaderFieldsTooLarge)
			return
		}
		w.Header().Set("Set-Cookie", "session="+strings.Repeat("x", 100_000)+"; Path=/")
		w.Header().Add("Set-Cookie", "small=1; Path=/")
		_, _ = w.Write(sample(t))
	}), nil)
	for range 2 {
		if err := client.Get(t.Context(), "/x", nil, new(any)); err != nil {
			t.Errorf("reading: %v", err)
		}
		if _, err := client.Reserve(t.Context(), order()); err != nil {
			t.Errorf("reserving: %v", err)
		}
	}
}

// The error for a body over the limit has the limit, and the size if it was told. So much is not read.
func TestLimitOfABody(t *testing.T) {
	text := `{"x":"` + strings.Repeat("x", 92) + `"}` // 100 bytes
	for _, c := range []struct {
		limit, size int64
		told        bool
	}{
		{100, 0, true},
		{100, 0, false},
		{99, 100, true},
		{99, -1, false},
	} {
		client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if !c.told {
				_ = http.NewResponseController(w).Flush() // the length is not told
			}
			_, _ = io.WriteString(w, text)
		}), func(a *apiclient.Config) { a.MaxBody = c.limit })
		_, _, err := client.Read(t.Context(), "/x", nil, apiclient.Version{})
		var long *apiclient.TooLongError
		if errors.As(err, &long) != (c.size != 0) || c.size == 0 && err != nil {
			t.Errorf("%+v: %v", c, err)
		}
		if long != nil && (long.Limit != c.limit || long.Size != c.size) {
			t.Errorf("%+v: %+v", c, long)
		}
		if _, err := client.Reserve(t.Context(), order()); errors.As(err, &long) != (c.size != 0) ||
			apiclient.OutcomeOf(err) != apiclient.Unknown {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A greater limit reads more than 4 MiB.
func TestAGreaterLimitOfABody(t *testing.T) {
	text := `"` + strings.Repeat("x", 5<<20) + `"`
	client := newClient(t, says(200, "", text), func(c *apiclient.Config) { c.MaxBody = 6 << 20 })
	data, _, err := client.Read(t.Context(), "/x", nil, apiclient.Version{})
	if err != nil || string(data) != text {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

// A header has a limit too: a server cannot fill the memory with one.
func TestLimitOfAHeader(t *testing.T) {
	for size, fits := range map[int]bool{500_000: true, 2_000_000: false} {
		client := newClient(t, says(200, "X-Long: "+strings.Repeat("x", size), `{}`), nil)
		if err := client.Get(t.Context(), "/x", nil, new(any)); (err == nil) != fits {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// Whatever a busy server says, it is read again after five minutes at most.
func TestAPauseOfReadingIsBounded(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"9": 9 * time.Second, "86400": 5 * time.Minute, "Fri, 31 Dec 9999 23:59:59 GMT": 5 * time.Minute,
	} {
		var busy *apiclient.BusyError
		err := newClient(t, says(503, "Retry-After: "+value, ""), nil).Get(t.Context(), "/x", nil, new(any))
		if !errors.As(err, &busy) || busy.RetryAfter != want {
			t.Errorf("%s: %v", value, err)
		}
	}
}

// A reservation that ends before its connection stands has sent nothing, and ends with its context.
func TestAConnectionThatNeverStands(t *testing.T) {
	var dialed atomic.Int32
	client := newClient(t, says(200, "", ""), func(c *apiclient.Config) {
		c.Proxy = func(r *http.Request) (*url.URL, error) {
			dialed.Add(1)
			<-r.Context().Done()
			return nil, context.Cause(r.Context())
		}
		c.Timeout = 50 * time.Millisecond
	})
	o := order()
	o.BeforeSend = func() error { t.Error("the hook ran"); return nil }
	if _, err := client.Reserve(t.Context(), o); apiclient.OutcomeOf(err) != apiclient.Unreachable || dialed.Load() == 0 {
		t.Errorf("%v", err)
	}
}

// No more than the limit is read: a body that goes on for ever is too long at once.
func TestABodyIsNotReadBeyondItsLimit(t *testing.T) {
	client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 1001))
		_ = http.NewResponseController(w).Flush()
		<-q.Context().Done()
	}), func(c *apiclient.Config) { c.MaxBody = 1000 })
	var long *apiclient.TooLongError
	if _, _, err := client.Read(t.Context(), "/x", nil, apiclient.Version{}); !errors.As(err, &long) {
		t.Errorf("%v", err)
	}
}
