package apiclient

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// conn reports each write, before and after it, to the attempt that uses the connection. It works below
// TLS, so it knows whether a byte was sent.
type conn struct {
	net.Conn
	attempt atomic.Pointer[attempt] // the attempt that uses the connection; nil: none
}

// Write writes nothing if the attempt blocks the write.
func (c *conn) Write(p []byte) (int, error) {
	user := c.attempt.Load()
	if user == nil {
		return c.Conn.Write(p)
	}
	if err := user.beforeWrite(c); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	user.afterWrite(c, n)
	return n, err
}

var (
	// errAttemptOver blocks writes of an attempt that was reported as not sent.
	errAttemptOver = errors.New("the attempt is over")

	// errForeignConnection blocks writes to a connection that cannot be watched.
	errForeignConnection = errors.New("the connection cannot be watched, so nothing is sent over it")
)

// attempt follows one attempt of a reservation: it knows whether a byte of the request was written, on any
// connection.
type attempt struct {
	before func() error

	mu      sync.Mutex
	conn    *conn // the connection in use
	started bool  // the request is being written to conn; writes of TLS itself before that are no part of it
	hookRan bool  // before has run for conn
	blocked error // why all further writes are blocked, also those of TLS itself; nil: they are not
	writing int   // writes in progress
	sent    bool  // a byte was sent, or may have been
}

// attemptKey is the key of the attempt in its request's context.
type attemptKey struct{}

// in returns a context whose request belongs to the attempt.
func (a *attempt) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, attemptKey{}, a)
}

// attemptOf returns the attempt that a request belongs to; nil: none.
func attemptOf(ctx context.Context) *attempt {
	a, _ := ctx.Value(attemptKey{}).(*attempt)
	return a
}

// withTrace returns a context whose request reports its connection and its first header to the attempt.
func (a *attempt) withTrace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: a.gotConn, WroteHeaderField: a.wroteHeaderField})
}

// gotConn is called when a connection is ready for the request: the handshake of TLS, and with a proxy CONNECT,
// are over. A connection that cannot be watched is closed, so that nothing can be written to it.
func (a *attempt) gotConn(info httptrace.GotConnInfo) {
	c := watchedConn(info.Conn)
	if c == nil {
		a.block(errForeignConnection)
		_ = info.Conn.Close()
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conn, a.started, a.hookRan = c, false, false
	c.attempt.Store(a)
}

// watchedConn returns the connection below TLS. With an https:// proxy and an https:// registry there are two
// layers of TLS. It returns nil if the innermost connection is not a *conn.
func watchedConn(c net.Conn) *conn {
	for {
		switch layer := c.(type) {
		case *conn:
			return layer
		case interface{ NetConn() net.Conn }: // *tls.Conn
			c = layer.NetConn()
		default:
			return nil
		}
	}
}

// block blocks all further writes.
func (a *attempt) block(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.blocked = err
}

// blockedBy returns why writes are blocked; nil: they are not.
func (a *attempt) blockedBy() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.blocked
}

// handOver runs the hook before the request is handed to a transport that cannot be watched. From then on
// the request counts as sent.
func (a *attempt) handOver() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.blocked == nil {
		a.blocked = a.before()
	}
	a.sent = a.sent || a.blocked == nil
	return a.blocked
}

// wroteHeaderField is called when a header is written into the connection's buffer, so before a byte of the
// request is written to the connection.
func (a *attempt) wroteHeaderField(string, []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.started = true
}

// beforeWrite runs the hook once for each connection, and returns its error.
func (a *attempt) beforeWrite(c *conn) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c != a.conn || !a.started {
		return nil
	}
	if a.blocked == nil && !a.hookRan {
		a.hookRan, a.blocked = true, a.before()
	}
	if a.blocked == nil {
		a.writing++
	}
	return a.blocked
}

func (a *attempt) afterWrite(c *conn, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c != a.conn || a.writing == 0 {
		return
	}
	a.writing--
	a.sent = a.sent || n > 0
}

// end ends the attempt and reports whether a byte of the request may have been sent. If not, no byte will
// be.
func (a *attempt) end() (sent bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sent || a.writing > 0 {
		return true
	}
	if a.blocked == nil {
		a.blocked = errAttemptOver
	}
	return false
}
