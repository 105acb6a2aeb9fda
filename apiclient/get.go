package apiclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// Get reads a document below the base address into a value. An answered no is a *Refusal; everything else is an error of its own, and none of
// them says anything of a booking.
func (c *Client) Get(ctx context.Context, path string, query url.Values, into any) error {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	r, err := c.request(ctx)
	if err != nil {
		return err
	}
	resp, err := r.SetQueryParamsFromValues(query).Get(path)
	if err != nil {
		return fmt.Errorf("apiclient: GET %s: %w", path, err)
	}
	data, err := body(resp)
	if err != nil {
		return fmt.Errorf("apiclient: GET %s: %w", path, err)
	}
	switch status := resp.StatusCode(); {
	case status >= 400 && status < 500:
		return fmt.Errorf("apiclient: GET %s: %w", path, refusalOf(status, data))
	case status != http.StatusOK:
		return fmt.Errorf("apiclient: GET %s: HTTP %d", path, status)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("apiclient: GET %s: the answer cannot be read: %w", path, err)
	}
	return nil
}

// LPU is the clinic the client speaks for.
func (c *Client) LPU() string { return c.config.LPU.String() }
