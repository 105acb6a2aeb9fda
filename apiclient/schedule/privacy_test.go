package schedule_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"infomat/apiclient/schedule"
)

// hidden is a text that no log, error or count may have: a name, and what a terminal would obey.
const hidden = "\x1b[31m" + canary + "\u202e\u009b"

// quoted returns the hidden text as a string of JSON.
func quoted(t *testing.T) string {
	t.Helper()
	data, err := json.Marshal(hidden)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Speciality codes and names, what doctors and slots hold, and the texts of refusals stay out of errors,
// counts and logs, whichever page fails.
func TestNothingOfARegistrysTextsIsTold(t *testing.T) {
	text := quoted(t)
	specialities := `[{"code":` + text + `,"name":` + text + `},{"code":` + text + `},` +
		`{"code":` + text + `,"name":"other"}]`
	doctors := `[{"docGuid":"f05d7650-a2a0-49dc-99f1-bb57829bc46a","docFio":` + text + `,"room":` + text +
		`,"ageCategories":[` + text + `]},{"docGuid":` + text + `},{"docFio":` + text + `},` + text + `]`
	slots := `[{"status":` + text + `,"timeTableGuid":` + text + `},{"status":"Available","beginTime":` + text +
		`},` + text + `,{"status":"Available","flagAccess":7,"room":` + text + `},` +
		`{"status":"Available","timeTableGuid":"` + slotGUID + `","beginTime":"2026-11-24T08:45:00+03:00"}]`
	refusal := `{"code":400,"message":` + text + `,"message_code":` + text + `}`
	pages := []string{"/speciality", "/doctor", "/schedule/", "/lpu/"}
	answers := map[string]struct {
		status int
		body   string
	}{
		"as it is":  {},
		"a refusal": {400, refusal},
		"no access": {403, strings.Replace(refusal, `"message_code":`+text, `"message_code":"5009"`, 1)},
		"broken":    {500, hidden},
		"a text":    {200, text},
		"an object": {200, "{" + text + ":" + text + "}"},
		"half":      {200, "[" + text},
		"no JSON":   {200, hidden}, "other types": {200, "[[" + text + "]]"},
	}
	for name, answer := range answers {
		for _, spoiled := range pages {
			t.Run(name+" at "+spoiled, func(t *testing.T) {
				good := map[string]string{
					pages[0]: specialities, pages[1]: doctors, pages[2]: slots, pages[3]: `{"name":` + text + `}`,
				}
				h := http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
					page := pages[3]
					switch path := q.URL.Path; {
					case strings.HasSuffix(path, pages[0]):
						page = pages[0]
					case strings.HasSuffix(path, pages[1]):
						page = pages[1]
					case strings.Contains(path, pages[2]):
						page = pages[2]
					}
					if page == spoiled && answer.status > 0 {
						w.WriteHeader(answer.status)
						_, _ = io.WriteString(w, answer.body)
						return
					}
					_, _ = io.WriteString(w, good[page])
				})
				w := schedule.Window{Days: 14, Now: at(monday), MaxAge: time.Hour}
				s := schedule.NewRegistry(client(t, h), schedule.RegistryOptions{}, w)
				var out bytes.Buffer
				exercise(t.Context(), s, slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})))
				c, err := s.Catalogue(t.Context())
				_, errCells := s.Cells(t.Context(), doctorGUID)
				_, errState := s.CellState(t.Context(), doctorGUID, doctorGUID, monday)
				told := fmt.Sprint(out.String(), err, errCells, errState)
				if c != nil {
					told += fmt.Sprintf("%+v", c.Dropped)
				}
				checkPlain(t, told)
			})
		}
	}
}

// checkPlain checks that a text has neither the canary, nor a doctor's GUID, nor a control character.
func checkPlain(t *testing.T, text string) {
	t.Helper()
	control := func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) }
	if strings.Contains(text, canary) || strings.Contains(text, "%D0%9A%D0%B0%D0%BD") ||
		strings.Contains(text, doctorGUID.String()) || strings.ContainsFunc(text, control) {
		t.Errorf("told:\n%q", text)
	}
}

// A document's errors have no control characters, whatever its names and values are.
func TestNothingOfADocumentIsTold(t *testing.T) {
	text := quoted(t)
	for name, m := range map[string]struct{ old, fresh string }{
		"a name":             {`"version": 1,`, `"version": 1, ` + text + `: 1,`},
		"a name of a doctor": {`"district"`, text},
		"a name of a cell":   {`"room": "205"`, text + `: "205"`},
		"a code":             {`"code": "27"`, `"code": ` + text},
		"a code twice":       {`"code": "8"`, `"code": "27"`},
		"a speciality":       {`"speciality": "8"`, `"speciality": ` + text},
		"a beginning":        {`"begin": "2026-11-26T09:00:00+03:00"`, `"begin": ` + text},
		"a GUID":             {`"f05d7650-a2a0-49dc-99f1-bb57829bc46a"`, text},
		"an age":             {`["ADULT"]`, `[` + text + `]`},
		"a version":          {`"version": 1`, `"version": ` + text},
		"an instant":         {`"2026-11-25T07:30:00+03:00"`, text},
		"a raw character":    {`Терапевт`, hidden},
		"no JSON":            {`{`, hidden},
	} {
		document := strings.Replace(example(t), m.old, m.fresh, 1)
		file := written(t, document)
		_, err := schedule.NewFile(file, window(at(morning))).Catalogue(t.Context())
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		checkPlain(t, strings.ReplaceAll(fmt.Sprint(err), file, ""))
	}
}

// A file that cannot be opened is named, and its content is not.
func TestAFileThatCannotBeOpened(t *testing.T) {
	_, err := schedule.NewFile(t.TempDir(), window(at(morning))).Catalogue(t.Context())
	var path *os.PathError
	if !errors.As(err, &path) && !errors.As(err, new(*schedule.FileError)) {
		t.Errorf("%v", err)
	}
}
