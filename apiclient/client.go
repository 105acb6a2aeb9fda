package apiclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-resty/resty/v2"
)

// usualAnswer is the size of the buffer for an answer without Content-Length: a reservation fits.
const usualAnswer = 4 << 10

// Client is a client of one registry. It is safe for concurrent use.
type Client struct {
	config   Config
	http     *resty.Client
	observer *observer
	own      *ownCertificate // nil: none
}

// New returns a client. It returns an error if a setting is invalid or a TLS file cannot be read, and
// ErrPlain for an unencrypted address. It sends nothing.
func New(c Config) (*Client, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	l, own, err := newLines(c)
	if err != nil {
		return nil, err
	}
	plain := &http.Client{Transport: l} // without a cookie jar: a cookie that is too large would break every request
	r := resty.NewWithClient(plain).
		SetBaseURL(c.BaseURL).
		SetRedirectPolicy(resty.NoRedirectPolicy()).
		SetLogger(silent{}).
		SetHeader("Accept", c.Accept).
		SetHeader("User-Agent", c.UserAgent).
		SetPreRequestHook(func(_ *resty.Client, r *http.Request) error {
			r.GetBody = nil // else net/http repeats a POST with an Idempotency-Key when the connection breaks
			return sign(c.Signer, r)
		})
	return &Client{config: c, http: r, observer: &observer{}, own: own}, nil
}

// Close closes the idle connections.
func (c *Client) Close() {
	if c.http != nil {
		c.http.GetClient().CloseIdleConnections()
	}
}

// LPU returns the clinic's GUID.
func (c *Client) LPU() string { return c.config.LPU.String() }

// BaseURL returns the base address, without a slash at its end and without a password.
func (c *Client) BaseURL() string { return c.config.BaseURL }

// errNotMade is returned by a Client that was not made by New.
var errNotMade = errors.New("apiclient: the Client is not made by New")

// errTokenGone is returned for a request with a patient's token that was overwritten: the visit has ended.
var errTokenGone = errors.New("the patient's token is gone")

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
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if err := s.Sign(r, body); err != nil {
		return &beforeSendError{fmt.Errorf("sign: %w", err)}
	}
	return nil
}

// request returns a request with the access headers. Its answer's body is not read, so that body can bound
// its length.
func (c *Client) request(ctx context.Context) (*resty.Request, error) {
	if c.http == nil {
		return nil, errNotMade
	}
	r := c.http.R().SetContext(ctx).SetDoNotParseResponse(true)
	if c.config.ClientApplication != "" {
		r.SetHeader("ClientApplication", c.config.ClientApplication)
	}
	if patient := patientOf(ctx); patient != nil {
		value := patient.header()
		if value == "" {
			return nil, errTokenGone
		}
		return r.SetHeader("Authorization", value), nil
	}
	token, err := c.config.token(ctx)
	if err != nil {
		return nil, err
	}
	switch user := c.config.user; {
	case token != "":
		r.SetHeader("Authorization", "Bearer "+token)
	case user != nil:
		password, _ := user.Password() // blank if there is none
		r.SetBasicAuth(user.Username(), password)
	}
	return r, nil
}

// TooLongError means that an answer's body is longer than Config.MaxBody. It was not read to its end.
type TooLongError struct {
	Limit int64 // Config.MaxBody in bytes
	Size  int64 // the length in bytes that the header Content-Length told; -1: it told none
}

func (e *TooLongError) Error() string {
	limit := fmt.Sprintf("%d bytes", e.Limit)
	if e.Limit%(1<<20) == 0 {
		limit = fmt.Sprintf("%d MiB", e.Limit>>20)
	}
	if e.Size < 0 {
		return "the answer is longer than " + limit
	}
	return fmt.Sprintf("the answer has %d bytes: more than the limit of %s", e.Size, limit)
}

// body reads an answer's body. It returns *TooLongError if the body is longer than the limit.
func body(r *resty.Response, limit int64) ([]byte, error) {
	defer r.RawBody().Close()
	told := r.RawResponse.ContentLength
	if told > limit {
		return nil, &TooLongError{Limit: limit, Size: told}
	}
	size := int64(usualAnswer)
	if told >= 0 {
		size = min(told, defaultMaxBody) // a server that promises much does not get so much memory at once
	}
	var data bytes.Buffer
	data.Grow(int(size) + bytes.MinRead) // avoids growing while it reads
	if _, err := data.ReadFrom(io.LimitReader(r.RawBody(), limit+1)); err != nil {
		return nil, fmt.Errorf("the answer is cut: %w", redact(err))
	}
	if int64(data.Len()) > limit {
		return nil, &TooLongError{Limit: limit, Size: -1}
	}
	return data.Bytes(), nil
}
