package schedule_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
	"infomat/apiclient/schedule/file"
	"infomat/apiclient/schedule/registry"
	"infomat/apiclient/schedule/schedtest"
)

// rawAnswer returns an answer in bytes. Each @ of it stands for the schedtest.Canary.
func rawAnswer(head, body string) string {
	head, body = strings.ReplaceAll(head, "@", schedtest.Canary), strings.ReplaceAll(body, "@", schedtest.Canary)
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", head, len(body), body)
}

var rawAnswers = map[string]string{
	"already booked": rawAnswer(
		"400 Bad Request",
		`{"code":400,"message":"Вы уже записаны @ на 12:30","message_code":"4008","type":"Validation"}`,
	),
	"no self-booking":       rawAnswer("400 Bad Request", `{"code":400,"message":"@","message_code":"4007"}`),
	"a code that is a name": rawAnswer("400 Bad Request", `{"message":"@","message_code":"x@"}`),
	"access":                rawAnswer("403 Forbidden", `{"message":"@","message_code":"5009"}`),
	"broken":                rawAnswer("500 @", `@`),
	"a page":                rawAnswer("200 OK", `<html>@`),
	"no number":             rawAnswer("200 OK", `{"docFio":"@","num":"","ticketGuid":"@"}`),
	"other kinds":           rawAnswer("200 OK", `{"num":{"@":1},"ticketGuid":["@"],"beginTime":"@","docGuid":"@"}`),
	"a list":                rawAnswer("200 OK", `["@"]`),
	"slots": rawAnswer(
		"200 OK",
		`[{"code":"1","name":"@","docGuid":"@","docFio":"@","status":"Available","timeTableGuid":"@","beginTime":"@",`+
			`"room":"@"}]`,
	),
	"slots of other kind": rawAnswer(
		"200 OK",
		`[{"code":"1","name":"@","status":{"@":"@"},"docGuid":"f05d7650-a2a0-49dc-99f1-bb57829bc46a"}]`,
	),
	"a bundle": rawAnswer(
		"200 OK",
		`{"resourceType":"Bundle","link":[{"relation":"next","url":"http://@.example/@"}],`+
			`"entry":[{"resource":{"resourceType":"@"}},{"resource":"@"}]}`,
	),
	"a loop": rawAnswer(
		"200 OK",
		`{"resourceType":"Bundle","link":[{"relation":"next","url":"Slot?@"}],`+
			`"entry":[{"resource":{"resourceType":"Slot","id":"@","status":"@"}}]}`,
	),
	"an outcome": rawAnswer(
		"404 Not Found",
		`{"resourceType":"OperationOutcome","text":{"div":"@"},"issue":[{"diagnostics":"@"}]}`,
	),
	"a redirect":         rawAnswer("302 Found\r\nLocation: /?name=@", ``),
	"a redirect nowhere": rawAnswer("302 Found\r\nLocation: http://[@", ``),
	"no status":          "@ 200 OK\r\n\r\n",
	"a strange status":   "HTTP/1.1 @\r\n\r\n",
	"a strange header":   "HTTP/1.1 200 OK\r\n@\r\n\r\n",
	"a strange length":   "HTTP/1.1 200 OK\r\nContent-Length: @\r\n\r\n",
	"a strange encoding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: @\r\n\r\n",
	"a strange chunk":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n@\r\n",
	"a strange retry":    rawAnswer("429 @\r\nRetry-After: @", `@`),
	"cut":                "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"docFio\":\"@\"",
}

// rawServer answers every request on a loopback port with the same bytes.
func rawServer(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if q, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				_, _ = io.Copy(io.Discard, q.Body)
				_, _ = io.WriteString(c, strings.ReplaceAll(answer, "@", schedtest.Canary))
			}
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-ended })
	return "http://" + l.Addr().String()
}

// The whole client at the lowest level of the log, with reservations, probes and every source, for each
// answer.
func TestNoNameAndNoTokenReachesALog(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(schedtest.Canary), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, answer := range rawAnswers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}))
			c, err := apiclient.New(
				apiclient.Config{
					BaseURL:   rawServer(t, answer),
					LPU:       uuid.New(),
					Timeout:   300 * time.Millisecond,
					TokenFile: token,
				},
			)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.Close)
			_, err = c.Reserve(
				t.Context(),
				apiclient.ReserveRequest{
					Operation:      uuid.New(),
					TimeTable:      uuid.New(),
					AgeCategory:    apiclient.Adult,
					ReserveMinutes: 10,
				},
			)
			log.Debug("reserve", "outcome", apiclient.OutcomeOf(err), "error", err)
			admitted, err := c.Admitted(t.Context())
			log.Debug("admitted", "is", admitted, "error", err, "health", c.Health())
			body := answer[strings.LastIndex(answer, "\r\n")+2:]
			document := schedtest.Written(t, strings.ReplaceAll(body, "@", schedtest.Canary))
			for _, source := range []schedule.Source{
				registry.New(c, registry.Options{}, window(at(monday))),
				fhir.New(c, fhir.Options{Live: true}, window(at(monday))),
				file.New(document, window(at(monday))),
			} {
				schedtest.Exercise(t.Context(), source, log)
			}
			if text := out.String(); strings.Contains(text, schedtest.Canary) ||
				strings.Contains(text, strings.Trim(fmt.Sprintf("%+q", schedtest.Canary), `"`)) ||
				!strings.Contains(text, "reserve") {
				t.Errorf("the log has\n%s", text)
			}
		})
	}
}
