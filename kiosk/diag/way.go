package diag

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
	"syscall"
	"time"
)

// Way watches one request on its way to the registry and tells how far it came: name, line, encryption, answer. It looks at the very request that a
// visit would send, and sends none of its own.
type Way struct {
	mu          sync.Mutex
	host        string
	name        phase
	addresses   int
	line        phase
	address     string
	encryption  phase
	certificate *x509.Certificate
	request     phase // from the request's last byte to the answer's first
}

// phase is a part of the way.
type phase struct {
	begun, ended time.Time
	err          error
}

func (p phase) took() float64 {
	if p.ended.IsZero() {
		return 0
	}
	return ms(p.ended.Sub(p.begun))
}

// Context lets the way watch a request. The connection has to be a new one: one that stands already hides the first three parts.
func (w *Way) Context(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart:             func(i httptrace.DNSStartInfo) { w.do(func() { w.host = i.Host; w.name.begun = time.Now() }) },
		DNSDone:              func(i httptrace.DNSDoneInfo) { w.do(func() { w.addresses = len(i.Addrs); w.name.end(i.Err) }) },
		ConnectStart:         func(_, a string) { w.do(w.beginLine) },
		ConnectDone:          func(_, a string, err error) { w.do(func() { w.endLine(a, err) }) },
		TLSHandshakeStart:    func() { w.do(func() { w.encryption.begun = time.Now() }) },
		TLSHandshakeDone:     func(s tls.ConnectionState, err error) { w.do(func() { w.endTLS(s, err) }) },
		WroteRequest:         func(i httptrace.WroteRequestInfo) { w.do(func() { w.request.begun = time.Now() }) },
		GotFirstResponseByte: func() { w.do(func() { w.request.end(nil) }) },
	})
}

func (w *Way) do(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (p *phase) end(err error) { p.ended, p.err = time.Now(), err }

func (w *Way) beginLine() {
	if w.line.begun.IsZero() { // several addresses are tried side by side
		w.line.begun = time.Now()
	}
}

// endLine keeps the first address that answered, or the last that did not.
func (w *Way) endLine(address string, err error) {
	if !w.line.ended.IsZero() && w.line.err == nil {
		return
	}
	w.address = address
	w.line.end(err)
}

func (w *Way) endTLS(s tls.ConnectionState, err error) {
	w.encryption.end(err)
	chain := s.PeerCertificates
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) {
		chain = bad.UnverifiedCertificates
	}
	if len(chain) > 0 {
		w.certificate = chain[0]
	}
}

// soon is how long before a certificate ends it is told.
const soon = 30 * 24 * time.Hour

// Findings tell how far the request came: dns, tcp, tls and http. Err is what the request ended with; nil where an answer came, whatever it said.
func (w *Way) Findings(encrypted bool, now time.Time, err error) []Finding {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := []Finding{w.nameFinding(err)}
	if all[0].Level == Failure {
		return append(all, skipped(TCP), skipped(TLS), skipped(HTTP))
	}
	all = append(all, w.lineFinding())
	if all[1].Level == Failure {
		return append(all, skipped(TLS), skipped(HTTP))
	}
	all = append(all, w.tlsFinding(encrypted, now))
	if all[2].Level == Failure {
		return append(all, skipped(HTTP))
	}
	return append(all, w.answerFinding(err))
}

func skipped(check string) Finding { return Finding{Check: check, Kind: "skipped", Level: Skipped} }

// failure makes a finding of an error.
func failure(check, kind string, err error) Finding {
	f := Finding{Check: check, Kind: kind, Level: Failure}
	if err != nil {
		f.Detail = err.Error()
	}
	return f
}

func (w *Way) nameFinding(err error) Finding {
	if w.name.begun.IsZero() {
		if w.line.begun.IsZero() && err != nil {
			return failure(DNS, "not_begun", err) // such as a token file that cannot be read
		}
		return Finding{Check: DNS, Kind: "address", Level: Skipped}
	}
	f := Finding{Check: DNS, Kind: "ok", Level: OK, Data: map[string]any{"Host": w.host, "Addresses": w.addresses}, TookMS: w.name.took()}
	if w.name.err == nil && !w.name.ended.IsZero() {
		return f
	}
	f.Level, f.Kind = Failure, "no_server"
	var dns *net.DNSError
	if errors.As(w.name.err, &dns) && dns.IsNotFound {
		f.Kind = "no_such_name"
	}
	if w.name.err != nil {
		f.Detail = w.name.err.Error()
	}
	return f
}

func (w *Way) lineFinding() Finding {
	f := Finding{Check: TCP, Kind: "ok", Level: OK, Data: map[string]any{"Address": w.address}, TookMS: w.line.took()}
	if w.line.err == nil && !w.line.ended.IsZero() {
		return f
	}
	f.Level, f.Kind = Failure, lineKind(w.line.err)
	if w.line.err != nil {
		f.Detail = w.line.err.Error()
	}
	return f
}

func lineKind(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "no_route"
	}
	return "timeout"
}

func (w *Way) tlsFinding(encrypted bool, now time.Time) Finding {
	if !encrypted {
		return Finding{Check: TLS, Kind: "plain", Level: Skipped}
	}
	f := Finding{Check: TLS, Kind: "ok", Level: OK, TookMS: w.encryption.took(), Data: map[string]any{"Until": "", "Days": 0}}
	if c := w.certificate; c != nil {
		f.Data["Until"], f.Data["Days"] = c.NotAfter.Format(time.DateOnly), int(c.NotAfter.Sub(now).Hours()/24)
		f.Data["From"], f.Data["Issuer"] = c.NotBefore.Format(time.DateOnly), c.Issuer.CommonName
	}
	if err := w.encryption.err; err != nil || w.encryption.ended.IsZero() {
		f.Level, f.Kind = Failure, tlsKind(err, w.certificate, now)
		if err != nil {
			f.Detail = err.Error()
		}
		return f
	}
	if c := w.certificate; c != nil && c.NotAfter.Sub(now) < soon {
		f.Level, f.Kind = Warning, "soon"
	}
	return f
}

func tlsKind(err error, c *x509.Certificate, now time.Time) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		alert     tls.AlertError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && c != nil && now.Before(c.NotBefore):
		return "not_yet"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "expired"
	case errors.As(err, &host):
		return "name"
	case errors.As(err, &authority), errors.As(err, &invalid):
		return "untrusted"
	case errors.As(err, &record):
		return "not_tls"
	case errors.As(err, &alert):
		return "refused"
	}
	return "broken"
}

// answerFinding tells whether an answer came. A registry that wants the terminal's certificate says so only now: in TLS 1.3 the handshake is over for us
// before the other end has looked at it.
func (w *Way) answerFinding(err error) Finding {
	f := Finding{Check: HTTP, Kind: "ok", Level: OK, TookMS: w.request.took()}
	if err == nil || !w.request.ended.IsZero() {
		return f
	}
	var alert tls.AlertError
	var op *net.OpError
	var slow net.Error
	switch {
	case errors.As(err, &alert), errors.As(err, &op) && op.Op == "remote error":
		return failure(HTTP, "certificate_wanted", err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return failure(HTTP, "timeout", err)
	}
	return failure(HTTP, "cut", err)
}
