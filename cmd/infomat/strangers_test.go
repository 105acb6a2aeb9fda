package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"infomat/apiclient/registrysim"
)

// fewFiles is the limit of the terminal's descriptors in these tests: an eighth of what the service has.
const fewFiles = 512

const scraperPassword = "a long password"

// victim is a terminal in a window of its own process, in which a patient books again and again. Its metrics are open
// to the network.
type victim struct {
	t       *testing.T
	sim     *registrysim.Registry
	address string
	roots   *x509.CertPool
	pid     int

	mu  sync.Mutex
	log bytes.Buffer
}

func (v *victim) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.log.Write(p)
}

// newVictim starts the terminal and waits until it books and its metrics can be read.
func newVictim(t *testing.T) *victim {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Skip("no X display; `make test` starts one")
	}
	v := &victim{t: t}
	sim, _, file := soakWorld(t)
	v.sim = sim
	v.open(file)
	plan, err := json.Marshal(soakPlan{Config: file, Out: t.TempDir(), Visits: 1000})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), soakVariable+"="+string(plan)), v
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	v.pid = cmd.Process.Pid
	limit := unix.Rlimit{Cur: fewFiles, Max: fewFiles}
	if err := unix.Prlimit(v.pid, unix.RLIMIT_NOFILE, &limit, nil); err != nil {
		t.Fatal(err)
	}
	v.books(1)
	v.scraped()
	return v
}

// open appends settings to a file that open the metrics to the network.
func (v *victim) open(file string) {
	v.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		v.t.Fatal(err)
	}
	v.address = l.Addr().String()
	if err := l.Close(); err != nil {
		v.t.Fatal(err)
	}
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	v.roots = x509.NewCertPool()
	v.roots.AddCert(s.Certificate())
	key, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	if err != nil {
		v.t.Fatal(err)
	}
	dir := v.t.TempDir()
	for name, data := range map[string][]byte{
		"cert":     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}),
		"key":      pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		"password": []byte(scraperPassword + "\n"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			v.t.Fatal(err)
		}
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		v.t.Fatal(err)
	}
	defer f.Close()
	_, port, _ := net.SplitHostPort(v.address)
	_, err = fmt.Fprintf(f, "[metrics]\nlisten = \":%s\"\ncert_file = %q\nkey_file = %q\nuser = \"prometheus\"\n"+
		"password_file = %q\n", port, filepath.Join(dir, "cert"), filepath.Join(dir, "key"), filepath.Join(dir, "password"))
	if err != nil {
		v.t.Fatal(err)
	}
}

// books waits until n more bookings have been made.
func (v *victim) books(n int) {
	v.t.Helper()
	want := len(v.sim.Bookings()) + n
	for end := time.Now().Add(2 * time.Minute); len(v.sim.Bookings()) < want; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.t.Fatalf("no booking; the log:\n%s", v.log.String())
		}
	}
}

// scraped checks that a Prometheus at another address than the strangers' gets its figures. Where the queue of the
// system overflows it may need another scrape.
func (v *victim) scraped() (figures string) {
	v.t.Helper()
	var err error
	for range 3 {
		if figures, err = v.scrape(); err == nil {
			return figures
		}
	}
	v.t.Errorf("a Prometheus gets nothing: %v", err)
	return ""
}

func (v *victim) scrape() (figures string, err error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	client := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DialContext: d.DialContext, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: v.roots},
	}}
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, "https://"+v.address+"/metrics", nil)
	if err != nil {
		return "", err
	}
	r.SetBasicAuth("prometheus", scraperPassword)
	resp, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", errors.New(resp.Status)
	}
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

// files returns how many descriptors the terminal has open.
func (v *victim) files() int {
	v.t.Helper()
	all, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", v.pid))
	if err != nil {
		v.t.Fatal(err)
	}
	return len(all)
}

// An attack opens one connection after another until stop is closed.
type attack func(v *victim, stop <-chan struct{})

// repeat runs an attack by several hands at once.
func repeat(hands int, once func(v *victim, c net.Conn, stop <-chan struct{})) attack {
	return func(v *victim, stop <-chan struct{}) {
		var all sync.WaitGroup
		for range hands {
			all.Go(func() {
				for {
					select {
					case <-stop:
						return
					case <-time.After(2 * time.Millisecond): // these tests run on the terminal's own processor
					}
					c, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(v.t.Context(), "tcp", v.address)
					if err != nil {
						continue
					}
					once(v, c, stop)
					_ = c.Close()
				}
			})
		}
		all.Wait()
	}
}

// idle opens 4096 connections from many addresses and says nothing. Then each further one takes the place of the
// oldest.
func idle(v *victim, stop <-chan struct{}) {
	var open []net.Conn
	defer func() {
		for _, c := range open {
			_ = c.Close()
		}
	}()
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		from := &net.TCPAddr{IP: net.IPv4(127, 1, byte(n>>8), byte(n))}
		c, err := (&net.Dialer{Timeout: 5 * time.Second, LocalAddr: from}).DialContext(v.t.Context(), "tcp", v.address)
		if err != nil {
			continue
		}
		if open = append(open, c); len(open) > 4096 {
			_ = open[0].Close()
			open = open[1:]
			time.Sleep(time.Millisecond) // these tests run on the terminal's own processor
		}
	}
}

// handshake finishes TLS on a connection. It offers HTTP/2.
func (v *victim) handshake(c net.Conn) (*tls.Conn, error) {
	t := tls.Client(c, &tls.Config{RootCAs: v.roots, ServerName: "127.0.0.1", NextProtos: []string{"h2", "http/1.1"}})
	return t, t.HandshakeContext(v.t.Context())
}

// drip writes a byte in a while, until the connection is closed.
func drip(c net.Conn, text string, stop <-chan struct{}) {
	for _, b := range []byte(text) {
		select {
		case <-stop:
			return
		case <-time.After(200 * time.Millisecond):
		}
		if _, err := c.Write([]byte{b}); err != nil {
			return
		}
	}
}

var attacks = map[string]attack{
	"4096 idle connections": idle,
	"headers by the byte": repeat(64, func(v *victim, c net.Conn, stop <-chan struct{}) {
		if t, err := v.handshake(c); err == nil {
			drip(t, "GET /metrics HTTP/1.1\r\nX: "+strings.Repeat("a", 1000), stop)
		}
	}),
	"handshakes by the byte": repeat(64, func(_ *victim, c net.Conn, stop <-chan struct{}) {
		drip(c, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"+strings.Repeat("a", 1000), stop)
	}),
	"garbage for a handshake": repeat(16, func(_ *victim, c net.Conn, _ <-chan struct{}) {
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\n\r\n")
		_, _ = io.Copy(io.Discard, c)
	}),
	"large headers": repeat(8, func(v *victim, c net.Conn, _ <-chan struct{}) {
		if t, err := v.handshake(c); err == nil {
			_, _ = fmt.Fprintf(t, "GET /metrics HTTP/1.1\r\nX: %s\r\n\r\n", strings.Repeat("a", 1<<20))
		}
	}),
	"HTTP/2 streams that are reset": repeat(8, func(v *victim, c net.Conn, _ <-chan struct{}) {
		t, err := v.handshake(c)
		if err != nil {
			return
		}
		const headers, reset = "\x00\x00\x01\x01\x05\x00\x00\x00%c\x82", "\x00\x00\x04\x03\x00\x00\x00\x00%c\x00\x00\x00\x08"
		_, err = io.WriteString(t, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
		for n := 1; n < 128 && err == nil; n += 2 {
			_, err = fmt.Fprintf(t, headers+reset, n, n)
		}
		_, _ = io.Copy(io.Discard, t)
	}),
	"wrong passwords": repeat(8, func(v *victim, c net.Conn, _ <-chan struct{}) {
		if t, err := v.handshake(c); err == nil {
			_, _ = io.WriteString(t, "GET /metrics HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YTpi\r\n\r\n")
			_, _ = io.Copy(io.Discard, t)
		}
	}),
}

// TestBookingGoesOnUnderAttack checks that patients book and a Prometheus reads while strangers on the network do their
// worst to the metrics, that the terminal's descriptors stay free, and that its log stays short.
func TestBookingGoesOnUnderAttack(t *testing.T) {
	v := newVictim(t)
	before := v.files()
	for name, run := range attacks {
		t.Run(name, func(t *testing.T) {
			v.t = t
			stop, ended := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(ended)
				run(v, stop)
			}()
			time.Sleep(time.Second)
			v.books(1)
			if n := v.files(); n > before+160 {
				t.Errorf("%d descriptors are open, %d before", n, before)
			}
			v.scraped()
			v.books(1)
			close(stop)
			<-ended
		})
	}
	t.Run("it is told quietly", func(t *testing.T) {
		v.t = t
		figures := v.scraped()
		for _, why := range []string{"limit", "unfinished", "password"} {
			if strings.Contains(figures, fmt.Sprintf("infomat_metrics_refused_total{reason=%q} 0\n", why)) {
				t.Errorf("nothing was counted as %s", why)
			}
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		if n := strings.Count(v.log.String(), "\n"); n > 20 {
			t.Errorf("%d lines in the log:\n%.4000s", n, v.log.String())
		}
	})
}
