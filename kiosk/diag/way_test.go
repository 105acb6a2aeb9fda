package diag_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"infomat/kiosk/diag"
	"infomat/kiosk/health"
)

// authority makes certificates for the loopback.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, NotBefore: time.Now().Add(-24 * time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour),
		IsCA:     true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{key, cert}
}

func (a *authority) issue(t *testing.T, name string, from, until time.Duration) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(until),
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

const day = 24 * time.Hour

// ask sends one request on a new connection and gives what the way saw of it.
func ask(t *testing.T, url string, config *tls.Config) []health.Finding {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var way diag.Way
	r, err := http.NewRequestWithContext(way.Context(ctx), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	return way.Findings(strings.HasPrefix(url, "https"), time.Now(), err)
}

// secure is a registry with a certificate.
func secure(t *testing.T, config *tls.Config) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS, s.Config.ErrorLog = config, log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// listener is a port at which something other than a registry listens.
func listener(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serve(c)
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

func TestEachBreakIsNamed(t *testing.T) {
	ca := newAuthority(t)
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	trusting := &tls.Config{RootCAs: pool}
	chain := func(c tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{c}} }
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	closed := listener(t, func(c net.Conn) { _ = c.Close() })
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.Close() // now nobody listens there

	for name, c := range map[string]struct {
		url    string
		config *tls.Config
		check  health.Part // the check that has to be the first that is not well
		kind   string
		level  health.Level
	}{
		"all is well": {secure(t, chain(ca.issue(t, "127.0.0.1", -day, 400*day))), trusting, "", "", health.OK},
		"ends soon": {
			secure(t, chain(ca.issue(t, "127.0.0.1", -day, 20*day))), trusting, health.PartTLS,
			"soon", health.Warning,
		},
		"no such name":   {"http://registry.invalid/", nil, health.PartDNS, "no_such_name", health.Failure},
		"nobody listens": {"http://" + dead.Addr().String(), nil, health.PartTCP, "refused", health.Failure},
		"unknown authority": {
			secure(t, chain(ca.issue(t, "127.0.0.1", -day, day))), nil, health.PartTLS, "untrusted",
			health.Failure,
		},
		"expired": {
			secure(t, chain(ca.issue(t, "127.0.0.1", -2*day, -day))), trusting, health.PartTLS,
			"expired", health.Failure,
		},
		"not valid yet": {
			secure(t, chain(ca.issue(t, "127.0.0.1", day, 2*day))), trusting, health.PartTLS,
			"not_yet", health.Failure,
		},
		"of another host": {
			secure(t, chain(ca.issue(t, "other.example", -day, day))), trusting, health.PartTLS,
			"name", health.Failure,
		},
		"no encryption there": {
			strings.Replace(plain.URL, "http:", "https:", 1), trusting, health.PartTLS, "not_tls",
			health.Failure,
		},
		"hangs up in TLS": {"https://" + closed, trusting, health.PartTLS, "broken", health.Failure},
		"hangs up":        {"http://" + closed, nil, health.PartHTTP, "cut", health.Failure},
		"says nothing": {
			"http://" + listener(t, func(c net.Conn) { go func() { <-hold; _ = c.Close() }() }), nil,
			health.PartHTTP, "timeout", health.Failure,
		},
		"wants our certificate": {
			secure(t, &tls.Config{Certificates: chain(ca.issue(t, "127.0.0.1", -day,
				400*day)).Certificates, ClientAuth: tls.RequireAnyClientCert}), trusting, health.PartHTTP, "certificate_wanted",
			health.Failure,
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := ask(t, c.url, c.config)
			if len(all) != 4 {
				t.Fatalf("%d findings: %+v", len(all), all)
			}
			for _, f := range all {
				if f.Level == health.OK || f.Level == health.Skipped && f.Kind != "skipped" {
					continue
				}
				if f.Part != c.check || f.Kind != c.kind || f.Level != c.level {
					t.Errorf("%s %s (%s: %s), want %s %s", f.Part, f.Kind, f.Level, f.Detail, c.check, c.kind)
				}
				return // what follows from it is skipped
			}
			if c.check != "" {
				t.Errorf("nothing was found: %+v", all)
			}
		})
	}
}
