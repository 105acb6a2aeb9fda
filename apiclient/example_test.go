package apiclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// exampleRegistry reserves one cell, and says of any other that it is taken.
func exampleRegistry() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		switch {
		case q.Method == http.MethodGet && q.URL.Query().Get("day") == "5":
			w.Header().Set("ETag", `"1"`)
			_, _ = io.WriteString(w, `{"free":3}`)
		case strings.Contains(string(body), cell.String()):
			_, _ = io.WriteString(w, `{"num":"008","room":"202","ticketGuid":"33333333-3333-3333-3333-333333333333"}`)
		default:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"message_code":"4009","message":"Ячейка занята","type":"Validation"}`)
		}
	}))
}

// A reservation, its number, and what a refusal means.
func Example_reserve() {
	server := exampleRegistry()
	defer server.Close()
	client, err := apiclient.New(apiclient.Config{BaseURL: server.URL, LPU: lpu, Timeout: 15 * time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	request := apiclient.ReserveRequest{
		Operation: uuid.New(), TimeTable: cell, AgeCategory: apiclient.Adult, ReserveMinutes: 10,
		BeforeSend: func() error { fmt.Println("written to the journal"); return nil },
	}
	ticket, err := client.Reserve(context.Background(), request)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("number", ticket.Num)

	request.Operation, request.TimeTable = uuid.New(), uuid.New()
	_, err = client.Reserve(context.Background(), request)
	var refusal *apiclient.RefusalError
	if errors.As(err, &refusal) {
		fmt.Println(errors.Is(err, apiclient.CellTaken), refusal.Code, refusal.PatientText())
	}
	// Output:
	// written to the journal
	// number 008
	// written to the journal
	// true 4009 Ячейка занята
}

// counter is a transport that counts requests.
type counter struct{ requests int }

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests++
	return http.DefaultTransport.RoundTrip(r)
}

// A client with a transport of the caller's.
func ExampleNew() {
	server := exampleRegistry()
	defer server.Close()
	transport := &counter{}
	client, err := apiclient.New(apiclient.Config{
		BaseURL: server.URL, LPU: lpu, Timeout: 15 * time.Second,
		RoundTripper: transport,
		Token:        func(context.Context) (string, error) { return "token", nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer http.DefaultClient.CloseIdleConnections()
	err = client.Get(context.Background(), "/lpu", url.Values{"day": {"5"}}, new(any))
	fmt.Println(transport.requests, err)

	_, err = apiclient.New(apiclient.Config{})
	fmt.Println(err)
	// Output:
	// 1 <nil>
	// apiclient: BaseURL is no address of a registry: want http://host/… or https://host/…
}

// Nobody listens: nothing was reserved, and the patient may try again.
func ExampleOutcomeOf() {
	server := exampleRegistry()
	server.Close()
	client, err := apiclient.New(apiclient.Config{BaseURL: server.URL, LPU: lpu, Timeout: 100 * time.Millisecond})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Reserve(context.Background(), apiclient.ReserveRequest{
		Operation: uuid.New(), TimeTable: cell, AgeCategory: apiclient.Child, ReserveMinutes: 10,
	})
	switch apiclient.OutcomeOf(err) {
	case apiclient.Reserved:
		fmt.Println("print the ticket")
	case apiclient.Refused, apiclient.Busy, apiclient.Unreachable:
		fmt.Println("nothing was reserved")
	case apiclient.Unknown:
		fmt.Println("read the cell again before anything else")
	}
	// Output: nothing was reserved
}

// A document, and whether it has changed since.
func ExampleClient_Read() {
	server := exampleRegistry()
	defer server.Close()
	client, err := apiclient.New(apiclient.Config{BaseURL: server.URL, LPU: lpu, Timeout: 15 * time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()
	data, version, err := client.Read(context.Background(), "/lpu", url.Values{"day": {"5"}}, apiclient.Version{})
	if errors.Is(err, apiclient.ErrNotModified) {
		fmt.Println("the copy of the caller is current")
	}
	fmt.Println(string(data), version.ETag, err)
	// Output: {"free":3} "1" <nil>
}
