package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"infomat/kiosk/config"
)

const good = `[registry]
url = "https://registry.example/api/v2/"
lpu_guid = "c3c977af-c3b4-4517-9d57-50a6844ec660"
`

func TestDefaults(t *testing.T) {
	c, err := config.Parse("f.toml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if c.Registry.URL != "https://registry.example/api/v2" || c.Registry.ReserveMinutes != 10 ||
		!c.Registry.FullResponse || c.Registry.Timeout.Duration != 15*time.Second {
		t.Errorf("registry: %+v", c.Registry)
	}
	if c.Printer.Port != "/dev/ttyUSB0" || c.Printer.Baud != 9600 || c.Printer.Profile != "epson" ||
		c.Printer.Flow != "none" || c.Printer.Timeout.Duration != 15*time.Second {
		t.Errorf("printer: %+v", c.Printer)
	}
	if c.Screen.Language != "ru" || len(c.Screen.Languages) != 2 || c.Screen.Idle.Duration != 90*time.Second ||
		c.Screen.Warning.Duration != 30*time.Second || c.Screen.Low {
		t.Errorf("screen: %+v", c.Screen)
	}
	if c.Schedule.Source != "registry" || c.Schedule.Days != 14 || c.Schedule.Refresh.Duration != time.Minute ||
		c.Metrics.Listen != "" || c.Log.Level != "info" {
		t.Errorf("the rest: %+v", c)
	}
}

// The template is a configuration as soon as its two blanks are filled in.
func TestTemplate(t *testing.T) {
	text := config.Template()
	if _, err := config.Parse("f.toml", []byte(text)); err == nil {
		t.Error("the template with its blanks is taken")
	}
	text = strings.Replace(text, `url = ""  `, `url = "https://r"  `, 1)
	text = strings.Replace(text, `lpu_guid = ""`, `lpu_guid = "c3c977af-c3b4-4517-9d57-50a6844ec660"`, 1)
	if _, err := config.Parse("f.toml", []byte("\xef\xbb\xbf"+text)); err != nil {
		t.Error(err)
	}
}

func TestErrorsSayWhereAndWhatWouldBeRight(t *testing.T) {
	for text, want := range map[string][]string{
		good + "timeot = \"5s\"\n":             {"f.toml:4:", "registry.timeot", "no such key", "registry.timeout?"},
		good + "[printer]\nbaud = \"fast\"\n":  {"f.toml:5:", "printer.baud", "baud = 9600"},
		good + "[printer]\nbaud = 12345\n":     {"f.toml:5:", "printer.baud", "115200"},
		good + "[printer]\nflow = \"dsr\"\n":   {"f.toml:5:", "rtscts"},
		good + "timeout = \"soon\"\n":          {"f.toml:4:", "registry.timeout", "15s"},
		good + "timeout = \"0s\"\n":            {"f.toml:4:", "1s to 2m"},
		good + "reserve_minutes = 0\n":         {"f.toml:4:", "1 to 120"},
		good + "[screen]\nwarning = \"5s\"\n":  {"f.toml:5:", "screen.warning", "20s"},
		good + "[screen]\nlanguage = \"de\"\n": {"f.toml:5:", "ru, en"},
		"[registry]\nurl = \"x\"\nlpu_guid = \"abc\"\n": {
			"f.toml:3:", "registry.lpu_guid", `"abc" is not a GUID`, "8-4-4-4-12",
		},
		"":                                       {"registry.url", "is missing", "registry.lpu_guid"},
		"[registry\n":                            {"f.toml:1:"},
		good + good:                              {"f.toml:4:"},
		"\xff\xfe":                               {"UTF-8"},
		good + "[regstry]\n":                     {"f.toml:4:", "regstry", "did you mean registry?"},
		good + "x = [1\n":                        {"f.toml:"},
		good + "[schedule]\nsource = \"file\"\n": {"schedule.file", "is missing"},
		good + "[schedule]\nsource = \"fhir\"\n": {"schedule.fhir_url", "https://host/path"},
		good + "[schedule]\nfile_max_age = \"5s\"\n": {"f.toml:5:", "schedule.file_max_age", "1m0s"},
		good + "[schedule.registry]\ndoctors_path = \"lpu\"\n": {
			"f.toml:5:", "schedule.registry.doctors_path", "slash",
		},
		good + "[schedule.registry]\nbusy_types = [\"4\"]\n":  {"f.toml:5:", "busy_types"},
		good + "[schedule.registry.fields]\ncel = \"guid\"\n": {"f.toml:5:", "schedule.registry.fields.cell?"},
		good + "[schedule.fhir]\nage_by = \"age\"\n": {
			"f.toml:5:", "schedule.fhir.age_by", "service-type",
		},
		good + "[schedule.fhir]\nage_by = \"service-type\"\n": {"schedule.fhir.ages", "is empty"},
		good + "[schedule.fhir.ages]\nchild = [\"KID\"]\n": {
			"f.toml:5:", "schedule.fhir.ages.child", "CHILD, TEEN, ADULT",
		},
		good + "[schedule.fhir]\nspeciality_from = \"name\"\n": {
			"f.toml:5:", "schedule.fhir.speciality_from", "specialty, service-type, role, healthcare-service",
		},
		good + "[schedule.fhir]\nquery = \"service-type=57;x\"\n": {
			"f.toml:5:", "schedule.fhir.query", "no list of parameters", "service-type=57&_sort=",
		},
		good + "[schedule.fhir]\nquery = \"=57\"\n": {"f.toml:5:", "schedule.fhir.query", "without a name"},
		good + "[schedule.fhir]\nquery = \"a=b&_include:iterate=a:b\"\n": {
			"f.toml:5:", "_include:iterate does not belong here", "schedule.fhir.includes",
		},
		good + "[schedule.fhir]\nincludes = [\"_include=Slot:schedule\", \"Slot:schedule\"]\n": {
			"f.toml:5:", "schedule.fhir.includes", `"Slot:schedule" is no`, "_include=Slot:schedule",
		},
		good + "[schedule.fhir]\npage = 0\n":             {"f.toml:5:", "schedule.fhir.page", "1 to 1000"},
		good + "[schedule.fhir]\ncert_file = \"none\"\n": {"schedule.fhir.cert_file", "belong together"},
		good + "[metrics]\nlisten = \"9100\"\n":          {"f.toml:5:", "metrics.listen", "127.0.0.1:9100"},
		good + "[metrics]\nlisten = \":9100\"\n": {
			"f.toml:5:", "can be reached from the network", "password_file",
		},
		good + "[metrics]\nlisten = \"192.0.2.1:9100\"\nuser = \"p\"\n": {
			"can be reached from the network", "metrics.user: stands without its fellow",
		},
		good + "[log]\nformat = \"xml\"\n": {"f.toml:5:", "log.format", "text, json"},
	} {
		_, err := config.Parse("f.toml", []byte(text))
		if err == nil {
			t.Errorf("taken:\n%s", text)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q\ndoes not say %q for\n%s", err, w, text)
			}
		}
	}
}

// The settings of the FHIR servers in docs/timetable.md are taken.
func TestSettingsOfFHIRServers(t *testing.T) {
	for _, text := range []string{
		`query = "service-type=https://s.example|4047611&schedule.actor=Practitioner/1,Practitioner/2&status=&_sort="`,
		`includes = ["_include=Slot:schedule"]`,
		`includes = ["_include=Schedule:actor:Practitioner", "_include:iterate=Schedule:actor", "_include=*"]`,
		`includes = ["_revinclude:iterate=PractitionerRole:practitioner", "_include:recurse=Slot:service-type-reference"]`,
		`speciality_from = "service-type"`,
		`speciality_from = ""`,
	} {
		if _, err := config.Parse("f.toml", []byte(good+"[schedule.fhir]\n"+text+"\n")); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{filepath.Join(dir, "missing.toml"), dir} {
		_, err := config.Load(name)
		var e *config.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "config init") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Files are named relative to the configuration, not to wherever the program was started.
func TestFilesAreRelativeToTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("t"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse(filepath.Join(dir, "f.toml"), []byte(good+"[registry.auth]\ntoken_file = \"token\"\n"))
	if err != nil || c.Registry.Auth.TokenFile != filepath.Join(dir, "token") {
		t.Errorf("%q, %v", c.Registry.Auth.TokenFile, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(good)
	f.Add(config.Template())
	f.Add("[registry]\nurl = 1")
	f.Add("a.b.c = [[1]]")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := config.Parse("f.toml", []byte(text)); err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
	})
}

// Files that the settings name belong to others and may come later: they are no errors of the settings.
func TestFilesAreNotOpened(t *testing.T) {
	c, err := config.Parse("f.toml", []byte(good+"[registry.auth]\ntoken_file = \"none\"\n[registry.tls]\nca_file = "+
		"\"none\"\n"+
		"[printer]\nprofiles_file = \"none\"\n[ticket]\nlogo = \"none\"\n[screen]\nlanguages_dir = \"none\"\n"),
	)
	if err != nil || c.Registry.TLS.CAFile != "none" {
		t.Errorf("%v, ca_file %q", err, c.Registry.TLS.CAFile)
	}
}
