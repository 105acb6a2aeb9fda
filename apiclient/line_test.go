package apiclient_test

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// fault is a fault of one direction of a line. The zero value is none.
type fault struct {
	breaksAfter int           // the line breaks when so many bytes have passed; 0: it does not. See breaks0
	breaks0     bool          // it breaks before the first byte
	polite      bool          // it is closed (FIN) and not reset (RST)
	flips       int           // which byte is spoilt, counted from 1; 0: none
	delay       time.Duration // before the first byte
	drip        time.Duration // before each byte
}

// line is a TCP proxy before a server, with faults on its first connection and none on the others.
type line struct {
	listener        net.Listener
	target          string
	request, answer fault
	accepted        atomic.Int32
	sent, received  atomic.Int64 // bytes that have passed: to the server, from the server
	work            sync.WaitGroup
}

// newLine starts a line to the address of a server. It is closed with the test.
func newLine(t testing.TB, target string, request, answer fault) *line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &line{listener: l, target: target, request: request, answer: answer}
	n.work.Go(n.accept)
	t.Cleanup(n.close)
	return n
}

func (l *line) close() {
	_ = l.listener.Close()
	l.work.Wait()
}

func (l *line) address() string { return l.listener.Addr().String() }

func (l *line) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.target)
		if err != nil {
			_ = near.Close()
			return
		}
		request, answer := l.request, l.answer
		if l.accepted.Add(1) > 1 {
			request, answer = fault{}, fault{}
		}
		l.work.Go(func() { carry(near, far, request, &l.sent) })
		l.work.Go(func() { carry(far, near, answer, &l.received) })
	}
}

// carry copies bytes, with a fault, until one side is closed; then it closes both.
func carry(from, to net.Conn, f fault, passed *atomic.Int64) {
	polite := true
	defer func() {
		for _, c := range []net.Conn{from, to} {
			if !polite {
				_ = c.(*net.TCPConn).SetLinger(0)
			}
			_ = c.Close()
		}
	}()
	if f.breaks0 {
		polite = f.polite
		return
	}
	buffer := make([]byte, 1<<15)
	count := 0
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if count == 0 {
			time.Sleep(f.delay)
		}
		for _, part := range parts(buffer[:n], f, count) {
			time.Sleep(f.drip)
			if _, err := to.Write(part); err != nil {
				return
			}
			count += len(part)
			passed.Add(int64(len(part)))
			if count == f.breaksAfter {
				polite = f.polite
				return
			}
		}
	}
}

// parts returns the pieces to send one by one, after count bytes. It changes the spoilt byte in place.
func parts(data []byte, f fault, count int) [][]byte {
	if i := f.flips - 1 - count; f.flips > 0 && i >= 0 && i < len(data) {
		data[i] ^= 0x5a
	}
	if f.drip > 0 {
		var all [][]byte
		for i := range data {
			all = append(all, data[i:i+1])
		}
		return all
	}
	if left := f.breaksAfter - count; f.breaksAfter > 0 && left < len(data) {
		return [][]byte{data[:left]}
	}
	return [][]byte{data}
}
