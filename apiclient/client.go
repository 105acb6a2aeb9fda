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

// maxAnswer bounds an answer's body. A reservation is about 3 kB, a doctor's two weeks about 200 kB.
const (
	maxAnswer   = 4 << 20
	usualAnswer = 4 << 10 // what is made room for where the answer does not say its length: a reservation
)

// errTooLong is an answer beyond maxAnswer.
var errTooLong = errors.New("the answer is longer than 4 MiB")

// Config is how the registry is reached.
type Config struct {
	BaseURL           string        // {{url}} of the page: http or https, with the API's version in it, no slash at the end
	LPU               uuid.UUID     // {{lpuGuid}}: the clinic
	ShortAnswer       bool          // ask with fullResponse=false
	Timeout           time.Duration // for the connection, and again for the answer
	ClientApplication string        // header ClientApplication; blank: none
	TokenFile         string        // holds a bearer token; read for each request, so that a new one counts at once; blank: none
	CAFile            string        // trusted instead of the system's; blank: the system's
	CertFile, KeyFile string        // the terminal's own certificate; read for each new connection; blank: none
	Signer            Signer        // signs each request; nil: none
	Accept            string        // the kind of document that is asked for; blank: application/json
	UserAgent         string        // product and version, such as infomat/1.4, for the other side's log; blank: infomat
}

// Signer signs a request whose headers and body are complete. The registry's own scheme is not documented; the interface is where it will go.
type Signer interface {
	Sign(r *http.Request, body []byte) error
}

// Client speaks to one registry over one pool of connections. It is safe for concurrent use.
type Client struct {
	config    Config
	transport *http.Transport
	http      *resty.Client
	observer  *observer
	own       *ownCertificate // nil: none
}

// New makes a client. It reads the TLS files, and fails where one of them does not fit.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("apiclient: %q is no address of a registry: it has to be http://… or https://…", c.BaseURL)
	}
	if c.LPU == uuid.Nil {
		return nil, errors.New("apiclient: the clinic's GUID is missing")
	}
	if c.Timeout <= 0 {
		return nil, errors.New("apiclient: the timeout has to be positive")
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
			r.GetBody = nil // else net/http repeats a POST that has an Idempotency-Key by itself when the connection breaks
			return sign(c.Signer, r)
		})
	return &Client{config: c, transport: transport, http: r, observer: &observer{}, own: own}, nil
}

// Close gives the pool's idle connections back.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// silent keeps the library from logging: its lines can hold texts of the registry.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

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
	t.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return own.newest(), nil }
	return t, own, nil
}

// ownCertificate is the terminal's certificate.
type ownCertificate struct {
	certFile, keyFile string
	last              atomic.Pointer[tls.Certificate] // the last good one
}

// newest reads the certificate anew, so that a renewed one counts at once; where that fails (it is just being written) it is the last good one.
func (o *ownCertificate) newest() *tls.Certificate {
	if fresh, err := tls.LoadX509KeyPair(o.certFile, o.keyFile); err == nil {
		o.last.Store(&fresh)
	}
	return o.last.Load()
}

// request prepares what every call has: access headers and the body unread, so that its length can be bounded.
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

// ErrCredentials says that the terminal cannot show who it is: nothing was sent, and nothing can be before somebody mends the file that is named.
var ErrCredentials = errors.New("the terminal cannot show who it is")

// byteOrderMark is what some editors and some servers begin with.
const byteOrderMark = "\xef\xbb\xbf"

// readToken reads a bearer token. A file that is just being written may be empty.
func readToken(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(strings.TrimPrefix(string(data), byteOrderMark))
	if token == "" || strings.ContainsFunc(token, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", fmt.Errorf("%s has to hold a token, on one line, and nothing else", file)
	}
	return token, nil
}

// body reads an answer up to its bound.
func body(r *resty.Response) ([]byte, error) {
	defer r.RawBody().Close()
	size := usualAnswer
	if n := r.RawResponse.ContentLength; n >= 0 && n <= maxAnswer {
		size = int(n)
	}
	var data bytes.Buffer
	data.Grow(size + bytes.MinRead) // read in one go
	if _, err := data.ReadFrom(io.LimitReader(r.RawBody(), maxAnswer+1)); err != nil {
		return nil, fmt.Errorf("the answer broke off: %w", plain(err))
	}
	if data.Len() > maxAnswer {
		return nil, errTooLong
	}
	return bytes.TrimPrefix(data.Bytes(), []byte(byteOrderMark)), nil
}
