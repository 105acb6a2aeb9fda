package apiclient_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"infomat/apiclient"
)

// BenchmarkReserve compares the client with plain net/http: the same request, the same answer decoded into
// the same struct, with a timeout. The client has a connection of its own for each reservation, so there are
// two comparisons: net/http with a kept connection, and net/http with a new one for each request.
func BenchmarkReserve(b *testing.B) {
	answer := sample(b)
	server := httptest.NewServer(says(http.StatusOK, "Content-Type: application/json", string(answer)))
	defer server.Close()
	b.Run("of=client", func(b *testing.B) {
		c, err := apiclient.New(apiclient.Config{BaseURL: server.URL, LPU: lpu, Timeout: 10 * time.Second})
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Reserve(b.Context(), order()); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, c := range map[string]*http.Client{
		"of=net-http":                {Transport: &http.Transport{}},
		"of=net-http-own-connection": {Transport: &http.Transport{DisableKeepAlives: true}},
	} {
		b.Run(name, func(b *testing.B) {
			defer c.CloseIdleConnections()
			b.ReportAllocs()
			for b.Loop() {
				if err := bare(b.Context(), c, server.URL, order()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// bare reserves with net/http alone.
func bare(ctx context.Context, c *http.Client, url string, o apiclient.ReserveRequest) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	body, err := json.Marshal(
		map[string]any{"timeTable": o.TimeTable, "ageCategory": o.AgeCategory, "reserveTime": o.ReserveMinutes},
	)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(
		ctx,
		http.MethodPost,
		url+"/visit/"+lpu.String()+"/reservation",
		bytes.NewReader(body),
	)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"Accept": "application/json", "Content-Type": "application/json", "X-Request-ID": o.Operation.String(),
		"Idempotency-Key": o.Operation.String(),
	} {
		r.Header.Set(name, value)
	}
	resp, err := c.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	var into apiclient.TicketVisitWithLPU
	return json.Unmarshal(data, &into)
}
