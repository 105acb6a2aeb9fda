package apiclient

import (
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"testing"
)

// watched is a connection whose other end reads everything, with an attempt on it.
func watched(t *testing.T, before func() error) (*conn, *attempt) {
	t.Helper()
	near, far := net.Pipe()
	t.Cleanup(func() { _ = near.Close() })
	go func() { _, _ = io.Copy(io.Discard, far) }() // ends with the pipe
	c, w := &conn{Conn: near}, &attempt{before: before}
	if _, err := c.Write([]byte("what TLS says to begin with")); err != nil {
		t.Fatal(err)
	}
	w.gotConn(httptrace.GotConnInfo{Conn: c})
	return c, w
}

// A connection that is closed under TLS says so to the other side. That is no part of a request, and neither is a header in the buffer.
func TestAFarewellIsNoRequest(t *testing.T) {
	asked := 0
	c, w := watched(t, func() error { asked++; return nil })
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
	c, w := watched(t, func() error { asked++; return nil })
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

// A write that is under way when the attempt is given up may reach the wire.
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

// A write that put nothing on the wire sent nothing.
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

// Where the hook fails nothing goes out, not even a farewell.
func TestAHookThatFailsKeepsEverythingBack(t *testing.T) {
	full := errors.New("disk full")
	c, w := watched(t, func() error { return full })
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

// What went out on a first connection is not forgotten when net/http takes a second one by itself.
func TestBytesOnAnEarlierConnectionCount(t *testing.T) {
	c, w := watched(t, func() error { return nil })
	w.wroteHeaderField("Host", nil)
	if _, err := c.Write([]byte("P")); err != nil {
		t.Fatal(err)
	}
	other, _ := watched(t, func() error { return nil })
	w.gotConn(httptrace.GotConnInfo{Conn: other})
	if !w.end() {
		t.Error("not sent")
	}
}

// Of a connection that is not the transport's own nothing can be said, so nothing is claimed.
func TestAForeignConnectionIsUnknown(t *testing.T) {
	near, far := net.Pipe()
	t.Cleanup(func() { _, _ = near.Close(), far.Close() })
	w := &attempt{}
	w.gotConn(httptrace.GotConnInfo{Conn: near})
	if !w.end() {
		t.Error("not sent")
	}
}
