package schedtest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
)

var ages = []apiclient.AgeCategory{apiclient.Child, apiclient.Teen, apiclient.Adult}

// Canary is in every text that a source or a token file can hold. It must not be in any log, neither as it is nor as
// %q or an address quotes it.
const Canary = "Канарейкин-7f3a"

// Hidden is a text that no log, error or count may have: a name, and what a terminal would obey.
const Hidden = "\x1b[31m" + Canary + "\u202e\u009b"

// Quoted returns a text as a string of JSON.
func Quoted(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		panic(err) // no string is refused
	}
	return string(data)
}

// CheckPlain checks that a text has neither the canary, in any form, nor one of further secrets, nor a control
// character.
func CheckPlain(t testing.TB, text string, secrets ...string) {
	t.Helper()
	const end = "7f3a" // of the canary: the same in every form
	control := func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }
	for _, secret := range append(secrets, "Канарейкин", end) {
		if strings.Contains(text, secret) {
			t.Errorf("%q is told:\n%q", secret, text)
		}
	}
	if strings.ContainsFunc(text, control) {
		t.Errorf("a control character is told:\n%q", text)
	}
}

// Written writes a document to a file and returns its name.
func Written(t testing.TB, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "timetable.json")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Exercise uses a source in all ways, and logs the results as the program does.
func Exercise(ctx context.Context, source schedule.Source, log *slog.Logger) {
	s := &schedule.Store{Source: source, Refresh: time.Minute, Log: log}
	bounded, cancel := context.WithCancel(ctx)
	s.Changed = cancel
	s.Run(bounded)
	log.Debug("store", "error", s.Err())
	log.Debug("doctor", "error", s.RefreshDoctor(ctx, uuid.New()))
	state, err := source.CellState(ctx, uuid.New(), uuid.New(), Monday)
	log.Debug("cell", "state", state, "error", err)
}

// Shown returns what a catalogue shows to patients from now on, without the keys of its doctors and without those
// who have nothing free: a FHIR server does not tell of them.
func Shown(c *schedule.Catalogue, now time.Time) string {
	var all strings.Builder
	for _, age := range ages {
		for _, s := range c.Specialities(age, now) {
			if s.Free == 0 {
				continue
			}
			fmt.Fprintln(&all, age, s.Code, s.Name, s.Free, s.Nearest.Unix())
			for _, d := range c.Doctors(s.Code, age, now) {
				if d.Free == 0 {
					continue
				}
				fmt.Fprintln(&all, d.Name, d.Post, d.Room, d.Floor, d.Free, d.Nearest.Unix())
				for _, cell := range c.Cells(d.GUID, now) {
					fmt.Fprintln(&all, cell.GUID, cell.Begin.Unix(), cell.End.Unix())
				}
			}
		}
	}
	return all.String()
}

// CheckSame checks that two catalogues show the same, and something.
func CheckSame(t testing.TB, a, b *schedule.Catalogue) {
	t.Helper()
	if got, want := Shown(a, Monday), Shown(b, Monday); got != want || want == "" {
		t.Errorf("the timetables differ:\n%.2000s\n%.2000s", got, want)
	}
}

// CheckInvariants checks what holds for every catalogue: each doctor who is listed has a key, each cell a GUID and a
// beginning, cells are sorted, and a speciality has as many free cells as its doctors.
func CheckInvariants(t testing.TB, c *schedule.Catalogue, now time.Time) {
	t.Helper()
	for _, age := range ages {
		for _, s := range c.Specialities(age, now) {
			free := 0
			for _, d := range c.Doctors(s.Code, age, now) {
				if d.GUID == uuid.Nil {
					t.Fatal("a doctor without a key")
				}
				checkCells(t, c.Cells(d.GUID, time.Time{}))
				free += d.Free
			}
			if free != s.Free {
				t.Fatalf("%d free at the doctors, %d at the speciality", free, s.Free)
			}
		}
	}
	c.Nearest(now)
}

func checkCells(t testing.TB, cells []schedule.Cell) {
	t.Helper()
	for i, cell := range cells {
		if cell.GUID == uuid.Nil || cell.Begin.IsZero() || i > 0 && cell.Begin.Before(cells[i-1].Begin) {
			t.Fatalf("cell %+v", cell)
		}
	}
}
