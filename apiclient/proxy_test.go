package apiclient_test

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"infomat/apiclient"
)

// forwarder is a proxy: it tunnels for CONNECT and passes other requests on.
type forwarder struct {
	status   int          // the answer to CONNECT; 0: it tunnels
	connects atomic.Int32 // CONNECT requests
	passed   atomic.Int32 // other requests
}

func (f *forwarder) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method != http.MethodConnect {
		f.passed.Add(1)
		f.pass(w, q)
		return
	}
	f.connects.Add(1)
	if f.status != 0 {
		w.WriteHeader(f.status)
		return
	}
	far, err := net.Dial("tcp", q.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	near, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		_ = far.Close()
		return
	}
	_, _ = io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
	go tunnel(near, far) // ends with the connections
	tunnel(far, near)
}

func tunnel(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_, _ = to.Close(), from.Close()
}

func (f *forwarder) pass(w http.ResponseWriter, q *http.Request) {
	q.RequestURI = ""
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(q)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

// started starts a server with or without TLS, and returns the file with its certificate.
func started(t *testing.T, h http.Handler, secure bool) (server *httptest.Server, ca string) {
	t.Helper()
	server = httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if !secure {
		server.Start()
		t.Cleanup(server.Close)
		return server, ""
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	ca = filepath.Join(t.TempDir(), "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return server, ca
}

// through makes a client use a proxy, also for the loopback.
func through(t *testing.T, proxy, ca string) func(*apiclient.Config) {
	t.Helper()
	address, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *apiclient.Config) {
		c.Proxy = func(*http.Request) (*url.URL, error) { return address, nil }
		c.CAFile, c.Timeout = ca, time.Second
	}
}

func eachWay(t *testing.T, try func(t *testing.T, secureProxy, secure bool)) {
	for _, secureProxy := range []bool{false, true} {
		for _, secure := range []bool{false, true} {
			name := "proxy " + scheme(secureProxy) + ", registry " + scheme(secure)
			t.Run(name, func(t *testing.T) { try(t, secureProxy, secure) })
		}
	}
}

func scheme(secure bool) string {
	if secure {
		return "https"
	}
	return "http"
}

// Through a proxy the hook runs once, before the proxy or the registry has a byte of the request. CONNECT is
// no part of the request.
func TestTheHookRunsThroughEveryProxy(t *testing.T) {
	eachWay(t, func(t *testing.T, secureProxy, secure bool) {
		var asked atomic.Int32
		f := &forwarder{}
		proxy, proxyCA := started(t, f, secureProxy)
		registry, ca := started(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			_, _ = w.Write(sample(t))
		}), secure)
		if ca == "" {
			ca = proxyCA // the test servers have one certificate
		}
		client := clientOf(t, registry.URL, through(t, proxy.URL, ca))
		o, hooks := order(), 0
		o.BeforeSend = func() error {
			hooks++
			if f.passed.Load() != 0 || asked.Load() != 0 {
				t.Error("the request was on its way before the hook ran")
			}
			if secure && f.connects.Load() != 1 {
				t.Error("the hook ran before CONNECT")
			}
			return nil
		}
		if _, err := client.Reserve(t.Context(), o); err != nil || hooks != 1 || asked.Load() != 1 {
			t.Errorf("%v, the hook ran %d times, %d requests", err, hooks, asked.Load())
		}
		full := errors.New("disk full")
		o.BeforeSend = func() error { return full }
		_, err := client.Reserve(t.Context(), o)
		if !errors.Is(err, full) || apiclient.OutcomeOf(err) != apiclient.Unreachable || asked.Load() != 1 {
			t.Errorf("a hook that fails: %v, %d requests", err, asked.Load())
		}
	})
}

// A proxy that refuses to connect is a fault of the proxy, and not of TLS. Nothing was sent.
func TestAProxyThatRefuses(t *testing.T) {
	for _, secureProxy := range []bool{false, true} {
		for _, status := range []int{403, 407, 502} {
			f := &forwarder{status: status}
			proxy, _ := started(t, f, secureProxy)
			registry, ca := started(t, says(200, "", ""), true)
			o := order()
			o.BeforeSend = func() error { t.Error("the hook ran"); return nil }
			_, err := clientOf(t, registry.URL, through(t, proxy.URL, ca)).Reserve(t.Context(), o)
			var fault *apiclient.ProxyError
			if !errors.As(err, &fault) || fault.Status != status || apiclient.OutcomeOf(err) != apiclient.Unreachable {
				t.Errorf("%d: %v", status, err)
			}
		}
	}
}

// A proxy that cannot be reached, or whose certificate is not trusted, is a fault of the proxy.
func TestAProxyOutOfReach(t *testing.T) {
	registry, _ := started(t, says(200, "", ""), false)
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close()
	stranger, _ := started(t, &forwarder{}, true)
	for url, want := range map[string]string{
		"http://" + nobody.Addr().String(): "the proxy: dial tcp " + nobody.Addr().String() + ": connection refused",
		stranger.URL:                       "the proxy: the certificate is signed by an unknown authority",
	} {
		client := clientOf(t, registry.URL, func(c *apiclient.Config) {
			through(t, url, "")(c)
			c.Timeout = 20 * time.Second // no answer is waited for, and the handshake takes its time on a busy machine
		})
		_, err := client.Reserve(t.Context(), order())
		var fault *apiclient.ProxyError
		if !errors.As(err, &fault) || fault.Status != 0 || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// What is written for CONNECT and for the handshakes of TLS is no part of the request: if they fail, nothing
// was sent.
func TestAHandshakeThroughAProxyIsNoRequest(t *testing.T) {
	for _, secureProxy := range []bool{false, true} {
		f := &forwarder{}
		proxy, ca := started(t, f, secureProxy)
		address, _ := strangeCertificate(t, func(*x509.Certificate) {})
		o := order()
		o.BeforeSend = func() error { t.Error("the hook ran"); return nil }
		_, err := clientOf(t, "https://"+address, through(t, proxy.URL, ca)).Reserve(t.Context(), o)
		if apiclient.OutcomeOf(err) != apiclient.Unreachable || errors.As(err, new(*apiclient.ProxyError)) ||
			!errors.As(err, new(x509.UnknownAuthorityError)) || f.connects.Load() == 0 {
			t.Errorf("through %s: %v after %d CONNECT", scheme(secureProxy), err, f.connects.Load())
		}
	}
}
