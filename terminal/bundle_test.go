package terminal

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/registrysim"
	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/journal"
)

// The log of a bundle tells of a booking as the journal of the bundle does: by its operation, without the cell, the
// doctor or the time of the appointment. A secret of the settings is in no part.
func TestABundleLeadsToNobody(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			client := uuid.NewString()
			p, sim := over(t, tokenFile(t, "right"), func(c *config.Config) {
				c.Log.File, c.Log.Level, c.Log.Format = filepath.Join(dir, "log"), "debug", format
				c.Registry.Auth.ClientApplication = client
			})
			c := p.settings.inUse()
			log, file, err := OpenLog(c.Log)
			if err != nil {
				t.Fatal(err)
			}
			p.timetable.log, p.log = log, log
			line := p.line()
			line.log = log
			doctor, cell := anyCell(t, p)
			sim.AddFault(registrysim.Fault{Kind: registrysim.ResetAfter})
			order := kiosk.Order{Operation: uuid.New(), Cell: cell.GUID, Age: kiosk.AgeAdult, Hold: time.Minute}
			line.Reserve(t.Context(), order, func() error { return nil })
			sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "500", Method: http.MethodGet, Times: -1})
			p.timetable.Recheck(t.Context(), cell)
			p.timetable.Days(t.Context(), doctor, true)
			if err := file.Close(); err != nil {
				t.Fatal(err)
			}
			written, err := os.ReadFile(c.Log.File)
			if err != nil || !strings.Contains(string(written), cell.GUID.String()) {
				t.Fatalf("the log has nothing to hide: %v\n%s", err, written)
			}
			settings := filepath.Join(dir, "infomat.toml")
			text := "[registry.auth]\nclient_application = \"" + client + "\"\n"
			if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			p.notes.write(journal.KindDevice, journal.Note{Subject: "timetable", Detail: "no answer for " + doctor.String()})
			if want := map[string]string{"text": "outcome=unknown", "json": `"outcome":"unknown"`}[format]; !strings.Contains(
				string(written), want) {
				t.Errorf("the log does not say %s:\n%s", want, written)
			}
			parts := bundleOf(t, settings, c)
			if !strings.Contains(parts["log.txt"], order.Operation.String()) {
				t.Errorf("the log does not tell of the booking:\n%s", parts["log.txt"])
			}
			for name, text := range parts {
				for what, secret := range map[string]string{
					"cell": cell.GUID.String(), "doctor": doctor.String(), "client": client,
					"date": "/" + cell.Begin.Format(time.DateOnly),
				} {
					if strings.Contains(text, secret) {
						t.Errorf("%s holds the %s:\n%s", name, what, text)
					}
				}
			}
		})
	}
}

func TestPlainText(t *testing.T) {
	const id, date = "28ec3c63-825f-5673-978d-542e4b6b820e", "2026-12-01"
	for _, c := range [][2]string{
		{
			"time=2026-11-27T21:16:20.101Z operation=" + id + " cell=" + id,
			"time=2026-11-27T21:16:20.101Z operation=" + id + " cell=***",
		},
		{
			`{"time":"2026-11-27T21:16:20.1+03:00","job":"` + id + `","doctor":"` + id + `"}`,
			`{"time":"2026-11-27T21:16:20.1+03:00","job":"` + id + `","doctor":"***"}`,
		},
		{"begin=" + date + "T09:30:00+03:00 msg=x", "begin=*** msg=x"},
		{
			"GET /lpu/" + id + "/doctor/" + id + "/schedule/" + date + "/" + date + ": HTTP 500",
			"GET /lpu/***/doctor/***/schedule/***/***: HTTP 500",
		},
		{
			`error="apiclient: GET /fhir/Slot?schedule=Schedule/abc&start=ge` + date + `: no line" n=7`,
			`error="apiclient: GET /fhir/Slot?***: no line" n=7`,
		},
		{"GET /Schedule/a1b2: HTTP 404", "GET /Schedule/***: HTTP 404"},
		{"ms=1234 free=9 /dev/ttyUSB0", "ms=1234 free=9 /dev/ttyUSB0"},
	} {
		if got := plainText(c[0]); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

// The end of a long log begins with a whole line: half an identifier would not be found.
func TestTheEndOfALogBeginsWithALine(t *testing.T) {
	name := filepath.Join(t.TempDir(), "log")
	line := "msg=x cell=28ec3c63-825f-5673-978d-542e4b6b820e\n"
	if err := os.WriteFile(name, []byte(line+line), 0o600); err != nil {
		t.Fatal(err)
	}
	for most, want := range map[int]string{
		len(line) + 20: "msg=x cell=***\n", len(line): "", 2 * len(line): "msg=x cell=***\nmsg=x cell=***\n",
	} {
		var out strings.Builder
		if err := plainTail(&out, name, int64(most)); err != nil || out.String() != want {
			t.Errorf("%d bytes: %q, %v, want %q", most, out.String(), err, want)
		}
	}
}

// anyCell returns the first cell that is offered, and its doctor.
func anyCell(t *testing.T, p *Terminal) (uuid.UUID, kiosk.Cell) {
	t.Helper()
	if err := p.store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.timetable.Specialities(t.Context(), kiosk.AgeAdult) {
		for _, d := range p.timetable.Doctors(t.Context(), kiosk.AgeAdult, s.Code) {
			for _, day := range p.timetable.Days(t.Context(), d.GUID, false) {
				if len(day.Cells) > 0 {
					return d.GUID, day.Cells[0]
				}
			}
		}
	}
	t.Fatal("there is no cell")
	return uuid.Nil, kiosk.Cell{}
}

// bundleOf returns the parts of a bundle by their names.
func bundleOf(t *testing.T, settings string, c config.Config) map[string]string {
	t.Helper()
	languages, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	words, err := languages.Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteBundle(&out, settings, c, diag.Report{}, words); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(data)
	}
	return parts
}
