package apiclient

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/go-resty/resty/v2"
	"github.com/google/uuid"
)

// Bounds of an answer's body in bytes. A reservation has about 3 kB, a doctor's two weeks about 200 kB.
const (
	maxAnswer   = 4 << 20
	usualAnswer = 4 << 10 // the size of the buffer for an answer without Content-Length: a reservation fits
)

// errTooLong is returned for a body longer than maxAnswer.
var errTooLong = errors.New("the answer is longer than 4 MiB")

// Config holds the settings of a Client.
type Config struct {
	BaseURL           string        // {{url}} of the page: http or https, with the API's version
	LPU               uuid.UUID     // {{lpuGuid}}: the clinic
	ShortAnswer       bool          // ask with fullResponse=false
	Timeout           time.Duration // for the connection, and again for the answer
	ClientApplication string        // header ClientApplication; blank: none
	TokenFile         string        // file with a bearer token, read for each request; blank: none
	AllowPlain        bool          // take an http:// address beyond the loopback, where everybody on the way reads along
	CAFile            string        // PEM certificates to trust instead of the system's; blank: the system's
	CertFile, KeyFile string        // the terminal's certificate, read for each new connection; blank: none
	Signer            Signer        // signs each request; nil: none
	Accept            string        // header Accept; blank: application/json
	UserAgent         string        // header User-Agent, such as infomat/1.4; blank: infomat
}

// Signer signs requests. Sign is called when the headers and the body are complete, and adds headers. The
// registry's own scheme is not documented.
type Signer interface {
	Sign(r *http.Request, body []byte) error
}

// Client is a client of one registry with one pool of connections. It is safe for concurrent use.
type Client struct {
	config    Config
	transport *http.Transport
	http      *resty.Client
	observer  *observer
	own       *ownCertificate // nil: none
}

// New returns a client. It returns an error if the address, the clinic's GUID or the timeout is invalid, or
// if a TLS file cannot be read.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("apiclient: %q is no address of a registry: want http://… or https://…", c.BaseURL)
	}
	if c.LPU == uuid.Nil {
		return nil, errors.New("apiclient: the clinic's GUID is missing")
	}
	if c.Timeout <= 0 {
		return nil, errors.New("apiclient: the timeout must be positive")
	}
	tlsConfig, own, err := newTLS(c)
	if err != nil {
		return nil, err
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.Accept == "" {
		c.Accept = "application/json"
	}
	if c.UserAgent == "" {
		c.UserAgent = "infomat"
	}
	transport := newTransport(tlsConfig, c.Timeout)
	r := resty.New().
		SetTransport(transport).
		SetBaseURL(c.BaseURL).
		SetRedirectPolicy(resty.NoRedirectPolicy()).
		SetLogger(silent{}).
		SetHeader("Accept", c.Accept).
		SetHeader("User-Agent", c.UserAgent).
		SetPreRequestHook(func(_ *resty.Client, r *http.Request) error {
			r.GetBody = nil // else net/http repeats a POST with an Idempotency-Key when the connection breaks
			return sign(c.Signer, r)
		})
	return &Client{config: c, transport: transport, http: r, observer: &observer{}, own: own}, nil
}

// Close closes the idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// silent discards the HTTP library's log: its lines can contain texts of the registry.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

// sign calls the signer, if there is one, with the request's body.
func sign(s Signer, r *http.Request) error {
	if s == nil {
		return nil
	}
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return fmt.Errorf("apiclient: sign: %w", err)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	if err := s.Sign(r, body); err != nil {
		return fmt.Errorf("%w: apiclient: sign: %w", errBeforeSend, err)
	}
	return nil
}

// newTLS returns the TLS settings, and the terminal's certificate if one is configured.
func newTLS(c Config) (*tls.Config, *ownCertificate, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12}
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

// request returns a request with the access headers. Its answer's body is not read, so that body can bound
// its length.
func (c *Client) request(ctx context.Context) (*resty.Request, error) {
	r := c.http.R().SetContext(ctx).SetDoNotParseResponse(true)
	if c.config.ClientApplication != "" {
		r.SetHeader("ClientApplication", c.config.ClientApplication)
	}
	if c.config.TokenFile != "" {
		token, err := readToken(c.config.TokenFile)
		if err != nil {
			return nil, fmt.Errorf("%w: token_file: %w", ErrCredentials, err)
		}
		r.SetHeader("Authorization", "Bearer "+token)
	}
	return r, nil
}

// ErrCredentials is returned if a file with the terminal's credentials cannot be read. Nothing was sent.
var ErrCredentials = errors.New("the terminal's credentials cannot be read")

// byteOrderMark begins some files and some answers, and is skipped.
const byteOrderMark = "\xef\xbb\xbf"

// readToken reads a bearer token. It returns an error if the file is empty, which it may be while it is
// being written, or holds more than a token.
func readToken(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(strings.TrimPrefix(string(data), byteOrderMark))
	invalid := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
	if token == "" || strings.ContainsFunc(token, invalid) {
		return "", fmt.Errorf("%s must hold a token on one line and nothing else", file)
	}
	return token, nil
}

// body reads an answer's body, and returns errTooLong if it is longer than maxAnswer.
func body(r *resty.Response) ([]byte, error) {
	defer r.RawBody().Close()
	size := usualAnswer
	if n := r.RawResponse.ContentLength; n >= 0 && n <= maxAnswer {
		size = int(n)
	}
	var data bytes.Buffer
	data.Grow(size + bytes.MinRead) // avoids growing while it reads
	if _, err := data.ReadFrom(io.LimitReader(r.RawBody(), maxAnswer+1)); err != nil {
		return nil, fmt.Errorf("the answer is cut: %w", redact(err))
	}
	if data.Len() > maxAnswer {
		return nil, errTooLong
	}
	return data.Bytes(), nil
}
