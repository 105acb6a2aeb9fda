package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
)

const sampleFile = "../../apiclient/testdata/reservation-answer.json"

func TestUsageAndConfigurationErrors(t *testing.T) {
	s := newSite(t)
	broken := func(text string) string {
		name := filepath.Join(t.TempDir(), "broken.toml")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good, err := os.ReadFile(s.config)
	if err != nil {
		t.Fatal(err)
	}
	cell := uuid.NewString()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{}, "expected one of"},
		{[]string{"fly"}, "fly"},
		{[]string{"reserve", "--config", s.config, "--cell", "x", "--age", "ADULT"}, "--cell"},
		{[]string{"reserve", "--config", s.config, "--cell", cell + "0", "--age", "ADULT"}, "--cell"},
		{[]string{"reserve", "--config", s.config, "--cell", cell, "--age", "OLD"}, "--age"},
		{[]string{"reserve", "--config", s.config, "--cell", cell}, "--age"},
		{[]string{"reserve", "--cell", cell, "--age", "ADULT"}, "--config"},
		{[]string{"reserve", "--config", "/nowhere.toml", "--cell", cell, "--age", "ADULT"}, "/nowhere.toml"},
		{[]string{"config", "check", broken(string(good) + "\n[screen]\nwidht_mm = 5\n")}, "broken.toml:13"},
		{[]string{"config", "check", broken("[registry]\nurl = 5\n")}, "broken.toml:2"},
		{[]string{"config", "check", broken("[registry]\nurl = \"https://registry.example\"\n")}, "lpu_guid"},
		{[]string{"config", "check", broken("[registry\n")}, "broken.toml:1"},
		{[]string{"config", "check", broken(string(good) + "\n[screen]\nlanguages = [\"fr\"]\n")}, "fr"},
		{[]string{"config", "check", t.TempDir()}, "director"},
		{[]string{"ticket", "--answer", s.config, "--out", "x.bin"}, "--answer"},
		{[]string{"ticket", "--answer", sampleFile, "--out", "x.pdf"}, "--out"},
		{[]string{"ticket", "--answer", sampleFile, "--out", "x.bin", "--profile", "none"}, "none"},
		{[]string{"demo", "--size", "5"}, "--size"},
		{[]string{"demo", "--size", "320x320"}, "600"},
	} {
		r := infomat(t, c.args...)
		if r.code != 2 || !strings.Contains(r.err, c.says) || r.out != "" {
			t.Errorf("%v: code %d, standard error %q, standard output %q; want 2 and %q", c.args, r.code, r.err, r.out, c.says)
		}
	}
}

func TestConfigInitIsValidOnceFilledIn(t *testing.T) {
	r := infomat(t, "config", "init")
	if r.code != 0 {
		t.Fatal(r.err)
	}
	text := strings.Replace(r.out, `url = ""`, `url = "https://registry.example/api/v2"`, 1)
	text = strings.Replace(text, `lpu_guid = ""`, `lpu_guid = "c3c977af-c3b4-4517-9d57-50a6844ec660"`, 1)
	file := filepath.Join(t.TempDir(), "infomat.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := infomat(t, "config", "check", file); r.code != 0 || !strings.Contains(r.out, "can be used") {
		t.Errorf("%d %q %q", r.code, r.out, r.err)
	}
}

func TestTicketFiles(t *testing.T) {
	dir := t.TempDir()
	for _, columns := range []string{"0", "32", "48"} {
		for _, ending := range []string{".bin", ".txt", ".png"} {
			out := filepath.Join(dir, "ticket"+columns+ending)
			if r := infomat(t, "ticket", "--answer", sampleFile, "--out", out, "--columns", columns); r.code != 0 {
				t.Fatalf("%s: %d %s", out, r.code, r.err)
			}
		}
		text, err := os.ReadFile(filepath.Join(dir, "ticket"+columns+".txt"))
		if err != nil || !strings.Contains(string(text), "ТАЛОН № 008") || !strings.Contains(string(text), "Кабинет 202") ||
			strings.Contains(string(text), ". .") {
			t.Errorf("%v\n%s", err, text)
		}
		code, err := exec.Command("zbarimg", "--quiet", "--raw", filepath.Join(dir, "ticket"+columns+".png")).Output()
		if err != nil || strings.TrimSpace(string(code)) != "9d8ea16f-205b-4bc7-92e5-752cd84cb0db" {
			t.Errorf("the QR code in the picture is %q, %v", code, err)
		}
	}
	bin, err := os.ReadFile(filepath.Join(dir, "ticket0.bin"))
	if err != nil || len(bin) < 200 || len(bin) > 2000 || !strings.HasPrefix(string(bin), "\x1b@") {
		t.Errorf("%d bytes, %v", len(bin), err)
	}
}

func TestVersionAndHelp(t *testing.T) {
	for _, flag := range []string{"--version", "--help"} {
		if r := infomat(t, flag); r.code != 0 || r.out == "" {
			t.Errorf("%s: %d %q", flag, r.code, r.err)
		}
	}
}

func TestNoDisplayIsAnError(t *testing.T) {
	s := newSite(t)
	for _, args := range [][]string{{"demo"}, {"demo", "--walk", t.TempDir()}, {"run", "--config", s.config}} {
		cmd := exec.Command(program, args...)
		cmd.Env = append(os.Environ(), "DISPLAY=")
		out, err := cmd.CombinedOutput()
		if err == nil || cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "no X display") ||
			strings.Contains(string(out), "goroutine") {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

// TestTicketProfilesAndKinds checks that ticket writes every kind of print with every kind of profile.
func TestTicketProfilesAndKinds(t *testing.T) {
	dir := t.TempDir()
	own := filepath.Join(dir, "printers.toml")
	if err := os.WriteFile(own, []byte("[hall]\nlike = \"clone58\"\ncolumns = 30\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--answer", sampleFile, "--profile", "epson-old"}, "ТАЛОН № 008"},
		{[]string{"--answer", sampleFile, "--profile", "raster58"}, "[picture"},
		{[]string{"--answer", sampleFile, "--profile", "hall", "--profiles-file", own}, "ТАЛОН № 008"},
		{[]string{"--answer", sampleFile, "--kind", "copy"}, "КОПИЯ"},
		{[]string{"--answer", sampleFile, "--kind", "slip"}, "НЕ ТАЛОН"},
		{[]string{"--kind", "selftest", "--profile", "citizen"}, "citizen"},
		{[]string{"--kind", "codepages"}, "Ёжик"},
	} {
		out := filepath.Join(dir, "out.txt")
		if r := infomat(t, append([]string{"ticket", "--out", out}, c.args...)...); r.code != 0 {
			t.Errorf("%v: %d %s", c.args, r.code, r.err)
			continue
		}
		if text, err := os.ReadFile(out); err != nil || !strings.Contains(string(text), c.says) {
			t.Errorf("%v: %v, %q is missing in\n%s", c.args, err, c.says, text)
		}
	}
}

// TestInvalidSiteFiles checks that config check finds errors in the files that a site supplies.
func TestInvalidSiteFiles(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct{ printer, ticket, file, text, says string }{
		"profile": {
			`profiles_file = "own"`, "", "own", "[mine]\nlike = \"epson\"\ncolums = 3\n",
			"own:3: there is no key mine.colums",
		},
		"logo":     {"", `logo = "own"`, "own", "GIF89a", "ticket.logo"},
		"template": {"", `template = "own"`, "own", "{{.Num}", "ticket.template"},
		"no file":  {"", `template = "none"`, "own", "", "ticket.template"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(s.dir, c.file), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			config := filepath.Join(s.dir, "site.toml")
			good, err := os.ReadFile(s.config)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(
				string(good),
				"[printer]\n",
				"[printer]\n"+c.printer+"\n",
				1,
			) + "\n[ticket]\n" + c.ticket + "\n"
			if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if r := infomat(t, "config", "check", config); r.code != 2 || !strings.Contains(r.err, c.says) {
				t.Errorf("%d %q, want %q", r.code, r.err, c.says)
			}
		})
	}
}

// TestSiteTicketTemplate checks that tickets are printed with the site's own template.
func TestSiteTicketTemplate(t *testing.T) {
	s := newSite(t)
	if err := os.WriteFile(filepath.Join(s.dir, "own"), []byte("[big] № {{.Num}}, каб. {{.Room}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.more = "[ticket]\ntemplate = \"own\"\n"
	s.write()
	b, r := s.reserve(s.free())
	if r.code != 0 || b.Print != "printed" || !strings.HasPrefix(s.paper(), "№ "+b.Num+", каб. "+b.Room+"\n") {
		t.Errorf("%d %+v %s\n%s", r.code, b, r.err, s.paper())
	}
}
