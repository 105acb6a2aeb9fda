package checks

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"infomat/apiclient"
	"infomat/kiosk/health"
)

// Reader reads a page of the registry.
type Reader interface {
	Get(ctx context.Context, path string, query url.Values, into any) error
	LPU() string
}

// Line asks the registry for a small page. Whatever is answered, there is a line: what the page is called is guessed,
// and its absence says nothing. Without a token to show nothing can be asked, and nothing reserved. Where there is a
// line, certificates are judged.
func Line(ctx context.Context, r Reader, certificates func() Certificates) health.Finding {
	var page json.RawMessage
	err := r.Get(ctx, "/lpu/"+r.LPU(), nil, &page)
	var noLine *url.Error
	switch {
	case errors.Is(err, apiclient.ErrCredentials):
		return health.New(health.PartRegistry, "no_credentials").Because(err)
	case errors.As(err, &noLine), ctx.Err() != nil:
		return health.New(health.PartRegistry, "no_line").Because(errors.Join(err, ctx.Err()))
	}
	return certificates().Finding(time.Now())
}

// Certificates are the ends of the certificates of both sides. Zero: there is none, or it was not seen yet.
type Certificates struct{ Own, Server time.Time }

// CertificatesOf are those of several clients, of which the first to end counts.
func CertificatesOf(clients ...apiclient.Health) (c Certificates) {
	for _, h := range clients {
		c.Own, c.Server = earlier(c.Own, h.OwnCertificate), earlier(c.Server, h.ServerCertificate)
	}
	return c
}

// earlier is the earlier of two instants; zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Finding warns of a certificate that ends soon; the terminal's own comes first, as it can be renewed here.
func (c Certificates) Finding(now time.Time) health.Finding {
	kind, end := health.KindOK, time.Time{}
	switch {
	case endsSoon(c.Own, now):
		kind, end = "own_certificate", c.Own
	case endsSoon(c.Server, now):
		kind, end = "server_certificate", c.Server
	}
	f := health.New(health.PartRegistry, kind)
	if !end.IsZero() {
		f.Data = map[string]any{"Until": end.Format(time.DateOnly), "Days": int(end.Sub(now).Hours() / 24)}
	}
	return f
}

func endsSoon(end, now time.Time) bool {
	return !end.IsZero() && end.Sub(now) < health.CertificateAhead
}
