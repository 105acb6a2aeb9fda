package terminal

import (
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"

	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/file"
	"infomat/kiosk"
)

// No control character of a timetable reaches a screen, whatever the source lets through.
func TestControlCharactersOfATimetableReachNoScreen(t *testing.T) {
	const odd = `\u001b[2J\u0000\u202e\u009b\r\nx`
	begin := time.Now().Add(time.Hour)
	doctor := uuid.New()
	document := `{"version":1,"exported":"` + time.Now().Format(time.RFC3339) + `","clinic":{"name":"@","phone":"@"},` +
		`"specialities":[{"code":"1","name":"@"}],"doctors":[{"guid":"` + doctor.String() + `","name":"@","post":"@",` +
		`"speciality":"1","room":"@","district":"@","cells":[{"guid":"` + uuid.NewString() + `","room":"@",` +
		`"begin":"` + begin.Format(time.RFC3339) + `","end":"` + begin.Add(time.Hour).Format(time.RFC3339) + `"}]}]}`
	name := filepath.Join(t.TempDir(), "timetable.json")
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(document, "@", odd)), 0o600); err != nil {
		t.Fatal(err)
	}
	store := &schedule.Store{Source: file.New(name, schedule.Window{Days: 14})}
	if err := store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	shown := &timetable{store: store, days: 14, log: slog.New(slog.DiscardHandler)}
	specialities := shown.Specialities(t.Context(), kiosk.AgeAdult)
	doctors := shown.Doctors(t.Context(), kiosk.AgeAdult, "1")
	days := shown.Days(t.Context(), doctor, false)
	if len(specialities) != 1 || len(doctors) != 1 || len(days) == 0 {
		t.Fatalf("%v, %v, %v", specialities, doctors, days)
	}
	texts := textsOf(reflect.ValueOf([]any{specialities, doctors, days, shown.overview(time.Now())}))
	if len(texts) < 10 {
		t.Errorf("only %d texts", len(texts))
	}
	for _, text := range texts {
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("%q is shown", text)
		}
	}
}

// textsOf returns all texts in a value.
func textsOf(v reflect.Value) (texts []string) {
	switch v.Kind() {
	case reflect.String:
		if v.Len() > 0 {
			texts = append(texts, v.String())
		}
	case reflect.Interface:
		texts = textsOf(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			texts = append(texts, textsOf(v.Index(i))...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			texts = append(texts, textsOf(v.Field(i))...)
		}
	}
	return texts
}
