package file_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule/file"
	"infomat/apiclient/schedule/schedtest"
)

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
	"a lost character": {
		`"name": "Терапевт"`, "\"name\": \"Тера\ufffdевт\"", []string{":6:", "specialities[0].name", "lost", "U+FFFD"}, true,
	},
	"a lost character of a doctor": {
		`"name": "Астахова`, `"name": "А\ufffdтахова`, []string{":12:", "doctors[0].name", "lost"}, true,
	},
	"half a character": {
		`"name": "Астахова`, `"name": "А\ud83dтахова`, []string{":12:", "doctors[0].name", "lost"}, true,
	},
	"a lost character of a post": {`"post": "`, `"post": "\ufffd`, []string{"doctors[0].post", "lost"}, true},
	"a lost character of a district": {
		`"district": "`, `"district": "\ufffd`, []string{"doctors[0].district", "lost"}, true,
	},
	"a lost character of a room": {`"room": "202"`, `"room": "\ufffd"`, []string{"doctors[0].room", "lost"}, true},
	"a lost character of a cell's room": {
		`"room": "205"`, `"room": "2\ufffd5"`, []string{":21:", "doctors[0].cells[1].room", "lost"}, true,
	},
	"a lost character of the clinic": {
		`"name": "Поликлиника`, `"name": "П\ufffdликлиника`, []string{":4:", "clinic.name", "lost"}, true,
	},
	"a lost character of a telephone": {`"phone": "8`, `"phone": "\ufffd`, []string{":4:", "clinic.phone", "lost"}, true},
	"encoding":                        {`Терапевт`, "\xd2\xe5\xf0", []string{"UTF-8"}, true},
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
			path := schedtest.Written(t, broken)
			_, err := file.New(path, window(at(morning))).Catalogue(t.Context())
			var e *file.Error
			if !errors.As(err, &e) || e.Want == "" {
				t.Fatalf("%v", err)
			}
			for _, s := range append(m.says, path) {
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
	schema, err := c.Compile("../../../docs/timetable.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// The schema takes the example and what the simulated registry exports.
func TestTheSchemaTakesWhatIsGood(t *testing.T) {
	sim, err := registrysim.New(registrysim.Options{Now: at(monday)})
	if err != nil {
		t.Fatal(err)
	}
	data, err := sim.Export(14)
	if err != nil {
		t.Fatal(err)
	}
	schema := documentSchema(t)
	for _, text := range []string{string(data), example(t)} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Error(err)
		}
	}
}
