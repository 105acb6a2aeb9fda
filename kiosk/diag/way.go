package diag

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"infomat/kiosk/health"
)

// Way watches one request on its way to the registry and reports how far it came: name, connection, encryption, answer.
// It watches the very request that a visit would send, and sends none of its own.
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

// Context returns a context that lets the way watch a request. The connection has to be a new one: one that stands
// already hides the first three parts.
func (w *Way) Context(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart:             func(i httptrace.DNSStartInfo) { w.do(func() { w.host = i.Host; w.name.begun = time.Now() }) },
		DNSDone:              func(i httptrace.DNSDoneInfo) { w.do(func() { w.endName(len(i.Addrs), i.Err) }) },
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

func (w *Way) endName(addresses int, err error) {
	w.addresses = addresses
	w.name.end(err)
}

func (w *Way) beginLine() {
	if w.line.begun.IsZero() { // several addresses are tried side by side
		w.line.begun = time.Now()
	}
}

// endLine keeps the first address that answered, or else the last that did not.
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

// Findings tell how far the request came: dns, tcp, tls and http. Err is what the request ended with; nil where an
// answer came, whatever it said.
func (w *Way) Findings(encrypted bool, now time.Time, err error) []health.Finding {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := []health.Finding{w.nameFinding(err)}
	if all[0].Level == health.Failure {
		return append(all, SkippedFrom(health.PartTCP)...)
	}
	all = append(all, w.lineFinding())
	if all[1].Level == health.Failure {
		return append(all, SkippedFrom(health.PartTLS)...)
	}
	all = append(all, w.tlsFinding(encrypted, now))
	if all[2].Level == health.Failure {
		return append(all, SkippedFrom(health.PartHTTP)...)
	}
	return append(all, w.answerFinding(err))
}

// SkippedFrom are findings for the rest of the way, from a part on: there was nothing to look at.
func SkippedFrom(first health.Part) (all []health.Finding) {
	order := []health.Part{health.PartTCP, health.PartTLS, health.PartHTTP}
	for _, part := range order[slices.Index(order, first):] {
		all = append(all, health.New(part, "skipped"))
	}
	return all
}

func (w *Way) nameFinding(err error) health.Finding {
	if w.name.begun.IsZero() {
		if w.line.begun.IsZero() && err != nil {
			return health.New(health.PartDNS, "not_begun").Because(err) // such as a token file that cannot be read
		}
		return health.New(health.PartDNS, "address")
	}
	kind := health.KindOK
	var dns *net.DNSError
	switch {
	case w.name.err == nil && !w.name.ended.IsZero():
	case errors.As(w.name.err, &dns) && dns.IsNotFound:
		kind = "no_such_name"
	default:
		kind = "no_server"
	}
	f := health.New(health.PartDNS, kind).With(map[string]any{
		"Host":      w.host,
		"Addresses": w.addresses,
	}).Because(w.name.err)
	f.TookMS = w.name.took()
	return f
}

func (w *Way) lineFinding() health.Finding {
	kind := health.KindOK
	if w.line.err != nil || w.line.ended.IsZero() {
		kind = lineKind(w.line.err)
	}
	f := health.New(health.PartTCP, kind).With(map[string]any{"Address": w.address}).Because(w.line.err)
	f.TookMS = w.line.took()
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

func (w *Way) tlsFinding(encrypted bool, now time.Time) health.Finding {
	if !encrypted && w.toThisComputer() {
		return health.New(health.PartTLS, "plain")
	}
	if !encrypted {
		return health.New(health.PartTLS, "readable")
	}
	kind, c, err := health.KindOK, w.certificate, w.encryption.err
	switch {
	case err != nil || w.encryption.ended.IsZero():
		kind = tlsKind(err, c, now)
	case c != nil && c.NotAfter.Sub(now) < health.CertificateAhead:
		kind = "soon"
	}
	data := map[string]any{"Until": "", "Days": 0}
	if c != nil {
		data["Until"], data["Days"] = c.NotAfter.Format(time.DateOnly), int(c.NotAfter.Sub(now).Hours()/24)
		data["From"], data["Fingerprint"] = c.NotBefore.Format(time.DateOnly), fingerprint(c)
	}
	f := health.New(health.PartTLS, kind).With(data).Because(quotable(err))
	f.TookMS = w.encryption.took()
	return f
}

// toThisComputer reports whether the connection does not leave the computer.
func (w *Way) toThisComputer() bool {
	host, _, err := net.SplitHostPort(w.address)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// fingerprint returns the beginning of a certificate's SHA-256, as openssl x509 -fingerprint -sha256 writes it. Names
// are not told: a stranger can write anything into his certificate.
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:8]), " ", ":")
}

// quotable returns the error of a handshake where its text quotes nothing of the other end, and else nil: the kind of
// the finding has the words. Errors of certificates quote names.
func quotable(err error) error {
	var (
		record tls.RecordHeaderError
		alert  tls.AlertError
		op     *net.OpError
	)
	if errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &op) ||
		errors.Is(err, io.EOF) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
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

// answerFinding reports whether an answer came. A registry that wants the terminal's certificate says so only now: in
// TLS 1.3 the handshake is over for us before the other end has looked at it.
func (w *Way) answerFinding(err error) health.Finding {
	kind := health.KindOK
	var alert tls.AlertError
	var op *net.OpError
	var slow net.Error
	switch {
	case err == nil || !w.request.ended.IsZero():
		err = nil // an answer came: what it says is for others to judge
	case errors.As(err, &alert), errors.As(err, &op) && op.Op == "remote error":
		kind = "certificate_wanted"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		kind = "timeout"
	default:
		kind = "cut"
	}
	f := health.New(health.PartHTTP, kind).Because(err)
	f.TookMS = w.request.took()
	return f
}
