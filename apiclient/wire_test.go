package apiclient

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"testing"
)

// errTooLong is any error.
var errTooLong error = &TooLongError{Limit: defaultMaxBody, Size: -1}

// newAttempt returns an attempt on a connection whose other end reads everything.
func newAttempt(t *testing.T, before func() error) (*conn, *attempt) {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { _ = near.Close() })
	go func() { _, _ = io.Copy(io.Discard, far) }() // ends with the pipe
	c, w := &conn{Conn: near}, &attempt{before: before}
	if _, err := c.Write([]byte("TLS handshake")); err != nil {
		t.Fatal(err)
	}
	w.gotConn(httptrace.GotConnInfo{Conn: c})
	return c, w
}

// Neither what TLS writes when it closes the connection nor a header in the buffer is a part of the
// request.
func TestClosingTLSIsNoRequest(t *testing.T) {
	asked := 0
	c, w := newAttempt(t, func() error { asked++; return nil })
	if _, err := c.Write([]byte("alert")); err != nil {
		t.Fatal(err)
	}
	w.wroteHeaderField("Host", nil)
	if asked != 0 || w.end() {
		t.Errorf("the hook ran %d times", asked)
	}
	if n, err := c.Write([]byte("POST")); n != 0 || !errors.Is(err, errAttemptOver) || asked != 0 {
		t.Errorf("%d bytes went out after the attempt was said not to be sent, %v", n, err)
	}
}

func TestTheHookRunsOnceAndARequestIsSent(t *testing.T) {
	asked := 0
	c, w := newAttempt(t, func() error { asked++; return nil })
	w.wroteHeaderField("Host", nil)
	for range 2 {
		if _, err := c.Write([]byte("POST")); err != nil {
			t.Fatal(err)
		}
	}
	if !w.end() || asked != 1 {
		t.Errorf("the hook ran %d times", asked)
	}
}

// A write in progress when the attempt ends may be sent.
func TestAWriteUnderWayIsSent(t *testing.T) {
	near, far := net.Pipe() // nobody reads yet
	c, w := &conn{Conn: near}, &attempt{before: func() error { return nil }}
	w.gotConn(httptrace.GotConnInfo{Conn: c})
	w.wroteHeaderField("Host", nil)
	ended := make(chan struct{})
	go func() { defer close(ended); _, _ = c.Write([]byte("POST")) }()
	if _, err := far.Read(make([]byte, 1)); err != nil { // one byte of four: the write goes on
		t.Fatal(err)
	}
	if !w.end() {
		t.Error("not sent")
	}
	_, _ = near.Close(), far.Close()
	<-ended
}

// A write of no bytes has sent nothing.
func TestAWriteThatFailsSendsNothing(t *testing.T) {
	near, far := net.Pipe()
	_, _ = near.Close(), far.Close()
	c, w := &conn{Conn: near}, &attempt{before: func() error { return nil }}
	w.gotConn(httptrace.GotConnInfo{Conn: c})
	w.wroteHeaderField("Host", nil)
	if n, err := c.Write([]byte("POST")); n != 0 || err == nil || w.end() {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// If the hook fails, nothing is written, not even what TLS writes when it closes the connection.
func TestAHookThatFailsKeepsEverythingBack(t *testing.T) {
	full := errors.New("disk full")
	c, w := newAttempt(t, func() error { return full })
	w.wroteHeaderField("Host", nil)
	for range 2 {
		if n, err := c.Write([]byte("POST")); n != 0 || !errors.Is(err, full) {
			t.Errorf("%d bytes were written, %v", n, err)
		}
	}
	if w.end() {
		t.Error("sent")
	}
}

// Bytes on a first connection count when net/http takes a second one by itself.
func TestBytesOnAnEarlierConnectionCount(t *testing.T) {
	c, w := newAttempt(t, func() error { return nil })
	w.wroteHeaderField("Host", nil)
	if _, err := c.Write([]byte("P")); err != nil {
		t.Fatal(err)
	}
	other, _ := newAttempt(t, func() error { return nil })
	w.gotConn(httptrace.GotConnInfo{Conn: other})
	if !w.end() {
		t.Error("not sent")
	}
}

// stranger is a connection of another transport.
type stranger struct{ net.Conn }

// Nothing is written to a connection that cannot be watched, whatever is around it: the hook would not run.
func TestNothingIsWrittenToAForeignConnection(t *testing.T) {
	for _, layers := range []int{0, 1, 2} {
		near, far := net.Pipe()
		t.Cleanup(func() { _, _ = near.Close(), far.Close() })
		go func() { _, _ = io.Copy(io.Discard, far) }() // ends with the pipe
		w := &attempt{before: func() error { t.Error("the hook ran"); return nil }}
		var c net.Conn = stranger{near}
		for range layers {
			c = tls.Client(c, &tls.Config{MinVersion: tls.VersionTLS12})
		}
		w.gotConn(httptrace.GotConnInfo{Conn: c})
		w.wroteHeaderField("Host", nil)
		if n, err := near.Write([]byte("POST")); n != 0 || err == nil {
			t.Errorf("%d layers of TLS: %d bytes were written, %v", layers, n, err)
		}
		err := unanswered(w, net.ErrClosed)
		if OutcomeOf(err) != Unreachable || !errors.Is(err, errForeignConnection) || repeatable(err) {
			t.Errorf("%d layers of TLS: %v", layers, err)
		}
	}
}

// The connection is found below any number of layers of TLS.
func TestTheConnectionIsFoundBelowTLS(t *testing.T) {
	near, far := net.Pipe()
	t.Cleanup(func() { _, _ = near.Close(), far.Close() })
	want := &conn{Conn: near}
	var c net.Conn = want
	for range 3 {
		if got := watchedConn(c); got != want {
			t.Errorf("%T: %v", c, got)
		}
		c = tls.Client(c, &tls.Config{MinVersion: tls.VersionTLS12})
	}
}

// The environment names the proxy, and a host of the loopback has none.
func TestTheLoopbackHasNoProxy(t *testing.T) {
	for host, want := range map[string]bool{
		"registry.example": true, "127.0.0.1:8080": false, "localhost": false, "sim.localhost:80": false, "[::1]": false,
	} {
		proxy, err := environmentProxy(&http.Request{URL: &url.URL{Scheme: "http", Host: host}})
		if err != nil || (proxy != nil) != want {
			t.Errorf("%s: %v, %v", host, proxy, err)
		}
	}
}
