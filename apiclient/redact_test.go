package apiclient_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"infomat/apiclient"
)

// canary stands for any text of a server. It clears a terminal that prints it. net/http refuses many control
// characters by itself, so each answer is also sent with a canary without one.
const (
	canary      = "canary-7f3a\x1b[2J"
	plainCanary = "canary-7f3a"
)

// quotes reports whether a text has the canary, in clear or quoted, or a control character.
func quotes(text string) bool {
	return strings.Contains(text, "canary") || strings.ContainsFunc(text, unicode.IsControl)
}

// all returns the errors of every request of a client.
func all(ctx context.Context, c *apiclient.Client) map[string]error {
	_, reserve := c.Reserve(ctx, order())
	_, _, read := c.Read(ctx, "/x/"+url.PathEscape(canary), nil, apiclient.Version{})
	_, admitted := c.Admitted(ctx)
	return map[string]error{
		"Reserve": reserve, "Read": read, "Admitted": admitted, "Probe": c.Probe(ctx),
		"Get": c.Get(ctx, "/x", nil, new(any)),
	}
}

// rawServer answers every request on a loopback port with the same bytes.
func rawServer(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if q, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				_, _ = io.Copy(io.Discard, q.Body)
				_, _ = io.WriteString(c, answer)
			}
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-ended })
	return l.Addr().String()
}

// strangeAnswers are answers with the canary in every part of HTTP.
var strangeAnswers = map[string]string{
	"status line":      "HTTP/1.1 500 @\r\nContent-Length: 0\r\n\r\n",
	"status":           "HTTP/1.1 @\r\n\r\n",
	"version":          "@ 200 OK\r\n\r\n",
	"no HTTP":          "@\r\n",
	"header":           "HTTP/1.1 200 OK\r\n@\r\n\r\n",
	"header's name":    "HTTP/1.1 200 OK\r\n@: x\r\n\r\n",
	"length":           "HTTP/1.1 200 OK\r\nContent-Length: @\r\n\r\n",
	"two lengths":      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: @\r\n\r\n",
	"coding":           "HTTP/1.1 200 OK\r\nTransfer-Encoding: @\r\n\r\n",
	"chunk":            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n@\r\n",
	"chunk extension":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz;@\r\n",
	"trailer's name":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: @\r\n\r\n0\r\n\r\n",
	"trailer":          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n@\r\n\r\n",
	"forbidden":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n0\r\n\r\n@",
	"redirect":         "HTTP/1.1 302 Found\r\nLocation: /?name=@\r\nContent-Length: 0\r\n\r\n",
	"redirect nowhere": "HTTP/1.1 302 Found\r\nLocation: http://[@\r\nContent-Length: 0\r\n\r\n",
	"redirect off":     "HTTP/1.1 307 X\r\nLocation: https://canary.example/\r\nContent-Length: 0\r\n\r\n",
	"Retry-After":      "HTTP/1.1 429 @\r\nRetry-After: @\r\nContent-Length: 0\r\n\r\n",
	"gzip":             "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 13\r\n\r\n@",
	"upgrade":          "HTTP/1.1 101 @\r\nUpgrade: @\r\nConnection: Upgrade\r\n\r\n@",
	"early hints":      "HTTP/1.1 103 @\r\nLink: @\r\n\r\n@",
	"code": "HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n" +
		`{"message_code":"x @","message":"@","type":"@"}`, // words are no code
	"body": "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"num\":\"@\",\"@\":{\"@\":\"@\"}",
	"cut":  "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n@",
}

// withCanaries returns strangeAnswers with each canary.
func withCanaries() map[string]string {
	all := map[string]string{}
	for name, answer := range strangeAnswers {
		for _, c := range []string{canary, plainCanary} {
			all[fmt.Sprintf("%s %q", name, c)] = strings.ReplaceAll(answer, "@", c)
		}
	}
	return all
}

// No text of a server, and no control character, is in the text of an error: errors are logged and shown on
// a terminal.
func TestErrorsQuoteNoAnswer(t *testing.T) {
	for name, answer := range withCanaries() {
		client := clientOf(t, "http://"+rawServer(t, answer), nil)
		for request, err := range all(t.Context(), client) {
			if err == nil && request != "Read" || err != nil && quotes(err.Error()) { // Read takes any bytes as a document
				t.Errorf("%s, %s: %q", name, request, err)
			}
		}
	}
}

// The same of a proxy that answers to CONNECT.
func TestErrorsQuoteNoProxy(t *testing.T) {
	for name, answer := range withCanaries() {
		if strings.HasPrefix(answer, "HTTP/1.1 200") || strings.HasPrefix(answer, "HTTP/1.1 10") {
			continue // TLS begins
		}
		proxy := "http://" + rawServer(t, answer)
		client := clientOf(t, "https://registry.example", func(c *apiclient.Config) {
			through(t, proxy, "")(c)
			c.Timeout = 50 * time.Millisecond
		})
		for request, err := range all(t.Context(), client) {
			if err == nil || quotes(err.Error()) {
				t.Errorf("%s, %s: %q", name, request, err)
			}
		}
	}
}

// An address that a server gave, and an address that a caller made of a server's texts, is not quoted.
func TestErrorsQuoteNoAddress(t *testing.T) {
	client := newClient(t, says(404, "", ""), nil)
	for _, path := range []string{
		"/" + url.PathEscape(canary), "http://canary.example/", "http://[canary", "http://canary.example:port/", "/canary%zz",
		"/" + canary, "canary:x", client.BaseURL() + "/canary", "//canary.example/",
	} {
		if _, _, err := client.Read(t.Context(), path, nil, apiclient.Version{}); err == nil || quotes(err.Error()) {
			t.Errorf("%q: %q", path, err)
		}
		if err := client.Get(t.Context(), path, nil, new(any)); err == nil || quotes(err.Error()) {
			t.Errorf("%q: %q", path, err)
		}
	}
}

// strangeCertificate serves TLS with a certificate whose names are canaries, and returns the certificate.
func strangeCertificate(t *testing.T, change func(*x509.Certificate)) (address string, served *x509.Certificate) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	name := pkix.Name{CommonName: canary, Organization: []string{canary}}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: name, Issuer: name, DNSNames: []string{"canary.example"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:   time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	change(template)
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	if served, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: private}},
	})
	if err != nil {
		t.Fatal(err)
	}
	quiet := log.New(io.Discard, "", 0)
	server := &http.Server{Handler: says(200, "", ""), ErrorLog: quiet, ReadHeaderTimeout: time.Second}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-ended })
	return l.Addr().String(), served
}

// An error about a certificate says what is wrong with it, in words of our own, and quotes no name of it:
// anybody between terminal and registry can send one.
func TestErrorsQuoteNoCertificate(t *testing.T) {
	past := time.Date(2020, 2, 3, 23, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change  func(*x509.Certificate)
		trusted bool
		want    string // for the registry's address, %s is our host
		kind    any
	}{
		"unknown authority": {
			func(*x509.Certificate) {}, false, "the certificate is signed by an unknown authority",
			new(x509.UnknownAuthorityError),
		},
		"names": {
			func(x *x509.Certificate) { x.IPAddresses = nil }, true, "the certificate is not for 127.0.0.1",
			new(x509.HostnameError),
		},
		"no names": {
			func(x *x509.Certificate) { x.IPAddresses, x.DNSNames = nil, nil }, true,
			"the certificate is not for 127.0.0.1", new(x509.HostnameError),
		},
		"expired": {
			func(x *x509.Certificate) { x.NotBefore, x.NotAfter = past, past.AddDate(0, 1, 0) }, true,
			"a certificate is valid from 2020-02-03 to 2020-03-03 only", new(x509.CertificateInvalidError),
		},
		"purpose": {
			func(x *x509.Certificate) { x.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection} }, true,
			fmt.Sprintf("a certificate is invalid: reason %d of crypto/x509", x509.IncompatibleUsage),
			new(x509.CertificateInvalidError),
		},
		"critical extension": {
			func(x *x509.Certificate) {
				x.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3}, Critical: true, Value: []byte(canary)}}
			}, true, "a certificate cannot be verified", new(*tls.CertificateVerificationError),
		},
	} {
		address, served := strangeCertificate(t, c.change)
		client := clientOf(t, "https://"+address, func(a *apiclient.Config) {
			a.Timeout, a.RootCAs = 200*time.Millisecond, x509.NewCertPool()
			if c.trusted {
				a.RootCAs.AddCert(served)
			}
		})
		for request, err := range all(t.Context(), client) {
			if err == nil || quotes(err.Error()) || !strings.HasSuffix(err.Error(), ": "+c.want) {
				t.Errorf("%s, %s: %q, want %s", name, request, err, c.want)
			}
			if err != nil && !errors.As(err, c.kind) {
				t.Errorf("%s, %s: the chain of the error has lost the kind", name, request)
			}
		}
	}
}

// The texts of the other errors name operation, address and cause.
func TestTextsOfTheLine(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close()
	noTLS, _ := started(t, says(200, "", ""), false)
	over := make(chan struct{}) // an answer that is given when the client hangs up can still reach it
	silentServer, ca := started(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }), true)
	t.Cleanup(func() { close(over) })
	for name, c := range map[string]struct{ address, want string }{
		"nobody":     {"http://" + nobody.Addr().String(), "dial tcp " + nobody.Addr().String() + ": connection refused"},
		"no name":    {"https://registry.invalid", "dial tcp: lookup registry.invalid: "},
		"no TLS":     {"https://" + noTLS.Listener.Addr().String(), "http: server gave HTTP response to HTTPS client"},
		"no answer":  {silentServer.URL, "context deadline exceeded"},
		"hanging up": {"http://" + rawServer(t, ""), "EOF"},
	} {
		client := clientOf(t, c.address, func(a *apiclient.Config) { a.Timeout, a.CAFile = 200*time.Millisecond, ca })
		err := client.Get(t.Context(), "/x", nil, new(any))
		if err == nil || !strings.HasPrefix(err.Error(), "apiclient: GET: "+c.want) || quotes(err.Error()) {
			t.Errorf("%s: %q, want %s", name, err, c.want)
		}
	}
}
