package file_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"infomat/apiclient/schedule/file"
	"infomat/apiclient/schedule/schedtest"
)

// The errors of an invalid document do not quote it.
func TestNoNameOfADocumentReachesALog(t *testing.T) {
	for name, m := range mistakes {
		text := strings.ReplaceAll(strings.Replace(example(t), m.old, m.fresh, 1), "Викторовна", schedtest.Canary)
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&out, nil))
		schedtest.Exercise(t.Context(), file.New(schedtest.Written(t, text), window(at(morning))), log)
		if strings.Contains(out.String(), schedtest.Canary) {
			t.Errorf("%s: the log has\n%s", name, out.String())
		}
	}
}

// A document's errors have no control characters, whatever its names and values are.
func TestNothingOfADocumentIsTold(t *testing.T) {
	text := schedtest.Quoted(schedtest.Hidden)
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
		"a raw character":    {`Терапевт`, schedtest.Hidden},
		"no JSON":            {`{`, schedtest.Hidden},
	} {
		document := strings.Replace(example(t), m.old, m.fresh, 1)
		path := schedtest.Written(t, document)
		_, err := file.New(path, window(at(morning))).Catalogue(t.Context())
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		schedtest.CheckPlain(t, strings.ReplaceAll(fmt.Sprint(err), path, ""))
	}
}

// A path that cannot be opened is named, and its content is not.
func TestAFileThatCannotBeOpened(t *testing.T) {
	_, err := file.New(t.TempDir(), window(at(morning))).Catalogue(t.Context())
	var path *os.PathError
	if !errors.As(err, &path) && !errors.As(err, new(*file.Error)) {
		t.Errorf("%v", err)
	}
}
