package apiclient

import (
	"crypto/tls"
	"net/http"
	"sync"
	"time"
)

// Health is what the client has noticed of the two ends of the wire. Zero values: not known.
type Health struct {
	OwnCertificate    time.Time     // when the terminal's own certificate ends
	ServerCertificate time.Time     // when the first of the registry's chain ends, as it was shown last
	Skew              time.Duration // how far the registry's clock is from ours at least; positive: it is ahead
	SkewAt            time.Time     // when that was measured
}

// observer keeps what is noticed in passing.
type observer struct {
	mu     sync.Mutex
	health Health
}

// Health gives what was noticed so far. The terminal's own certificate is looked at anew: a line that is kept open for weeks does not show a renewed one.
func (c *Client) Health() Health {
	c.observer.mu.Lock()
	h := c.observer.health
	c.observer.mu.Unlock()
	if c.own != nil {
		h.OwnCertificate = c.own.newest().Leaf.NotAfter
	}
	return h
}

// answer looks at an answer that was asked for at an instant. What a proxy kept says nothing of the registry's clock.
func (o *observer) answer(r *http.Response, asked time.Time) {
	now := time.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	if r.TLS != nil {
		o.health.ServerCertificate = firstEnd(r.TLS)
	}
	date, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil || r.Header.Get("Age") != "" {
		return
	}
	o.health.Skew, o.health.SkewAt = skew(date, asked, now), now
}

// firstEnd is when the first certificate of the chain that was accepted ends.
func firstEnd(state *tls.ConnectionState) (end time.Time) {
	chain := state.PeerCertificates
	if len(state.VerifiedChains) > 0 {
		chain = state.VerifiedChains[0]
	}
	for _, c := range chain {
		if end.IsZero() || c.NotAfter.Before(end) {
			end = c.NotAfter
		}
	}
	return end
}

// skew is the least difference between the clocks that explains a date. It was written somewhere between asking and answering, and stands for a
// whole second (RFC 9110 §6.6.1).
func skew(date, asked, answered time.Time) time.Duration {
	if ahead := date.Sub(answered); ahead > 0 {
		return ahead
	}
	if behind := date.Add(time.Second).Sub(asked); behind < 0 {
		return behind
	}
	return 0
}
