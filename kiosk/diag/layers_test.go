package diag

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"infomat/kiosk/health"
)

// slow is an error of the network that ran out of time.
type slow struct{ timeout bool }

func (slow) Error() string   { return "slow" }
func (s slow) Timeout() bool { return s.timeout }
func (slow) Temporary() bool { return false }

// trace is what the network tells of a request, in its order.
func trace(w *Way) *httptrace.ClientTrace {
	return httptrace.ContextClientTrace(w.Context(context.Background()))
}

func first(t *testing.T, all []health.Finding, part health.Part) health.Finding {
	t.Helper()
	for _, f := range all {
		if f.Part == part {
			return f
		}
	}
	t.Fatalf("no %s in %+v", part, all)
	return health.Finding{}
}

// Each layer of the way by what the network tells of it, for the failures that no test can bring about for real.
func TestLayers(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	certificate := func(from, until time.Duration) *x509.Certificate {
		return &x509.Certificate{NotBefore: now.Add(from), NotAfter: now.Add(until)}
	}
	invalid := func(reason x509.InvalidReason) error { return x509.CertificateInvalidError{Reason: reason} }
	for name, c := range map[string]struct {
		network func(tr *httptrace.ClientTrace) // what happened
		chain   *x509.Certificate
		err     error
		part    health.Part
		kind    string
	}{
		"nothing was begun":  {nil, nil, errors.New("token_file"), health.PartDNS, "not_begun"},
		"a line that stands": {nil, nil, nil, health.PartDNS, "address"},
		"an address": {
			func(tr *httptrace.ClientTrace) { tr.ConnectStart("tcp", "1") }, nil, errors.New("x"),
			health.PartDNS, "address",
		},
		"no DNS server": {func(tr *httptrace.ClientTrace) {
			tr.DNSStart(httptrace.DNSStartInfo{Host: "h"})
			tr.DNSDone(httptrace.DNSDoneInfo{Err: &net.DNSError{}})
		}, nil, errors.New("x"), health.PartDNS, "no_server"},
		"no answer of DNS": {
			func(tr *httptrace.ClientTrace) { tr.DNSStart(httptrace.DNSStartInfo{Host: "h"}) }, nil,
			errors.New("x"), health.PartDNS, "no_server",
		},
		"no such name": {func(tr *httptrace.ClientTrace) {
			tr.DNSStart(httptrace.DNSStartInfo{Host: "h"})
			tr.DNSDone(httptrace.DNSDoneInfo{Err: &net.DNSError{IsNotFound: true}})
		}, nil, errors.New("x"), health.PartDNS, "no_such_name"},
		"refused":             {connect(syscall.ECONNREFUSED), nil, errors.New("x"), health.PartTCP, "refused"},
		"no route to network": {connect(syscall.ENETUNREACH), nil, errors.New("x"), health.PartTCP, "no_route"},
		"no route to host": {
			connect(fmt.Errorf("x: %w", os.NewSyscallError("connect", syscall.EHOSTUNREACH))), nil,
			errors.New("x"), health.PartTCP, "no_route",
		},
		"no answer of TCP": {connect(slow{true}), nil, errors.New("x"), health.PartTCP, "timeout"},
		"never connected": {
			func(tr *httptrace.ClientTrace) { tr.ConnectStart("tcp", "1") }, nil, errors.New("x"),
			health.PartTCP, "timeout",
		},
		"the second address": {func(tr *httptrace.ClientTrace) {
			tr.ConnectStart("tcp", "1")
			tr.ConnectStart("tcp", "2")
			tr.ConnectDone("tcp", "1", syscall.ECONNREFUSED)
			tr.ConnectDone("tcp", "2", nil)
			tr.ConnectDone("tcp", "3", syscall.ECONNREFUSED)
		}, nil, errors.New("x"), health.PartTCP, "ok"},
		"expired": {
			handshake(invalid(x509.Expired)), certificate(-2*day, -day), errors.New("x"),
			health.PartTLS, "expired",
		},
		"expired, unseen": {handshake(invalid(x509.Expired)), nil, errors.New("x"), health.PartTLS, "expired"},
		"not yet": {
			handshake(invalid(x509.Expired)), certificate(day, 2*day), errors.New("x"),
			health.PartTLS, "not_yet",
		},
		"of another use": {
			handshake(invalid(x509.IncompatibleUsage)), certificate(-day, 90*day), errors.New("x"),
			health.PartTLS, "untrusted",
		},
		"unknown authority": {
			handshake(x509.UnknownAuthorityError{}), certificate(-day, 90*day), errors.New("x"),
			health.PartTLS, "untrusted",
		},
		"another name": {
			handshake(x509.HostnameError{Certificate: certificate(0, 0), Host: "h"}),
			certificate(-day, 90*day), errors.New("x"), health.PartTLS, "name",
		},
		"no TLS":      {handshake(tls.RecordHeaderError{}), nil, errors.New("x"), health.PartTLS, "not_tls"},
		"refused TLS": {handshake(tls.AlertError(40)), nil, errors.New("x"), health.PartTLS, "refused"},
		"broken TLS":  {handshake(errors.New("eof")), nil, errors.New("x"), health.PartTLS, "broken"},
		"a handshake without end": {
			func(tr *httptrace.ClientTrace) { connect(nil)(tr); tr.TLSHandshakeStart() }, nil,
			errors.New("x"), health.PartTLS, "broken",
		},
		"30 days":           {handshake(nil), certificate(-day, 30*day), nil, health.PartTLS, "ok"},
		"less than 30 days": {handshake(nil), certificate(-day, 30*day-time.Second), nil, health.PartTLS, "soon"},
		"wants a certificate": {
			handshake(nil), certificate(-day, 90*day), fmt.Errorf("x: %w", tls.AlertError(116)),
			health.PartHTTP, "certificate_wanted",
		},
		"an older alert": {
			handshake(nil), certificate(-day, 90*day),
			&net.OpError{Op: "remote error", Err: errors.New("x")}, health.PartHTTP, "certificate_wanted",
		},
		"another error": {
			handshake(nil), certificate(-day, 90*day),
			&net.OpError{Op: "read", Err: errors.New("x")}, health.PartHTTP, "cut",
		},
		"no time": {
			handshake(nil), certificate(-day, 90*day), context.DeadlineExceeded, health.PartHTTP,
			"timeout",
		},
		"no time, net":        {handshake(nil), certificate(-day, 90*day), slow{true}, health.PartHTTP, "timeout"},
		"an error of no time": {handshake(nil), certificate(-day, 90*day), slow{false}, health.PartHTTP, "cut"},
		"an answer and error": {
			answered(handshake(nil)), certificate(-day, 90*day), errors.New("the answer broke off"),
			health.PartHTTP, "ok",
		},
		"an answer": {handshake(nil), certificate(-day, 90*day), nil, health.PartHTTP, "ok"},
	} {
		var w Way
		if c.network != nil {
			c.network(trace(&w))
		}
		w.certificate = c.chain
		f := first(t, w.Findings(true, now, c.err), c.part)
		if f.Kind != c.kind {
			t.Errorf("%s: %s (%s), want %s", name, f.Kind, f.Detail, c.kind)
		}
		if c.part == health.PartTLS && c.chain != nil && (f.Data["Until"] != c.chain.NotAfter.Format(time.DateOnly) ||
			f.Data["Fingerprint"] != "E3:B0:C4:42:98:FC:1C:14" ||
			f.Data["Days"] != int(c.chain.NotAfter.Sub(now)/day)) {
			t.Errorf("%s: %+v", name, f.Data)
		}
	}
}

func connect(err error) func(*httptrace.ClientTrace) {
	return func(tr *httptrace.ClientTrace) {
		tr.ConnectStart("tcp", "1")
		tr.ConnectDone("tcp", "1", err)
	}
}

func handshake(err error) func(*httptrace.ClientTrace) {
	return func(tr *httptrace.ClientTrace) {
		connect(nil)(tr)
		tr.TLSHandshakeStart()
		tr.TLSHandshakeDone(tls.ConnectionState{}, err)
	}
}

func answered(before func(*httptrace.ClientTrace)) func(*httptrace.ClientTrace) {
	return func(tr *httptrace.ClientTrace) {
		before(tr)
		tr.WroteRequest(httptrace.WroteRequestInfo{})
		tr.GotFirstResponseByte()
	}
}

// The certificate is that of the server, also where it was refused.
func TestTheCertificateThatIsTold(t *testing.T) {
	mine, other := &x509.Certificate{Issuer: pkix.Name{CommonName: "first"}},
		&x509.Certificate{Issuer: pkix.Name{CommonName: "second"}}
	var w Way
	trace(&w).TLSHandshakeDone(tls.ConnectionState{PeerCertificates: []*x509.Certificate{mine, other}}, nil)
	if w.certificate != mine {
		t.Errorf("%+v", w.certificate)
	}
	trace(&w).TLSHandshakeDone(tls.ConnectionState{},
		&tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{other}})
	if w.certificate != other {
		t.Errorf("%+v", w.certificate)
	}
	trace(&w).TLSHandshakeDone(tls.ConnectionState{}, errors.New("eof"))
	if w.certificate != other {
		t.Errorf("%+v", w.certificate)
	}
}

func TestTook(t *testing.T) {
	begun := time.Now()
	if got := (phase{begun: begun, ended: begun.Add(1500 * time.Microsecond)}).took(); got != 1.5 {
		t.Errorf("%v", got)
	}
	if got := (phase{begun: begun}).took(); got != 0 {
		t.Errorf("%v", got)
	}
}

// An error of a handshake is told in detail only where its text cannot quote the other end's certificate.
func TestCertificatesAreNotQuoted(t *testing.T) {
	canary := &x509.Certificate{DNSNames: []string{"canary.example"}, Issuer: pkix.Name{CommonName: "canary"}}
	for _, err := range []error{
		&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: canary, Host: "registry.example"}},
		&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{Cert: canary}},
		errors.New(`tls: failed to parse certificate from server: x509: cannot parse dnsName "canary"`),
	} {
		var w Way
		handshake(err)(trace(&w))
		w.certificate = canary
		f := first(t, w.Findings(true, time.Now(), err), health.PartTLS)
		if text := fmt.Sprint(f); strings.Contains(text, "canary") {
			t.Errorf("%T is quoted: %s", err, text)
		}
	}
	var w Way
	handshake(tls.AlertError(40))(trace(&w))
	if f := first(t, w.Findings(true, time.Now(), tls.AlertError(40)), health.PartTLS); f.Detail == "" {
		t.Errorf("an alert has no detail: %+v", f)
	}
}

// Without encryption the answer can be read on the way, unless there is none.
func TestPlainAddressIsWarnedOf(t *testing.T) {
	for address, kind := range map[string]string{
		"127.0.0.1:80": "plain", "[::1]:80": "plain", "192.0.2.1:80": "readable", "[2001:db8::1]:80": "readable",
	} {
		var w Way
		tr := trace(&w)
		tr.ConnectStart("tcp", address)
		tr.ConnectDone("tcp", address, nil)
		answered(func(*httptrace.ClientTrace) {})(tr)
		all := w.Findings(false, time.Now(), nil)
		if f := all[2]; f.Part != health.PartTLS || f.Kind != kind {
			t.Errorf("%s: %+v, want %s", address, f, kind)
		}
	}
}
