package escpos

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func all(t testing.TB) Profiles {
	t.Helper()
	p, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every known printer is whole, and says where its facts come from.
func TestKnownPrinters(t *testing.T) {
	for _, name := range []string{
		"epson", "epson-old", "epson-tm-m30", "custom-vkp80", "custom-tg", "citizen", "star", "bixolon", "xprinter",
		"clone58", "rongta", "mpt", "nippon-np2511", "raster", "raster58",
		"mute",
	} {
		p, err := ByName(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if p.Name != name || len(p.Source) < 20 || p.Text == TextPage && p.Page.Map == nil || p.Text == TextRaster &&
			p.Page.Map != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if _, err := ByName("ancient"); err == nil || !strings.Contains(err.Error(), "epson-old") {
		t.Errorf("an unknown printer: %v", err)
	}
}

// The tables of the manuals, in the form in which they matter.
func TestPagesByMake(t *testing.T) {
	for name, want := range map[string]string{
		"epson": "cp866=17 wpc1251=46", "epson-old": "cp866=17", "citizen": "cp866=7", "star": "cp866=17 wpc1251=34",
		"bixolon":  "cp866=17 wpc1251=28",
		"xprinter": "cp866=17 wpc1251=23", "rongta": "cp866=7 wpc1251=6", "nippon-np2511": "wpc1251=4", "raster": "",
	} {
		var got []string
		for _, page := range all(t)[name].Pages {
			got = append(got, page.Name+"="+itoa(page.Number))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s has %s, want %s", name, s, want)
		}
	}
}

func itoa(b byte) string {
	if b >= 10 {
		return string(rune('0'+b/10)) + string(rune('0'+b%10))
	}
	return string(rune('0' + b))
}

func TestWith(t *testing.T) {
	p, err := ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	narrow, err := p.With(32, "WPC1251")
	if err != nil || narrow.Columns != 32 || narrow.Dots != 384 || narrow.Page.Number != 46 || len(narrow.Pages) != 1 ||
		len(p.Pages) != 2 {
		t.Errorf("%v %+v", err, narrow)
	}
	for _, c := range []struct {
		columns int
		page    string
		says    string
	}{{23, "", "24 to 64"}, {65, "", "24 to 64"}, {0, "cp1252", "cp866, wpc1251"}} {
		if _, err := p.With(c.columns, c.page); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if r, err := ByName("raster"); err != nil {
		t.Fatal(err)
	} else if _, err := r.With(0, "cp866"); err == nil || !strings.Contains(err.Error(), "raster") {
		t.Errorf("a page of a printer without pages: %v", err)
	}
}

func TestSiteProfiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "printers.toml")
	if err := os.WriteFile(
		file,
		[]byte(
			"\xef\xbb\xbf[hall]\nlike = \"custom-vkp80\"\ncolumns = 42\npages = [{ name = \"wpc1251\", number = 9 "+
				"}]\n[epson]\ncut = \"none\"\n[second]\nlike = \"hall\"\nqr = \"native\"\n",
		),
		0o600,
	); err != nil {
		t.Fatal(err)
	}
	site, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	hall := site["hall"]
	if hall.Columns != 42 || hall.Dots != 576 || hall.Page.Number != 9 || hall.Confirm != ConfirmMotor ||
		hall.Presenter == nil {
		t.Errorf("%+v", hall)
	}
	if second := site["second"]; second.QR != QRNative || second.Page.Number != 9 {
		t.Errorf("%+v", second)
	}
	if e := site["epson"]; len(e.Cut) != 0 || e.Columns != 48 || len(all(t)["epson"].Cut) == 0 {
		t.Errorf("%+v", e)
	}
	if same, err := Load(""); err != nil || len(same) != len(all(t)) {
		t.Errorf("no file: %v", err)
	}
}

func TestSiteProfilesThatAreWrong(t *testing.T) {
	for text, says := range map[string]string{
		"[epson]\ncolums = 3\n": "f.toml:2: there is no " +
			"key epson.colums; a profile has: like, source, columns",
		"\n[mine]\nlike = \"nope\"\n": "f.toml:2: mine: like = " +
			"\"nope\": there is no such profile; write one of: bixolon",
		"[x]\ncolumns = 42\n": "f.toml:1: x: dots = 0; a " +
			"line of 42 characters of 12 dots needs 504",
		"[x]\nlike=\"epson\"\ncolumns = 420\n": "columns = 420; write a " +
			"number from 24 to 64",
		"[x]\nlike=\"epson\"\ncut = \"ZZ\"\n": `f.toml:3: "ZZ" is not ` +
			`bytes; write them in hexadecimal digits`,
		"[x]\nlike=\"epson\"\ntext = " +
			"\"fast\"\n": `text = "fast"; write page or raster`,
		"[x]\nlike=\"epson\"\nqr = \"no\"\n": `qr = "no"; write native or raster`,
		"[x]\nlike=\"epson\"\nraster = \"no\"\n": `raster = "no"; write ` +
			`gs_v_0, esc_star or none`,
		"[x]\nlike=\"epson\"\nconfirm = " +
			"\"hope\"\n": `confirm = "hope"; write one of: gs_r`,
		"[x]\nlike=\"epson\"\nconfirm = \"motor\"\n": "name the bit moving",
		"[x]\nlike=\"epson\"\nconfirm = \"esc_v\"\n": "without the question 1B 76",
		"[x]\nlike=\"mute\"\nconfirm = \"asb\"\n":    "without asb",
		"[x]\nlike=\"epson\"\nbuffer = 5\n":          "buffer = 5",
		"[x]\nlike=\"epson\"\npages = []\n":          "there are no pages",
		"[x]\nlike=\"raster\"\nraster = \"none\"\n":  "needs pictures",
		"[x]\nlike=\"epson\"\npages = [{name=\"cp1\"}]\n": `there is no code page ` +
			`"cp1"; write one of: cp866`,
		"[x]\nlike=\"epson\"\nask = " +
			"[{ask=\"10\"}]\n": "a question without ask or shape",
		"[x]\nlike=\"epson\"\n" +
			"ask=[{ask=\"10\",shape=[\"93/12\"],bits={offlne=\"1:08\"}}]\n": `"offlne" is no state of a printer`,
		"[x]\nlike=\"epson\"\nask=[{ask=\"10\",shape=[\"93/12\"],bits={offline=\"2:08\"}}]\n": "bits of byte 2",
		"[x]\nlike=\"epson\"\nask=[{ask=\"10\",shape=[\"93/12\"],bits={offline=\"8\"}}]\n":    `"8" names no bits`,
		"[x]\nlike=\"epson\"\nask=[{ask=\"10\",shape=[\"12/93\"]}]\n":                         `"12/93" is not a pattern`,
		"[x]\nlike=\"epson\"\n" +
			"presenter={wait=\"long\"}\n": `"long" is not a length of time`,
		"[a]\nlike=\"b\"\n[b]\nlike=\"a\"\n":  "like itself",
		"[epson\n":                            "f.toml:1",
		"[epson]\ncolumns = \"many\"\n":       "f.toml:2",
		"\xff\xfe":                            "is not written in UTF-8",
		"[x]\nlike=\"epson\"\npages = 5\n":    "f.toml:3",
		"[epson]\ncolumns=1\n[epson]\n":       "f.toml:3",
		"[x]\nlike=\"epson\"\nsource=[1,2]\n": "f.toml:3",
	} {
		_, err := Parse("f.toml", []byte(text), all(t))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, says)
		}
		var ours *FileError
		if !errors.As(err, &ours) || ours.Want == "" {
			t.Errorf("%q: %T without what would be right", text, err)
		}
	}
	if _, err := Load(t.TempDir()); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a directory: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[epson]\ncolumns = 42\n")
	f.Add("[a]\nlike = \"b\"\n[b]\nlike = \"a\"\n")
	f.Add("[x]\nask = [{ ask = \"10\", shape = [\"93/12\"], bits = { offline = \"1:08 9:01\" } }]\n")
	f.Add("[x]\nlike = \"x\"\n")
	base, err := Embedded()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Parse("f.toml", []byte(text), base)
		if err != nil {
			return
		}
		for _, p := range got {
			e := NewEncoder(p)
			e.Line("Ёж №5 «»")
			e.QR("x", 4)
			e.Cut()
		}
	})
}

// Above each profile stands what each of its lines stands on; a line may also name its own source.
func TestProfilesNameTheirSources(t *testing.T) {
	judged := regexp.MustCompile(`^# ([a-z_, ]+): (?:manual|family|tables|choice|guess): .{10,}$`)
	key := regexp.MustCompile(`^([a-z_]+) = `)
	sure, table := map[string]bool{}, ""
	for n, line := range strings.Split(string(embedded), "\n") {
		switch {
		case line == "":
			sure, table = map[string]bool{}, ""
		case judged.MatchString(line) && table == "":
			for _, k := range strings.Split(judged.FindStringSubmatch(line)[1], ", ") {
				sure[k] = true
			}
		case strings.HasPrefix(line, "["):
			table = line
		case table != "" && key.MatchString(line) && !strings.Contains(line, " source = "):
			switch k := key.FindStringSubmatch(line)[1]; k {
			case "like", "source", "text", "repeat":
			default:
				if !sure[k] {
					t.Errorf("profiles.toml:%d: no line such as «# %s: manual: its page» above %s", n+1, k, table)
				}
			}
		}
	}
}
