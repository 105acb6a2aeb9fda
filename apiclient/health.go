package apiclient

import (
	"crypto/tls"
	"net/http"
	"sync"
	"time"
)

// Health is what the client has measured of the certificates and the clocks. A zero value means unknown.
type Health struct {
	OwnCertificate    time.Time     // when the terminal's certificate ends
	ServerCertificate time.Time     // when the first certificate of the registry's last seen chain ends
	Skew              time.Duration // least difference of the registry's clock to ours; positive: it is ahead
	SkewAt            time.Time     // when Skew was measured
}

// observer collects Health from the answers.
type observer struct {
	mu     sync.Mutex
	health Health
}

// Health returns what was measured so far. It reads the terminal's own certificate again, because a
// connection that is open for weeks does not show a renewed one.
func (c *Client) Health() Health {
	if c.observer == nil { // not made by New
		return Health{}
	}
	c.observer.mu.Lock()
	h := c.observer.health
	c.observer.mu.Unlock()
	if c.own != nil {
		h.OwnCertificate = c.own.newest().Leaf.NotAfter
	}
	return h
}

// answer measures an answer to a request that was sent at asked. A cached answer says nothing about the
// registry's clock.
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

// firstEnd returns when the first certificate of the verified chain ends.
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

// skew returns the least difference of the clocks that explains a date. The date was written between asked
// and answered, and stands for a whole second (RFC 9110 §6.6.1).
func skew(date, asked, answered time.Time) time.Duration {
	if ahead := date.Sub(answered); ahead > 0 {
		return ahead
	}
	if behind := date.Add(time.Second).Sub(asked); behind < 0 {
		return behind
	}
	return 0
}
