package fhir_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"infomat/apiclient/schedule/fhir"
	"infomat/apiclient/schedule/schedtest"
)

// canaryBundles are answers of a FHIR server. Each @ of them stands for the canary.
var canaryBundles = map[string]string{
	"people that cannot be read": bundleOf(slotOf(1, "Schedule/@", "9"), `{"resourceType":"Schedule","id":"@",`+
		`"actor":[{"reference":"Practitioner/@"},{"reference":"Location/@"}],"specialty":[{"text":"@"}]}`),
	"people of no name": bundleOf(slotOf(1, "Schedule/@", "9"), `{"resourceType":"Schedule","id":"@",`+
		`"actor":[{"reference":"Practitioner/@"}],"specialty":[{"text":"@"}]}`, `{"resourceType":"Practitioner","id":"@"}`),
	"another server": bundleOf(slotOf(1, "https://@.example/Schedule/@", "9")),
	"identifiers": bundleOf(`{"resourceType":"Slot","id":"@","status":"free","identifier":[{"system":"@","value":"@"}],` +
		`"text":{"status":"generated","div":"@"},"comment":"@","start":"@"}`),
	"a beginning": bundleOf(strings.Replace(slotOf(1, "Schedule/@", "9"), "2026-11-24T", "@", 1)),
	"other types": bundleOf(`{"resourceType":"Slot","id":["@"],"status":{"@":"@"}}`, `{"resourceType":"@"}`, `"@"`,
		`{"resourceType":"Schedule","id":"@","actor":"@"}`),
	"warnings": bundleOf(`{"resourceType":"OperationOutcome","issue":[{"severity":"@","code":"@","diagnostics":"@"}]}`,
		slotOf(1, "Schedule/@", "9")),
	"an outcome": `{"resourceType":"OperationOutcome","text":{"div":"@"},"issue":[{"severity":"@","code":"@",` +
		`"diagnostics":"@","details":{"text":"@"},"location":["@"],"expression":["@"]}]}`,
	"a name of a field":     `{"resourceType":"Bundle","@":"@","entry":[{"@":"@","resource":{"@":"@"}}]}`,
	"another document":      `{"resourceType":"@"}`,
	"next on this server":   `{"resourceType":"Bundle","link":[{"relation":"next","url":"/@?_getpages=@"}]}`,
	"next in the base":      `{"resourceType":"Bundle","link":[{"relation":"next","url":"Slot?@"}]}`,
	"next on another":       `{"resourceType":"Bundle","link":[{"relation":"next","url":"http://@.example/@"}]}`,
	"next with a password":  `{"resourceType":"Bundle","link":[{"relation":"next","url":"http://@:@@127.0.0.1/"}]}`,
	"next that is none":     `{"resourceType":"Bundle","link":[{"relation":"next","url":"http://[@"}]}`,
	"next of another type":  `{"resourceType":"Bundle","link":[{"relation":"next","url":["@"]}]}`,
	"an entry of no object": `{"resourceType":"Bundle","entry":[{"fullUrl":"@","resource":"@"},"@",5]}`,
	"JSON that ends":        `{"resourceType":"Bundle","entry":[{"fullUrl":"@`,
	"a total":               `{"resourceType":"Bundle","total":"@"}`,
}

// No text of a FHIR server reaches a log: neither names, texts, identifiers and addresses of bundles nor what
// it answers to reads of single resources.
func TestNoTextOfAFHIRServerReachesALog(t *testing.T) {
	type row struct {
		name, control string // a control sequence of a terminal, or none
		status        int
	}
	var rows []row
	for name := range canaryBundles {
		for _, status := range []int{http.StatusOK, http.StatusBadRequest, http.StatusTooManyRequests, 500} {
			rows = append(rows, row{name, "", status}, row{name, "\\u001b[2J", status})
		}
	}
	for _, r := range rows {
		t.Run(fmt.Sprint(r.name, r.status), func(t *testing.T) {
			t.Parallel()
			body := strings.ReplaceAll(canaryBundles[r.name], "@", schedtest.Canary+r.control)
			var searches atomic.Int64
			server := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				if searches.Add(1); q.URL.Path != "/Slot" || searches.Load() > 1 {
					w.WriteHeader(r.status) // of reads, and of further pages
				}
				_, _ = w.Write([]byte(body))
			})
			var out bytes.Buffer
			log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
			f := fhir.New(clientOf(t, server, uuid.New()), fhir.Options{Live: true}, uralWindow)
			c, err := f.Catalogue(t.Context())
			log.Debug("catalogue", "error", err)
			if err == nil {
				log.Debug("catalogue", "dropped", c.Dropped)
			}
			searches.Store(0)
			schedtest.Exercise(t.Context(), f, log)
			// The end of the canary is the same in every encoding, also in that of an address.
			if s := out.String(); strings.Contains(s, "7f3a") || strings.Contains(s, "\x1b") ||
				!strings.Contains(s, "catalogue") {
				t.Errorf("the log has\n%s", s)
			}
		})
	}
}
