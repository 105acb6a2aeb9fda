package apiclient

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"sync/atomic"
)

// newTLS returns the TLS settings, and the terminal's certificate if one is configured.
func newTLS(c Config) (*tls.Config, *ownCertificate, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.RootCAs}
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, nil, fmt.Errorf("apiclient: ca_file: %w", err)
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, nil, fmt.Errorf("apiclient: ca_file %s holds no PEM certificate", c.CAFile)
		}
	}
	if c.CertFile == "" {
		return t, nil, nil
	}
	pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
	if err != nil {
		return nil, nil, fmt.Errorf("apiclient: cert_file and key_file: %w", err)
	}
	own := &ownCertificate{certFile: c.CertFile, keyFile: c.KeyFile}
	own.last.Store(&pair)
	t.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		return own.newest(), nil
	}
	// IIS asks for a certificate only after it has read the request, by a second handshake (TLS 1.2). Its bytes
	// follow the request's first one, so the attempt already counts as sent.
	t.Renegotiation = tls.RenegotiateOnceAsClient
	return t, own, nil
}

// ownCertificate is the terminal's client certificate.
type ownCertificate struct {
	certFile, keyFile string
	last              atomic.Pointer[tls.Certificate] // the last valid one
}

// newest reads the certificate again, so that a renewed one is used at once. If that fails, for example
// because the file is being written, it returns the last valid one.
func (o *ownCertificate) newest() *tls.Certificate {
	if fresh, err := tls.LoadX509KeyPair(o.certFile, o.keyFile); err == nil {
		o.last.Store(&fresh)
	}
	return o.last.Load()
}
