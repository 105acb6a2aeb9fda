package fhir_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/fhir"
)

// hostilePages are pages of servers that never end, by name. n is the number of the page.
var hostilePages = map[string]func(n int) string{
	"slots": func(n int) string {
		var all []string
		for i := range 500 {
			all = append(all, slotOf(n*500+i, "Schedule/s", "9"))
		}
		return bundleOf(append(all, plan(aPerson, therapy), person)...)
	},
	"people": func(n int) string {
		var all []string
		for i := range 500 {
			all = append(all, fmt.Sprintf(`{"resourceType":"Practitioner","id":"%d","name":[{"text":"%s"}]}`, n*500+i,
				strings.Repeat("x", 500)))
		}
		return bundleOf(all...)
	},
	"kinds of visit": func(n int) string {
		var all []string
		for i := range 500 {
			all = append(all, strings.Replace(slotOf(n*500+i, fmt.Sprint("Schedule/", n*500+i), "9"), `"id"`,
				fmt.Sprintf(`"serviceType":[{"text":"%d %s"}],"id"`, n*500+i, strings.Repeat("y", 400)), 1))
		}
		return bundleOf(all...)
	},
	"empty entries": func(int) string { return `{"resourceType":"Bundle","entry":[` + many("{}") + `]}` },
	"identifiers":   func(int) string { return bundleOf(`{"resourceType":"Slot","identifier":[` + many("{}") + `]}`) },
	"containment":   func(int) string { return bundleOf(`{"resourceType":"Schedule","contained":[` + many("{}") + `]}`) },
	"many actors":   func(int) string { return bundleOf(`{"resourceType":"Schedule","actor":[` + many("{}") + `]}`) },
	"many links":    func(int) string { return `{"resourceType":"Bundle","link":[` + many("{}") + `]}` },
	"deep nesting":  func(int) string { return bundleOf(strings.Repeat(`{"a":[`, 500_000)) },
	"one page":      func(int) string { return `{"resourceType":"Bundle"}` },
}

func many(element string) string { return strings.Repeat(element+",", 1_000_000) + element }

// A hostile server costs bounded memory, and the last good timetable stays. Each server is read by a process
// of its own, which is built without the race detector: that takes memory too.
func TestFHIRMemory(t *testing.T) {
	program := filepath.Join(t.TempDir(), "schedule.test")
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, page := range hostilePages {
		t.Run(name, func(t *testing.T) {
			var asked, bytes atomic.Int64
			good := bundleOf(slotOf(1, "Schedule/s", "9"), plan(aPerson, therapy), person)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				n := asked.Add(1) - 1
				if n == 0 {
					_, _ = io.WriteString(w, good)
					return
				}
				next := fmt.Sprintf(`{"link":[{"relation":"next","url":"Slot?page=%d"}],`, n)
				if bytes.Load() > enough {
					next = "{"
				}
				sent, _ := io.WriteString(w, strings.Replace(page(int(n)), "{", next, 1))
				bytes.Add(int64(sent))
			}))
			t.Cleanup(server.Close)
			cmd := exec.CommandContext(t.Context(), program, "-test.run", "^TestFHIRMemoryChild$", "-test.v")
			cmd.Env = append(os.Environ(), "INFOMAT_HOSTILE="+server.URL)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "VmHWM") {
				t.Errorf("%v\n%s", err, out)
			}
			t.Logf("%d requests, %d MB, %s", asked.Load(), bytes.Load()>>20, regexp.MustCompile(`VmHWM.*`).Find(out))
		})
	}
}

// enough is after how many bytes a server ends in order to save time. Its pages then were all alike.
const enough = 80 << 20

// maxMemory is what a process may take at its peak, in kB.
const maxMemory = 150 << 10

// TestFHIRMemoryChild is the process of TestFHIRMemory.
func TestFHIRMemoryChild(t *testing.T) {
	address := os.Getenv("INFOMAT_HOSTILE")
	if address == "" {
		t.Skip("a part of TestFHIRMemory")
	}
	c, err := apiclient.New(apiclient.Config{BaseURL: address, LPU: lpuOfTests, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	s := schedule.Store{
		Source: fhir.New(c, fhir.Options{}, uralWindow), Log: slog.New(slog.DiscardHandler),
		Refresh: time.Hour,
	}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.Load(t.Context())
	if err == nil {
		t.Error("the hostile timetable was taken")
	}
	last, snapshotError := s.Snapshot(uralMonday)
	if snapshotError != nil {
		t.Fatal(snapshotError)
	}
	if _, cells := last.Count(uralMonday); cells != 1 {
		t.Errorf("the last good timetable has %d cells", cells)
	}
	status, statusError := os.ReadFile("/proc/self/status")
	if statusError != nil {
		t.Skip("only Linux tells the peak of memory")
	}
	peak, _ := strconv.Atoi(string(regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)[1]))
	fmt.Printf("VmHWM %d MB, %v\n", peak>>10, err)
	if peak > maxMemory {
		t.Errorf("%d kB at the peak", peak)
	}
}
