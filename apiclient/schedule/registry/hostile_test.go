package registry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
)

// hostileEnv names the address of the hostile registry to the process that reads it.
const hostileEnv = "SCHEDULE_TEST_HOSTILE"

// hostile are registries that do not end, by what they are without a bound in, with what a reading of them
// returns.
var hostile = []struct {
	name                         string
	specialities, doctors, slots func() string
	want                         string
}{
	{"specialities", listOf(100_000, hostileSpeciality), always(oneDoctor), always("[]"), "more than 500 specialities"},
	{"doctors", listOf(400, hostileSpeciality), listOf(2900, hostileDoctor), always("[]"), "more than 3000 doctors"},
	{"cells", always(oneSpeciality), listOf(2900, hostileDoctor), listOf(8000, hostileCell), "more than 300000 cells"},
	{
		"cells of a doctor", always(oneSpeciality), listOf(60, hostileDoctor), listOf(30_000, hostileCell),
		"more than 8000 free cells",
	},
	{"rooms", always(oneSpeciality), listOf(2900, hostileDoctor), listOf(5000, longRoom), "bytes of text"},
	{"long names", always(oneSpeciality), listOf(3, longName), always("[]"), "doctor_unnamed ×3"},
	{
		"slots of nothing", always(oneSpeciality), listOf(16, hostileDoctor), listOf(1_300_000, emptyObject),
		"cell_unreadable ×20800000",
	},
	{"doctors of nothing", always(oneSpeciality), listOf(1_300_000, emptyObject), always("[]"), "more than 3000 doctors"},
	{"ages", always(oneSpeciality), listOf(3, longAges), always("["), "doctor_unread ×3"},
	{"spaces", always(oneSpeciality), listOf(60, hostileDoctor), always(strings.Repeat(" ", 5<<20)), "doctor_unread ×60"},
	{"depth", always(oneSpeciality), listOf(60, hostileDoctor), always(strings.Repeat("[", 4<<20)), "doctor_unread ×60"},
}

func always(text string) func() string { return func() string { return text } }

func listOf(n int, entry func(i int) string) func() string {
	return func() string { return manyOf(n, entry) }
}

// manyOf returns a list of n entries, of at most 4 MiB.
func manyOf(n int, entry func(i int) string) string {
	var b strings.Builder
	b.WriteString("[")
	for i := range n {
		text := entry(i)
		if b.Len()+len(text)+2 > 4<<20 {
			break
		}
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(text)
	}
	return b.String() + "]"
}

func guid() string { return uuid.NewString() }

func emptyObject(int) string         { return "{}" }
func hostileSpeciality(i int) string { return fmt.Sprintf(`{"code":"%d","name":"x%d"}`, i, i) }
func hostileDoctor(i int) string     { return fmt.Sprintf(`{"docGuid":"%s","docFio":"x%d"}`, guid(), i) }

func longName(int) string {
	return fmt.Sprintf(`{"docGuid":"%s","docFio":"%s"}`, guid(), strings.Repeat("x", 1<<20))
}

func longAges(int) string {
	ages := strings.Repeat(`"ADULT",`, 100_000)
	return fmt.Sprintf(`{"docGuid":"%s","docFio":"x","ageCategories":[%s"ADULT"]}`, guid(), ages)
}

func hostileCell(int) string {
	return fmt.Sprintf(`{"status":"Available","timeTableGuid":"%s","beginTime":"2026-11-24T08:45:00+03:00"}`, guid())
}

func longRoom(i int) string {
	return fmt.Sprintf(`{"room":"%05d%s",%s`, i, strings.Repeat("x", 500), hostileCell(i)[1:])
}

// hostileServer answers the first reading of each clinic with a good timetable, and the others as the
// registry of the clinic's number.
func hostileServer() http.Handler {
	var mu sync.Mutex
	readings, pages := map[string]int{}, map[string]string{}
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		lpu := strings.Split(q.URL.Path, "/")[2]
		h := hostile[int(uuid.MustParse(lpu)[15])-1]
		bad, good := h.slots, "[]"
		switch path := q.URL.Path; {
		case strings.HasSuffix(path, "/speciality"):
			readings[lpu]++
			bad, good = h.specialities, oneSpeciality
		case strings.HasSuffix(path, "/doctor"):
			bad, good = h.doctors, oneDoctor
		case !strings.Contains(path, "/schedule/"):
			bad, good = always(`{"name":"x"}`), `{"name":"x"}`
		}
		if readings[lpu] < 2 {
			_, _ = io.WriteString(w, good)
			return
		}
		key := q.URL.Path
		if strings.Contains(key, "/schedule/") {
			key = lpu // one for all doctors
		}
		page, ok := pages[key]
		if !ok {
			page = bad()
			pages[key] = page
		}
		_, _ = io.WriteString(w, page)
	})
}

// Whatever a registry answers, a reading of it ends with an error that tells why, in a bounded memory, and the
// last good timetable stays.
func TestAHostileRegistry(t *testing.T) {
	if withRace {
		t.Skip("the race detector multiplies memory")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip(err)
	}
	server := httptest.NewServer(hostileServer())
	t.Cleanup(server.Close)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), hostileEnv+"="+server.URL)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	for i, h := range hostile {
		line := strings.Split(string(out), "\n")[i]
		if !strings.HasPrefix(line, h.name+": kept") || !strings.Contains(line, h.want) {
			t.Errorf("%s, want %q", line, h.want)
		}
	}
	_, after, _ := strings.Cut(string(out), "VmHWM:")
	kB, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil || kB == 0 || kB > 150_000 {
		t.Errorf("the process had %d kB at most, %v", kB, err)
	}
}

// readHostile reads each hostile registry twice, and prints what became of it, and the memory at most.
func readHostile() {
	for i, h := range hostile {
		var lpu uuid.UUID
		lpu[15] = byte(i + 1)
		c, err := apiclient.New(apiclient.Config{BaseURL: os.Getenv(hostileEnv), LPU: lpu, Timeout: time.Minute})
		if err != nil {
			panic(err)
		}
		w := schedule.Window{Days: 14, Zone: here, Now: at(monday)}
		s := &schedule.Store{Source: registry.New(c, registry.Options{}, w)}
		if err := s.Load(context.Background()); err != nil {
			panic(err)
		}
		err = s.Load(context.Background())
		kept := "lost"
		if k, stale := s.Snapshot(monday); stale == nil && len(people(k)) == 1 {
			kept = "kept"
		}
		var limit *schedule.LimitError
		var nothing *schedule.NothingLeftError
		if !errors.As(err, &limit) && !errors.As(err, &nothing) {
			kept += " by another error"
		}
		fmt.Printf("%s: %s, %d kB, %v\n", h.name, kept, highWater(), err)
		c.Close()
	}
	fmt.Printf("VmHWM: %d\n", highWater())
}

// highWater returns the most memory that the process had, in kB.
func highWater() (kB int) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kB, _ = strconv.Atoi(strings.Fields(value)[0]) // 0 fails the test
		}
	}
	return kB
}
