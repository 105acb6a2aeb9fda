package metrics

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// The limits of connections. A Prometheus needs one. All of them together are a small part of the descriptors that
// the terminal may have open, so that booking, printing and the journal never lack one.
const (
	mostGuests = 128 // in all
	mostOfOne  = 4   // from one address
)

// betweenGuests is the pause after each connection. It bounds the processor time that strangers can take with new ones,
// and gives a connection at least mostGuests of these pauses to say the password before it gives way. The system keeps
// some 4000 connections waiting: a Prometheus behind them waits about four seconds.
const betweenGuests = time.Millisecond

// A Reason says why a connection ended without figures.
type Reason string

// Every reason.
const (
	RefusedLimit      Reason = "limit"      // too many connections
	RefusedUnfinished Reason = "unfinished" // no whole request came in time, or no TLS handshake
	RefusedPassword   Reason = "password"
	RefusedFault      Reason = "fault" // the server's own
)

// Reasons lists every reason.
var Reasons = []Reason{RefusedLimit, RefusedUnfinished, RefusedPassword, RefusedFault}

// door is a listener that limits connections. Beyond the limit of one address the newest is refused. Beyond the limit
// in all the oldest of those that have not given the password yet gives way, so that strangers with many addresses
// cannot keep a Prometheus out.
type door struct {
	net.Listener
	refused func(Reason, string)

	mu     sync.Mutex
	guests []*guest // the oldest first
}

// guest is an admitted connection.
type guest struct {
	net.Conn
	door  *door
	from  netip.Prefix
	known bool   // it may read the figures; guarded by door.mu
	why   Reason // why it gets none; guarded by door.mu
	left  sync.Once
}

// Accept returns the next connection that is admitted.
func (d *door) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		g := &guest{Conn: c, door: d, from: placeOf(c.RemoteAddr()), why: RefusedUnfinished}
		admitted := d.admit(g)
		if !admitted {
			abort(c)
			d.refused(RefusedLimit, "")
		}
		time.Sleep(betweenGuests)
		if admitted {
			return g, nil
		}
	}
}

// admit adds a connection. If there are too many it closes another one, or returns false.
func (d *door) admit(g *guest) bool {
	d.mu.Lock()
	ofOne, oldest := 0, -1
	for i, other := range d.guests {
		if other.from == g.from {
			ofOne++
		}
		if oldest < 0 && !other.known {
			oldest = i
		}
	}
	if ofOne >= mostOfOne || len(d.guests) >= mostGuests && oldest < 0 {
		d.mu.Unlock()
		return false
	}
	var gives *guest
	if len(d.guests) >= mostGuests {
		gives = d.guests[oldest]
		gives.why = RefusedLimit
	}
	d.guests = append(d.guests, g)
	d.mu.Unlock()
	if gives != nil {
		gives.leave()
		abort(gives.Conn)
	}
	return true
}

// Close closes the connection and makes room for another one.
func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}

func (g *guest) leave() {
	g.left.Do(func() {
		d := g.door
		d.mu.Lock()
		d.guests = slices.DeleteFunc(d.guests, func(other *guest) bool { return other == g })
		known, why := g.known, g.why
		d.mu.Unlock()
		if !known {
			d.refused(why, "")
		}
	})
}

// judge notes whether a connection may read the figures.
func (g *guest) judge(known bool) {
	g.door.mu.Lock()
	defer g.door.mu.Unlock()
	g.known = known
	if !known {
		g.why = RefusedPassword
	}
}

// abort closes a connection at once. The system keeps nothing of it.
func abort(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}

// placeOf returns whom an address belongs to. One computer has a whole /64 of IPv6 addresses.
func placeOf(a net.Addr) netip.Prefix {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := at.Addr().Unmap().WithZone("")
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	place, _ := ip.Prefix(bits) // no error: the bits are those of the address
	return place
}

// guestKey is the key of the connection in a request's context.
type guestKey struct{}

// withGuest puts the connection of a server into the context of its requests.
func withGuest(ctx context.Context, c net.Conn) context.Context {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	return context.WithValue(ctx, guestKey{}, c)
}
