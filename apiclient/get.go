package apiclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// ErrNotModified is returned by Read if the document still has the version that the caller has.
var ErrNotModified = errors.New("apiclient: the document has not changed")

// Version identifies a version of a document (RFC 9110 §8.8). The zero value means none.
type Version struct{ ETag, LastModified string }

// ErrOtherOrigin is returned by Read for a full address on another server than the registry's, which the
// credentials are not meant for.
var ErrOtherOrigin = errors.New("the address is on another server")

// StatusError is an answer to a reading that is neither a document nor a refusal, such as one of a server that
// fails.
type StatusError struct{ HTTPStatus int }

func (e *StatusError) Error() string { return fmt.Sprintf("HTTP %d", e.HTTPStatus) }

// Get reads a JSON document into a value. It returns the errors of Read, or an error if the document is not
// valid JSON.
func (c *Client) Get(ctx context.Context, path string, query url.Values, into any) error {
	data, _, err := c.Read(ctx, path, query, Version{})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("apiclient: GET: the answer: %w", Unreadable(err))
	}
	return nil
}

// Read reads a document at an escaped path below the base address, or at a full address of the same origin
// (SameOrigin). It sends the version that the caller has, and returns ErrNotModified if it is still current. It
// returns *RefusalError for a 4xx answer, *BusyError for "later", *StatusError, *TooLongError, *ProxyError,
// ErrCredentials, ErrOtherOrigin, and other errors for the rest. None of its errors says anything about a
// reservation. Their texts do not have the path, which may hold a text of the registry: the caller adds what it
// asked for.
func (c *Client) Read(ctx context.Context, path string, query url.Values, known Version) ([]byte, Version, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	data, version, err := c.read(ctx, path, query, known)
	if err = ofPatient(ctx, err); err != nil {
		return nil, Version{}, fmt.Errorf("apiclient: GET: %w", err)
	}
	return data, version, nil
}

// checkPath returns an error for a path that is no address, or one of another server.
func (c *Client) checkPath(path string) error {
	u, err := url.Parse(path)
	if err != nil {
		return &redactedError{"the path is invalid", err}
	}
	if !u.IsAbs() {
		return nil // resty puts the base address before it
	}
	base, err := url.Parse(c.config.BaseURL)
	if err != nil || u.User != nil || !SameOrigin(base, u) {
		return ErrOtherOrigin
	}
	return nil
}

func (c *Client) read(ctx context.Context, path string, query url.Values, known Version) ([]byte, Version, error) {
	if err := c.checkPath(path); err != nil {
		return nil, Version{}, err
	}
	r, err := c.request(ctx)
	if err != nil {
		return nil, Version{}, err
	}
	r.SetHeader("Cache-Control", "no-cache") // a cache on the way may not know of the latest reservation
	if known.ETag != "" {
		r.SetHeader("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		r.SetHeader("If-Modified-Since", known.LastModified)
	}
	asked := time.Now()
	resp, err := r.SetQueryParamsFromValues(query).Get(path)
	if resp == nil || resp.RawResponse == nil {
		return nil, Version{}, redact(err)
	}
	c.observer.answer(resp.RawResponse, asked)
	data, err := documentBody(resp, c.config.MaxBody)
	switch status := resp.StatusCode(); {
	case status == http.StatusNotModified:
		return nil, Version{}, ErrNotModified
	case isRedirect(status):
		return nil, Version{}, fmt.Errorf("%w: redirects are not followed", &StatusError{status})
	case err != nil:
		return nil, Version{}, err
	case isBusy(status, resp.Header()):
		return nil, Version{}, &BusyError{HTTPStatus: status, RetryAfter: retryAfter(resp.Header(), time.Now())}
	case status >= 400 && status < 500:
		return nil, Version{}, refusalOf(status, data)
	case status != http.StatusOK:
		return nil, Version{}, &StatusError{status}
	}
	return data, Version{resp.Header().Get("ETag"), resp.Header().Get("Last-Modified")}, nil
}
