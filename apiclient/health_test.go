package apiclient_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"infomat/apiclient"
)

// certificate writes a self-signed certificate and its key to files.
func certificate(t *testing.T, dir, name string, end time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: end,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, name+".pem"), filepath.Join(dir, name+".key")
	for file, block := range map[string]*pem.Block{
		cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// secured starts a server that requests a client certificate and stores its serial number in shown.
func secured(t *testing.T, cert, key string, o *tls.Config, shown *string) *httptest.Server {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if len(q.TLS.PeerCertificates) > 0 {
			*shown = q.TLS.PeerCertificates[0].SerialNumber.String()
		}
		_, _ = w.Write(sample(t))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	o.Certificates = []tls.Certificate{pair}
	server.TLS = o
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// The client sends its certificate, and a renewed one with the next connection. Health has the ends of both
// certificates.
func TestCertificates(t *testing.T) {
	dir := t.TempDir()
	serverEnd, ownEnd := time.Now().
		Add(10*24*time.Hour).
		Truncate(time.Second),
		time.Now().
			Add(20*24*time.Hour).
			Truncate(time.Second)
	serverCert, serverKey := certificate(t, dir, "server", serverEnd)
	ownCert, ownKey := certificate(t, dir, "own", ownEnd)
	shown := ""
	server := secured(t, serverCert, serverKey, &tls.Config{ClientAuth: tls.RequireAnyClientCert}, &shown)
	client := clientOf(
		t,
		server.URL,
		func(c *apiclient.Config) { c.CAFile, c.CertFile, c.KeyFile = serverCert, ownCert, ownKey },
	)
	if h := client.Health(); !h.OwnCertificate.Equal(ownEnd) || !h.ServerCertificate.IsZero() {
		t.Errorf("before the first request: %+v", h)
	}
	if _, err := client.Reserve(t.Context(), order()); err != nil || shown == "" {
		t.Fatalf("%v, shown %q", err, shown)
	}
	if h := client.Health(); !h.ServerCertificate.Equal(serverEnd) {
		t.Errorf("the registry's certificate ends at %v, want %v", h.ServerCertificate, serverEnd)
	}
	before := shown
	certificate(t, dir, "own", ownEnd.AddDate(1, 0, 0))
	if h := client.Health(); !h.OwnCertificate.Equal(ownEnd.AddDate(1, 0, 0)) {
		t.Errorf("after the renewal, on the old line: %+v", h)
	}
	server.CloseClientConnections()
	time.Sleep(10 * time.Millisecond)
	if _, err := client.Reserve(t.Context(), order()); err != nil || shown == before {
		t.Errorf("a renewed certificate was not shown: %v", err)
	}
	if h := client.Health(); !h.OwnCertificate.Equal(ownEnd.AddDate(1, 0, 0)) {
		t.Errorf("after the renewal: %+v", h)
	}
	if err := os.WriteFile(ownCert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	server.CloseClientConnections()
	time.Sleep(10 * time.Millisecond)
	if _, err := client.Reserve(t.Context(), order()); err != nil {
		t.Errorf("while a certificate is being written: %v", err)
	}
}

func TestTLSIsNotOlderThan12(t *testing.T) {
	dir := t.TempDir()
	cert, key := certificate(t, dir, "server", time.Now().Add(time.Hour))
	shown := ""
	server := secured(t, cert, key, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, &shown)
	client := clientOf(t, server.URL, func(c *apiclient.Config) { c.CAFile, c.Timeout = cert, 300*time.Millisecond })
	if _, err := client.Reserve(t.Context(), order()); apiclient.OutcomeOf(err) != apiclient.Unreachable {
		t.Errorf("%v", err)
	}
}

// dated answers with a header Date that is off by a duration.
func dated(t *testing.T, off time.Duration, age string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
		if age != "" {
			w.Header().Set("Age", age)
		}
		_, _ = w.Write(sample(t))
	})
}

func TestSkewOfTheClocks(t *testing.T) {
	for _, c := range []struct {
		off      time.Duration
		age      string
		from, to time.Duration
		known    bool
	}{
		{0, "", 0, 0, true},
		{time.Minute, "", 55 * time.Second, time.Minute, true},
		{-time.Minute, "", -time.Minute, -55 * time.Second, true},
		{time.Hour, "3600", 0, 0, false}, // out of a proxy's store
	} {
		client := newClient(t, dated(t, c.off, c.age), nil)
		if _, err := client.Reserve(t.Context(), order()); err != nil {
			t.Fatal(err)
		}
		h := client.Health()
		if h.Skew < c.from || h.Skew > c.to || h.SkewAt.IsZero() == c.known {
			t.Errorf("%v off: %+v", c.off, h)
		}
		if err := client.Get(t.Context(), "/x", nil, new(any)); err != nil || client.Health().Skew < c.from ||
			client.Health().Skew > c.to {
			t.Errorf("%v off, by a document: %+v, %v", c.off, client.Health(), err)
		}
	}
}

// Only a code of the registry proves that the registry answered the probe, and not a proxy or gateway.
func TestAdmittedOnlyByACodeOfTheRegistry(t *testing.T) {
	const page = "<html><center>The plain HTTP request was sent to HTTPS port</center></html>"
	for _, c := range []struct {
		status   int
		body     string
		admitted bool
		fails    bool
		foreign  bool // Probe returns a ForeignAnswerError
	}{
		{403, `{"message_code":"5009"}`, false, false, false},
		{403, `{"message_code":"5403"}`, false, false, false},
		{401, ``, false, false, false}, // refused by its status alone, whoever says it
		{400, `{"message_code":"4036"}`, true, false, false},
		{400, `{"message_code":"4009"}`, true, false, false},
		{404, `{"error":{"code":4036}}`, true, false, false},
		{400, `{"message_code":"4999"}`, true, false, false}, // not documented, of the documented form
		{400, page, false, true, true},
		{400, `{"message_code":"40361"}`, false, true, true},
		{400, `{"message_code":"403"}`, false, true, true},
		{400, `{"message_code":"403A"}`, false, true, true},
		{400, `{"message_code":"/403"}`, false, true, true},
		{400, `{"message_code":":403"}`, false, true, true},
		{400, `{"code":400,"message":"Bad Request"}`, false, true, true},
		{400, `4036`, false, true, true},
		{400, ``, false, true, true},
		{403, page, false, true, true},
		{404, page, false, true, true},
		{405, page, false, true, true},
		{407, page, false, true, true},
		{409, `{"code":"CONFLICT"}`, false, true, true},
		{429, ``, false, true, false},
		{500, `{"message_code":"4036"}`, true, false, false},
		{500, ``, false, true, false},
		{500, page, false, true, false},
		{502, `{"message_code":"4036"}`, false, true, false},
		{502, ``, false, true, false},
		{503, ``, false, true, false},
		{200, `<html>`, false, true, false},
		{200, page, false, true, false},
		{200, `{"message_code":"4036"}`, false, true, false}, // no documented answer to a probe
		{201, `<html>`, false, true, false},
		{204, ``, false, true, false},
		{302, ``, false, true, false},
		{408, `{"message_code":"4036"}`, false, true, false},
		{410, `{"message_code":"4036"}`, true, false, false}, // a code of the registry with another status than the table's
		{400, `{"code":0,"errors":[{"code":"4036"}]}`, true, false, false},
		{400, `{"title":"Bad Request","status":400}`, false, true, true},
		{404, `{"status":404,"error":"Not Found","path":"/visit"}`, false, true, true},
		{200, string(sample(t)), true, false, false},
	} {
		client := newClient(t, says(c.status, "", c.body), nil)
		admitted, err := client.Admitted(t.Context())
		if admitted != c.admitted || (err != nil) != c.fails {
			t.Errorf("%d %.60s: admitted %v, %v", c.status, c.body, admitted, err)
		}
		err = client.Probe(t.Context())
		var foreign *apiclient.ForeignAnswerError
		if errors.As(err, &foreign) != c.foreign || foreign != nil && foreign.HTTPStatus() != c.status {
			t.Errorf("%d %.60s: %v, want a foreign answer: %v", c.status, c.body, err, c.foreign)
		}
	}
}

// A foreign answer is not quoted, and its error unwraps to the refusal.
func TestAForeignAnswerUnwrapsToItsRefusal(t *testing.T) {
	err := newClient(t, says(403, "", `{"message":"Канарейкин"}`), nil).Probe(t.Context())
	var refusal *apiclient.RefusalError
	if !errors.As(err, &refusal) || refusal.HTTPStatus != 403 || apiclient.OutcomeOf(err) != apiclient.Refused {
		t.Errorf("%v", err)
	}
	if want := "HTTP 403 without a code of the registry: another server answered"; err == nil || err.Error() != want {
		t.Errorf("%v, want %q", err, want)
	}
}

func TestReadingWithAVersion(t *testing.T) {
	asked := 0
	client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		asked++
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", "Wed, 25 Nov 2026 05:00:00 GMT")
		if q.Header.Get("If-None-Match") == `"1"` && q.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = io.WriteString(w, `{}`)
	}), nil)
	data, version, err := client.Read(t.Context(), "/x", nil, apiclient.Version{})
	if err != nil || string(data) != `{}` || version.ETag != `"1"` {
		t.Fatalf("%s %+v %v", data, version, err)
	}
	if _, _, err := client.Read(t.Context(), "/x", nil, version); !errors.Is(err, apiclient.ErrNotModified) ||
		asked != 2 {
		t.Errorf("%v after %d questions", err, asked)
	}
	busy := newClient(t, says(503, "Retry-After: 9", ""), nil).Get(t.Context(), "/x", nil, new(any))
	var later *apiclient.BusyError
	if !errors.As(busy, &later) || later.RetryAfter != 9*time.Second {
		t.Errorf("%v", busy)
	}
}
