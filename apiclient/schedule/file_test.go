package schedule_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
)

const exampleFile = "../../docs/timetable.example.json"

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

// written writes a document to a file and returns its name.
func written(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "timetable.json")
	rewrite(t, name, text)
	return name
}

func rewrite(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func at(now time.Time) func() time.Time { return func() time.Time { return now } }

func TestExampleDocument(t *testing.T) {
	c, err := schedule.NewFile(exampleFile, window(at(morning))).Catalogue(t.Context())
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

// mistakes are invalid documents: what is replaced by what, and what the error says.
var mistakes = map[string]struct {
	old, fresh string
	says       []string
	beyond     bool // the schema cannot say it
}{
	"a comma":     {`"version": 1,`, `"version": 1`, []string{":3:", "is invalid JSON"}, false},
	"its end":     {"  ]\n}\n", "  ]\n", []string{"is invalid JSON"}, false},
	"more behind": {"  ]\n}\n", "  ]\n}\n{}", []string{":32:", "after its end"}, false},
	"version":     {`"version": 1`, `"version": 2`, []string{":2:", "version", "is 2"}, false},
	"no version":  {`"version": 1,`, ``, []string{"version: is missing"}, false},
	"version's kind": {
		`"version": 1`,
		`"version": "1"`,
		[]string{":2:", "version", "is a string", "a whole number"},
		false,
	},
	"two versions": {`"version": 1,`, `"version": 1, "version": 1,`, []string{":2:", "has a name twice"}, true},
	"two versions in lines": {
		`"version": 1,`, "\"version\": 1,\n\n \"version\": 1,", []string{":4:", "has a name twice"}, true,
	},
	"a strange name in a line of its own": {
		`"version": 1,`, "\"version\": 1,\n\"doctor\": [],", []string{":3:", "has the name doctor,"}, false,
	},
	"a strange name": {
		`"version": 1,`,
		`"version": 1, "doctor": [],`,
		[]string{":2:", "has the name doctor,", "version, exported"},
		false,
	},
	"a name of words": {`"version": 1,`, `"version": 1, "Иванов": [],`, []string{":2:", "has a name that"}, false},
	"exported":        {`2026-11-25T07:30:00+03:00`, `2026-11-25 07:30`, []string{":3:", "exported", "offset"}, false},
	"no offset": {
		`2026-11-25T07:30:00+03:00`,
		`2026-11-25T07:30:00`,
		[]string{":3:", "exported", "offset"},
		false,
	},
	"code twice": {`"code": "8"`, `"code": "27"`, []string{":7:", "specialities[1].code"}, true},
	"no code":    {`"code": "8"`, `"code": ""`, []string{":7:", "specialities[1].code"}, false},
	"no name":    {`"name": "Педиатр"`, `"name": " "`, []string{":7:", "specialities[1].name"}, false},
	"name's kind": {
		`"name": "Педиатр"`,
		`"name": 8`,
		[]string{":7:", "specialities", "number", "a text in quotes"},
		false,
	},
	"doctors' kind": {`"doctors": [`, `"doctors": 5, "x": [`, []string{":9:", "doctors"}, false},
	"guid": {
		`f05d7650-a2a0-49dc-99f1-bb57829bc46a`,
		`f05d7650`,
		[]string{":11:", "doctors[0].guid", "hexadecimal"},
		false,
	},
	"nil UUID": {
		`f05d7650-a2a0-49dc-99f1-bb57829bc46a`,
		uuid.Nil.String(),
		[]string{":11:", "doctors[0].guid"},
		false,
	},
	"guid twice": {
		`0c1f0a52-6a0e-4b7e-9d0b-2f6f0a1b7c33`,
		`f05d7650-a2a0-49dc-99f1-bb57829bc46a`,
		[]string{":25:", "doctors[1].guid", "twice"},
		true,
	},
	"doctor's name": {`"name": "Кораблёва Светлана Юрьевна",`, ``, []string{":24:", "doctors[1].name"}, false},
	"speciality":    {`"speciality": "8"`, `"speciality": "9"`, []string{":27:", "doctors[1].speciality"}, true},
	"floor": {
		`"floor": 2`,
		`"floor": "2"`,
		[]string{":16:", "doctors[0].floor", "is a string", "a whole number"},
		false,
	},
	"age":             {`["ADULT"]`, `["CHILD", "SENIOR"]`, []string{":18:", "doctors[0].ages[1]", "TEEN"}, false},
	"a doctor's name": {`"district"`, `"destrict"`, []string{":17:", "doctors[0]", "has the name destrict,"}, false},
	"a cell's name":   {`"room": "205"`, `"raum": "205"`, []string{":21:", "doctors[0]", "has the name raum,"}, false},
	"cell's guid": {
		`43c6cec0-3b91-48ab-acab-d541a88e91f7`,
		`43c6cec0`,
		[]string{":21:", "doctors[0].cells[1].guid"},
		false,
	},
	"cell twice": {
		`43c6cec0-3b91-48ab-acab-d541a88e91f7`,
		`12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5`,
		[]string{":21:", "doctors[0].cells[1].guid", "twice"},
		true,
	},
	"begin": {
		`"begin": "2026-11-26T09:00:00+03:00"`,
		`"begin": "9:00"`,
		[]string{":21:", "doctors[0].cells[1].begin", "offset"},
		false,
	},
	"begin's kind": {
		`"begin": "2026-11-26T09:00:00+03:00"`,
		`"begin": 900`,
		[]string{":21:", "doctors[0].cells.begin", "number", "quotes"},
		false,
	},
	"no end": {`"end": "2026-11-26T09:15:00+03:00", `, ``, []string{":21:", "doctors[0].cells[1].end"}, false},
	"end before begin": {
		`"end": "2026-11-26T09:15:00+03:00"`,
		`"end": "2026-11-26T09:00:00+03:00"`,
		[]string{":21:", "doctors[0].cells[1].end"},
		true,
	},
	"encoding": {`Терапевт`, "\xd2\xe5\xf0", []string{"UTF-8"}, true},
}

func TestMistakesAreToldWithTheirPlace(t *testing.T) {
	schema := documentSchema(t)
	text := example(t)
	for name, m := range mistakes {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(text, m.old, m.fresh, 1)
			if broken == text {
				t.Fatal("nothing was replaced")
			}
			file := written(t, broken)
			_, err := schedule.NewFile(file, window(at(morning))).Catalogue(t.Context())
			var e *schedule.FileError
			if !errors.As(err, &e) || e.Want == "" {
				t.Fatalf("%v", err)
			}
			for _, s := range append(m.says, file) {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%q does not say %q", err, s)
				}
			}
			for _, name := range []string{"Астахова", "Кораблёва"} {
				if strings.Contains(err.Error(), name) {
					t.Errorf("%q names a person", err)
				}
			}
			if value, err := jsonschema.UnmarshalJSON(strings.NewReader(broken)); err == nil && !m.beyond &&
				schema.Validate(value) == nil {
				t.Error("the schema takes it")
			}
		})
	}
}

func documentSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("../../docs/timetable.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// The export of the simulated registry is valid by the schema, and equals its timetable.
func TestExportIsTheTimetable(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: at(monday)})
	if err != nil {
		t.Fatal(err)
	}
	data, err := sim.Export(14)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(data), example(t)} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := documentSchema(t).Validate(value); err != nil {
			t.Error(err)
		}
	}
	fromFile, err := schedule.NewFile(written(t, string(data)), window(at(monday))).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fromRegistry, err := source(t, sim).Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, fromFile, fromRegistry)
}

// same compares what a patient is shown.
func same(t *testing.T, a, b *schedule.Catalogue) {
	t.Helper()
	if got, want := shown(t, a), shown(t, b); got != want {
		t.Errorf("the timetables differ:\n%.2000s\n%.2000s", got, want)
	}
}

// shown returns what a catalogue shows, without the keys of its doctors.
func shown(t *testing.T, c *schedule.Catalogue) string {
	t.Helper()
	var all []any
	for _, age := range []apiclient.AgeCategory{apiclient.Child, apiclient.Teen, apiclient.Adult} {
		for _, s := range c.Specialities(age, monday) {
			if s.Free == 0 {
				continue // a FHIR server does not tell of it
			}
			all = append(all, age, s.Code, s.Name, s.Free, s.Nearest.Unix())
			for _, d := range c.Doctors(s.Code, age, monday) {
				if d.Free == 0 {
					continue
				}
				all = append(all, d.Name, d.Post, d.Room, d.Floor, d.Free, d.Nearest.Unix())
				for _, cell := range c.Cells(d.GUID, monday) {
					all = append(all, cell.GUID, cell.Begin.Unix(), cell.End.Unix())
				}
			}
		}
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestABrokenFileNeverReplacesAGoodOne(t *testing.T) {
	file := written(t, example(t))
	now := morning
	s := &schedule.Store{
		Source:  schedule.NewFile(file, window(func() time.Time { return now })),
		Refresh: time.Minute, MaxAge: time.Hour, Log: slog.New(slog.DiscardHandler),
	}
	free := func() int {
		c, err := s.Snapshot(now)
		if err != nil {
			t.Fatal(err)
		}
		return c.Doctors("27", apiclient.Adult, now)[0].Free
	}
	if err := s.Load(t.Context()); err != nil || free() != 2 {
		t.Fatal(err)
	}
	rewrite(t, file, example(t)[:700])
	if err := s.Load(t.Context()); err == nil || s.Err() == nil || free() != 2 {
		t.Errorf("half a document: %v, %d free", err, free())
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context()); !errors.Is(err, fs.ErrNotExist) || free() != 2 {
		t.Errorf("no document: %v, %d free", err, free())
	}
	fewer := strings.Replace(
		example(t),
		`{"guid": "12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5", "begin": "2026-11-26T08:45:00+03:00",`+
			` "end": "2026-11-26T09:00:00+03:00"},`,
		"",
		1,
	)
	rewrite(t, file, fewer)
	if err := s.Load(t.Context()); err != nil || s.Err() != nil || free() != 1 {
		t.Errorf("a fresh document: %v, %d free", err, free())
	}
	now = morning.Add(31 * time.Minute) // an hour after it was exported
	if c, err := s.Snapshot(now); c == nil || !errors.Is(err, schedule.ErrStale) {
		t.Errorf("an old document: %v", err)
	}
}

// A cell after the last day is offered the next day, although the document is the same.
func TestDaysOfADocument(t *testing.T) {
	now := morning
	f := schedule.NewFile(exampleFile, schedule.Window{Days: 1, Now: func() time.Time { return now }})
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
	f := schedule.NewFile(exampleFile, window(at(morning)))
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
	f := schedule.NewFile(exampleFile, schedule.Window{Days: 14, Now: at(morning.Add(-2 * time.Hour))})
	c, err := f.Catalogue(t.Context())
	if err != nil || c.AsOf.After(morning.Add(-2*time.Hour)) {
		t.Errorf("%v, %v", c.AsOf, err)
	}
}

func TestACellThatIsGoneStaysOutUntilTheSourceHasLookedAgain(t *testing.T) {
	file := written(t, example(t))
	now := morning
	s := &schedule.Store{
		Source: schedule.NewFile(file, window(func() time.Time { return now })), Refresh: time.Minute, MaxAge: time.Hour,
		Log: slog.New(slog.DiscardHandler),
	}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, _ := s.Snapshot(now)
	cell, doctor, _ := c.Nearest(now)
	free := func() int {
		c, err := s.Snapshot(now)
		if err != nil {
			t.Fatal(err)
		}
		return len(c.Cells(doctor.GUID, now))
	}
	s.Gone(cell.GUID, now)
	if free() != 1 {
		t.Errorf("%d free after one went", free())
	}
	if err := errors.Join(s.Load(t.Context()), s.RefreshDoctor(t.Context(), doctor.GUID)); err != nil || free() != 1 {
		t.Errorf("%d free after the same document was read again, %v", free(), err)
	}
	now = now.Add(5 * time.Minute)
	rewrite(t, file, strings.Replace(example(t), "07:30:00", "08:04:00", 1))
	if err := s.Load(t.Context()); err != nil || free() != 2 {
		t.Errorf("%d free by a document that was written later, %v", free(), err)
	}
}

func TestFileErrorWithoutAPlace(t *testing.T) {
	for _, c := range []struct {
		err  schedule.FileError
		want string
	}{
		{schedule.FileError{File: "f", Problem: "p", Want: "w"}, "f: p; w"},
		{schedule.FileError{File: "f", Line: 1, Problem: "p", Want: "w"}, "f:1: p; w"},
		{schedule.FileError{File: "f", Line: 2, Where: "x[1]", Problem: "p", Want: "w"}, "f:2: x[1]: p; w"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A document that is too large is not read into memory.
func TestAFileThatIsTooLarge(t *testing.T) {
	name := written(t, example(t))
	if err := os.Truncate(name, 256<<20+1); err != nil {
		t.Skip(err)
	}
	_, err := schedule.NewFile(name, window(at(morning))).Catalogue(t.Context())
	var wrong *schedule.FileError
	if !errors.As(err, &wrong) || wrong.Problem != "has 268435457 bytes" {
		t.Errorf("%v", err)
	}
}

// A document that has not changed is not read again.
func TestAFileThatHasNotChanged(t *testing.T) {
	f := schedule.NewFile(written(t, example(t)), window(at(morning)))
	first, err := f.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if second, err := f.Catalogue(t.Context()); err != nil || second != first {
		t.Errorf("it was read twice, %v", err)
	}
}
