package metrics_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"infomat/kiosk/metrics"
)

const password = "a long password"

// host is a running server that asks for TLS and a password, as on a network.
type host struct {
	t       *testing.T
	address string
	roots   *x509.CertPool

	mu      sync.Mutex
	refused map[metrics.Reason]int
}

// serve starts a server on the loopback. It ends with the test.
func serve(t *testing.T) *host {
	t.Helper()
	h := &host{t: t, refused: map[metrics.Reason]int{}}
	cert, key, roots := certificate(t)
	h.roots = roots
	s := metrics.Server{
		Listen: "127.0.0.1:0", CertFile: cert, KeyFile: key, User: "prometheus", Password: password,
		Refused: func(why metrics.Reason, _ string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.refused[why]++
		},
	}
	l, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	h.address = l.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l, metrics.New("1").Handler()) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return h
}

// certificate writes a certificate for 127.0.0.1 and its key.
func certificate(t *testing.T) (certFile, keyFile string, roots *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	key, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(t.TempDir(), "cert"), filepath.Join(t.TempDir(), "key")
	for file, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: s.Certificate().Raw}, keyFile: {Type: "PRIVATE KEY", Bytes: key},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return certFile, keyFile, roots
}

// dial connects from an address of the loopback. The connection is closed at the end of the test.
func (h *host) dial(from string) net.Conn {
	h.t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 10 * time.Second}
	c, err := d.DialContext(h.t.Context(), "tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = c.Close() })
	return c
}

// dialTLS connects and finishes the handshake.
func (h *host) dialTLS(from string) *tls.Conn {
	h.t.Helper()
	c := tls.Client(h.dial(from), &tls.Config{
		RootCAs: h.roots, ServerName: "127.0.0.1", NextProtos: []string{"h2", "http/1.1"},
	})
	if err := c.HandshakeContext(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	return c
}

// scrape reads the figures as a Prometheus of another address does.
func (h *host) scrape(password string) (int, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP("127.0.0.2")}}
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DialContext: d.DialContext, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: h.roots},
	}}
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, "https://"+h.address+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	r.SetBasicAuth("prometheus", password)
	resp, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// serves checks that a Prometheus gets its figures.
func (h *host) serves() {
	h.t.Helper()
	if code, err := h.scrape(password); code != http.StatusOK || err != nil {
		h.t.Errorf("a Prometheus gets %d, %v", code, err)
	}
}

// counted waits until at least n connections were refused for a reason.
func (h *host) counted(why metrics.Reason, n int) {
	h.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		h.mu.Lock()
		got := h.refused[why]
		h.mu.Unlock()
		if got >= n {
			return
		}
		if time.Now().After(end) {
			h.t.Fatalf("%d refused for %s, want %d", got, why, n)
		}
	}
}

// closed waits until the server closes a connection, and fails the test after a time.
func closed(t *testing.T, c net.Conn, within time.Duration) {
	t.Helper()
	if err := c.SetReadDeadline(time.Now().Add(within)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection is open after %v", within)
	}
}

// held returns how many of the connections the server keeps.
func held(t *testing.T, all []net.Conn) (n int) {
	t.Helper()
	for _, c := range all {
		if err := c.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
			n++
		}
	}
	return n
}

func TestOneAddressHoldsFewConnections(t *testing.T) {
	h := serve(t)
	var all []net.Conn
	for range 300 {
		all = append(all, h.dial("127.0.0.1"))
	}
	h.serves()
	h.counted(metrics.RefusedLimit, 296)
	if n := held(t, all); n > 4 {
		t.Errorf("one address holds %d connections", n)
	}
}

// Strangers with many addresses hold a bounded number of connections, and a Prometheus gets in all the same.
func TestManyAddressesHoldFewConnections(t *testing.T) {
	h := serve(t)
	var all []net.Conn
	for n := range 400 {
		all = append(all, h.dial(fmt.Sprintf("127.0.%d.%d", 1+n/200, 1+n%200)))
	}
	h.serves()
	h.counted(metrics.RefusedLimit, 400-128)
	if n := held(t, all); n > 128 {
		t.Errorf("%d connections are held", n)
	}
}

// What does not come in time loses its connection.
func TestSlowStrangers(t *testing.T) {
	h := serve(t)
	silent, slow := h.dial("127.0.0.1"), h.dialTLS("127.0.0.3")
	idle := h.dialTLS("127.0.0.4")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for _, b := range []byte("GET /metrics HTTP/1.1\r\nX: " + strings.Repeat("a", 400)) {
			if _, err := slow.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	}()
	closed(t, silent, 8*time.Second)
	closed(t, slow, 8*time.Second)
	closed(t, idle, 8*time.Second)
	<-ended
	h.counted(metrics.RefusedUnfinished, 3)
	h.serves()
}

func TestLargeHeaders(t *testing.T) {
	h := serve(t)
	c := h.dialTLS("127.0.0.1")
	_, _ = fmt.Fprintf(c, "GET /metrics HTTP/1.1\r\nHost: a\r\nX: %s\r\n\r\n", strings.Repeat("a", 64<<10))
	line, err := bufio.NewReader(c).ReadString('\n')
	if !strings.Contains(line, " 431 ") && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%q, %v", line, err)
	}
	h.counted(metrics.RefusedUnfinished, 1)
	h.serves()
}

// HTTP/2 is not spoken, so that one connection is one request at a time.
func TestNoHTTP2(t *testing.T) {
	h := serve(t)
	c := h.dialTLS("127.0.0.1")
	if p := c.ConnectionState().NegotiatedProtocol; p == "h2" {
		t.Error("the server speaks h2")
	}
	const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" // RFC 9113, section 3.4
	_, _ = io.WriteString(c, preface)
	line, _ := bufio.NewReader(c).ReadString('\n')
	if strings.HasPrefix(line, "HTTP/1.1 2") || line == "" {
		t.Errorf("the preface is answered with %q", line)
	}
	h.serves()
}

// A wrong password costs its connection.
func TestWrongPasswords(t *testing.T) {
	h := serve(t)
	c := h.dialTLS("127.0.0.1")
	for range 3 {
		_, _ = io.WriteString(c, "GET /metrics HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YTpi\r\n\r\n")
	}
	answers, _ := io.ReadAll(c)
	if n := strings.Count(string(answers), " 401 "); n != 1 {
		t.Errorf("%d answers on one connection: %q", n, answers)
	}
	if code, err := h.scrape("wrong"); code != http.StatusUnauthorized || err != nil {
		t.Errorf("%d, %v", code, err)
	}
	h.counted(metrics.RefusedPassword, 2)
	h.serves()
}

// A user without a password would be nobody's secret.
func TestEmptyPassword(t *testing.T) {
	l, err := metrics.Server{Listen: "127.0.0.1:0", User: "prometheus"}.Open()
	if err == nil {
		t.Error(errors.New("an empty password is accepted"), l.Close())
	}
}
