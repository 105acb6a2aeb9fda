package checks

import (
	"context"
	"errors"
	"net/http"
	"time"

	"infomat/apiclient"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
)

// Prober is a client of the registry that has no connection yet: one that stands already hides what makes it.
type Prober interface {
	Probe(ctx context.Context) error // goes the way of a reservation and books nothing
	Health() apiclient.Health
}

// OnTheWay are the parts that Way looks at.
var OnTheWay = []health.Part{
	health.PartDNS, health.PartTCP, health.PartTLS, health.PartHTTP, health.PartAccess, health.PartClock,
}

// sameAnswer is the time in milliseconds of what was read off an answer that had come already.
const sameAnswer = 0.001

// Way goes the way of a reservation, watches it layer by layer, and reports whether the registry accepts this
// terminal. Encrypted says whether the registry's address is one of https.
func Way(ctx context.Context, p Prober, encrypted bool) (all []health.Finding, admitted bool) {
	var way diag.Way
	err := p.Probe(way.Context(ctx))
	all = way.Findings(encrypted, time.Now(), err)
	if f, ok := proxyFinding(err); ok {
		f.TookMS = all[1].TookMS
		all = append(all[:1], f)
		all = append(all, diag.SkippedFrom(health.PartTLS)...)
	}
	last := &all[len(all)-1]
	if last.Part != health.PartHTTP || last.Level != health.OK {
		return append(all, health.New(health.PartAccess, "skipped"), Clock(0, false)), false
	}
	if kind, status, foreign := Foreign(err); foreign {
		took := last.TookMS
		*last = health.New(health.PartHTTP, kind).With(map[string]any{"Status": status}).Because(err)
		last.TookMS = took
		return append(all, health.New(health.PartAccess, "skipped"), Clock(0, false)), false
	}
	access, clock := Answer(err), clockOfAnswer(p)
	access.TookMS, clock.TookMS = sameAnswer, sameAnswer
	return append(all, access, clock), access.Level == health.OK
}

// proxyFinding returns what a proxy that did not connect to the registry has answered. One that could not be reached
// is found on the way.
func proxyFinding(err error) (health.Finding, bool) {
	var proxy *apiclient.ProxyError
	if !errors.As(err, &proxy) || proxy.Status == 0 {
		return health.Finding{}, false
	}
	kind := "proxy"
	if proxy.Status == http.StatusProxyAuthRequired {
		kind = "proxy_login"
	}
	return health.New(health.PartTCP, kind).With(map[string]any{"Status": proxy.Status}), true
}

// NoWay are the findings of a way that could not be begun, such as for a key that cannot be read.
func NoWay(err error) []health.Finding {
	all := []health.Finding{health.New(health.PartDNS, "not_begun").Because(err)}
	all = append(all, diag.SkippedFrom(health.PartTCP)...)
	return append(all, health.New(health.PartAccess, "skipped"), Clock(0, false))
}

// clockOfAnswer compares the clocks by the date of the answer.
func clockOfAnswer(p Prober) health.Finding {
	h := p.Health()
	return Clock(h.Skew, !h.SkewAt.IsZero())
}
