package registry_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
	"infomat/apiclient/schedule/schedtest"
)

// Speciality codes and names, what doctors and slots hold, and the texts of refusals stay out of errors,
// counts and logs, whichever page fails.
func TestNothingOfARegistrysTextsIsTold(t *testing.T) {
	text := schedtest.Quoted(schedtest.Hidden)
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
		"broken":    {500, schedtest.Hidden},
		"a text":    {200, text},
		"an object": {200, "{" + text + ":" + text + "}"},
		"half":      {200, "[" + text},
		"no JSON":   {200, schedtest.Hidden}, "other types": {200, "[[" + text + "]]"},
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
				s := registry.New(client(t, h), registry.Options{}, w)
				var out bytes.Buffer
				log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
				schedtest.Exercise(t.Context(), s, log)
				c, err := s.Catalogue(t.Context())
				_, errCells := s.Cells(t.Context(), doctorGUID)
				_, errState := s.CellState(t.Context(), doctorGUID, doctorGUID, monday)
				told := fmt.Sprint(out.String(), err, errCells, errState)
				if c != nil {
					told += fmt.Sprintf("%+v", c.Dropped)
				}
				schedtest.CheckPlain(t, told, doctorGUID.String())
			})
		}
	}
}
