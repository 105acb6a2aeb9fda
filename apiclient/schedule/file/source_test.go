package file_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/file"
	"infomat/apiclient/schedule/schedtest"
)

const exampleFile = "../../../docs/timetable.example.json"

// morning is half an hour after the example was exported.
var morning = time.Date(2026, 11, 25, 8, 0, 0, 0, time.FixedZone("", 3*60*60))

func example(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func rewrite(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestExampleDocument(t *testing.T) {
	c, err := file.New(exampleFile, window(at(morning))).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c.Clinic != (schedule.Clinic{Name: "Поликлиника № 3", Phone: "8-496-416-04-13"}) ||
		!c.AsOf.Equal(morning.Add(-30*time.Minute)) {
		t.Errorf("clinic %+v as of %v", c.Clinic, c.AsOf)
	}
	doctors := c.Doctors("27", apiclient.Adult, morning)
	if len(doctors) != 1 || doctors[0].Name != "Астахова Марина Викторовна" || doctors[0].SpecialityName != "Терапевт" ||
		doctors[0].Free != 2 ||
		doctors[0].Floor != 2 {
		t.Fatalf("doctors %+v", doctors)
	}
	cells := c.Cells(doctors[0].GUID, morning)
	if len(cells) != 2 || cells[0].GUID.String() != "12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5" || cells[1].Room != "205" ||
		cells[0].End.Sub(cells[0].Begin) != 15*time.Minute {
		t.Errorf("cells %+v", cells)
	}
	if len(c.Doctors("27", apiclient.Child, morning)) != 0 || len(c.Doctors("8", apiclient.Child, morning)) != 1 {
		t.Error("ages are not respected")
	}
}

// A cell after the last day is offered the next day, although the document is the same.
func TestDaysOfADocument(t *testing.T) {
	now := morning
	f := file.New(exampleFile, schedule.Window{Days: 1, Now: func() time.Time { return now }})
	for day, want := range []int{0, 2} {
		now = morning.AddDate(0, 0, day)
		c, err := f.Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Doctors("27", apiclient.Adult, now)[0].Free; got != want {
			t.Errorf("%d free on day %d, want %d", got, day, want)
		}
	}
}

func TestADocumentCannotTellOfACell(t *testing.T) {
	f := file.New(exampleFile, window(at(morning)))
	c, err := f.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cell, doctor, _ := c.Nearest(morning)
	if state, err := f.CellState(t.Context(), doctor.GUID, cell.GUID, cell.Begin); state != schedule.CellUnknown ||
		err != nil {
		t.Errorf("%v, %v", state, err)
	}
	reading, err := f.Cells(t.Context(), doctor.GUID)
	if err != nil || len(reading.Cells) != 2 || !reading.AsOf.Equal(c.AsOf) {
		t.Errorf("%+v, %v", reading, err)
	}
}

// A document with an export time in the future grows old too.
func TestADocumentOfTheFutureIsOfNow(t *testing.T) {
	f := file.New(exampleFile, schedule.Window{Days: 14, Now: at(morning.Add(-2 * time.Hour))})
	c, err := f.Catalogue(t.Context())
	if err != nil || c.AsOf.After(morning.Add(-2*time.Hour)) {
		t.Errorf("%v, %v", c.AsOf, err)
	}
}

func TestFileErrorWithoutAPlace(t *testing.T) {
	for _, c := range []struct {
		err  file.Error
		want string
	}{
		{file.Error{File: "f", Problem: "p", Want: "w"}, "f: p; w"},
		{file.Error{File: "f", Line: 1, Problem: "p", Want: "w"}, "f:1: p; w"},
		{file.Error{File: "f", Line: 2, Where: "x[1]", Problem: "p", Want: "w"}, "f:2: x[1]: p; w"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A document that is too large is not read into memory.
func TestAFileThatIsTooLarge(t *testing.T) {
	name := schedtest.Written(t, example(t))
	if err := os.Truncate(name, 256<<20+1); err != nil {
		t.Skip(err)
	}
	_, err := file.New(name, window(at(morning))).Catalogue(t.Context())
	var wrong *file.Error
	if !errors.As(err, &wrong) || wrong.Problem != "has 268435457 bytes" {
		t.Errorf("%v", err)
	}
}

// A document that has not changed is not read again.
func TestAFileThatHasNotChanged(t *testing.T) {
	f := file.New(schedtest.Written(t, example(t)), window(at(morning)))
	first, err := f.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if second, err := f.Catalogue(t.Context()); err != nil || second != first {
		t.Errorf("it was read twice, %v", err)
	}
}

// An instant is told in the clinic's zone, whatever its offset is.
func TestTimesOnTheWall(t *testing.T) {
	moscow := time.FixedZone("", 3*60*60)
	window := schedule.Window{Days: 14, Zone: moscow, Now: at(monday)}
	want := time.Date(2026, 11, 24, 8, 45, 0, 0, moscow).Format(time.RFC3339)
	for _, start := range []string{
		"2026-11-24T05:45:00Z", "2026-11-24T05:45:00+00:00", "2026-11-24T09:45:00+04:00",
	} {
		document := strings.Replace(example(t), `"begin": "2026-11-26T08:45:00+03:00"`, `"begin": "`+start+`"`, 1)
		c, err := file.New(schedtest.Written(t, document), window).Catalogue(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if cell, _, _ := c.Nearest(monday); cell.Begin.Format(time.RFC3339) != want {
			t.Errorf("%s is shown as %v, want %s", start, cell.Begin, want)
		}
	}
}
