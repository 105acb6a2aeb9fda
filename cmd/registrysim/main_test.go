package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/file"
)

// The terminal can read the exported timetable.
func TestExportTimetable(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), []string{"--export-timetable", "14"}, &out); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "timetable.json")
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := file.New(name, schedule.Window{Days: 14, Now: time.Now}).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Specialities(apiclient.Adult, time.Now())); n < 10 {
		t.Errorf("%d specialities", n)
	}
}

// An invalid command line starts no server.
func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{"--bogus"}, {"--lpu", "17"}, {"--base", "api"}, {"--export-timetable", "-1"}, {"demo"}, {"--help"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := run(ctx, append([]string{"--listen", "127.0.0.1:0"}, args...), io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// The server prints its address, answers there below its base path, and ends with its context.
func TestServer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--base", "/api/v2/"}, write) }()
	lines := bufio.NewScanner(read)
	var url, lpu string
	for url == "" || lpu == "" {
		if !lines.Scan() {
			t.Fatal("it did not say where it is")
		}
		key, value, _ := strings.Cut(lines.Text(), " = ")
		switch key {
		case "url":
			url = strings.Trim(value, `"`)
		case "lpu_guid":
			lpu = strings.Trim(value, `"`)
		}
	}
	for _, path := range []string{"/lpu/" + lpu, "/fhir/Slot?status=free"} {
		resp, err := http.Get(url + path)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%s: %v, %v", path, resp, err)
			continue
		}
		_ = resp.Body.Close()
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
