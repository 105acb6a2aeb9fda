package lockdown

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"infomat/kiosk/health"
)

// computer is a tree of files in the place of a computer's.
type computer struct {
	t    *testing.T
	root string
}

func newComputer(t *testing.T) *computer {
	c := &computer{t, t.TempDir()}
	c.write("usr/bin/unattended-upgrade", "")
	return c
}

// write writes a file.
func (c *computer) write(name, text string) {
	c.t.Helper()
	whole := filepath.Join(c.root, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(whole), 0o755), os.WriteFile(whole, []byte(text), 0o600)); err != nil {
		c.t.Fatal(err)
	}
}

// read returns the text of a file.
func (c *computer) read(name string) string {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.root, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

// run runs the script and returns its output and its exit code.
func (c *computer) run(command string) (output string, code int) {
	c.t.Helper()
	cmd := exec.Command("./infomat-lockdown", command, "--root", c.root, "--share", ".")
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		c.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// apply puts the protections in place.
func (c *computer) apply(settings string) {
	c.t.Helper()
	c.write("etc/infomat/lockdown.conf", settings)
	if out, code := c.run("apply"); code != 0 || out != "" {
		c.t.Fatalf("apply with %q: code %d, %s", settings, code, out)
	}
}

// files returns what is there: the texts of files, the targets of links, and when each was changed.
func (c *computer) files() (texts, times map[string]string) {
	c.t.Helper()
	texts, times = map[string]string{}, map[string]string{}
	err := filepath.WalkDir(c.root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(name)
		if d.Type()&fs.ModeSymlink != 0 {
			var target string
			target, err = os.Readlink(name)
			text = []byte("-> " + target)
		}
		short := strings.TrimPrefix(name, c.root+"/")
		texts[short], times[short] = string(text), info.ModTime().String()
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return texts, times
}

// added returns what is in one list of files and not, or not the same, in another.
func added(before, after map[string]string) (names []string) {
	for name, text := range after {
		if was, ok := before[name]; !ok || was != text {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// own are the files of the script itself, and the settings.
func own(name string) bool {
	return name == "etc/infomat/lockdown.conf" || name == "var/lib/infomat-lockdown/made" ||
		name == "var/lib/infomat-lockdown/state"
}

// protections are the names that the script lists.
func protections(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("./infomat-lockdown", "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

func TestEachProtectionHasItsFilesASwitchAPageAndACheck(t *testing.T) {
	settings, english, russian := text(t, "lockdown.conf"), text(t, "../../docs/hardening.md"),
		text(t, "../../docs/hardening.ru.md")
	folders, err := os.ReadDir("files")
	if err != nil {
		t.Fatal(err)
	}
	names := protections(t)
	if len(folders) != len(names) {
		t.Errorf("%d folders of files, %d protections", len(folders), len(names))
	}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join("files", name)); err != nil {
			t.Error(err)
		}
		if !regexp.MustCompile(`(?m)^` + name + ` = (on|deny)$`).MatchString(settings) {
			t.Errorf("%s is not switched on in lockdown.conf", name)
		}
		if !strings.Contains(english, "`"+name+"`") || !strings.Contains(russian, "`"+name+"`") {
			t.Errorf("the guide does not explain %s in both languages", name)
		}
		if !health.Known(health.PartLockdown, name) {
			t.Errorf("infomat diag has no finding for %s", name)
		}
	}
}

func text(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestWhatIsAppliedIsRevertedAndNothingElse(t *testing.T) {
	c := newComputer(t)
	c.write("etc/sysctl.d/10-site.conf", "kernel.sysrq = 1\n")
	c.write("etc/systemd/logind.conf.d/site.conf", "[Login]\n")
	c.write("etc/infomat/lockdown.conf", text(t, "lockdown.conf"))
	mask := filepath.Join(c.root, "etc/systemd/system/sleep.target") // somebody else has masked it
	if err := errors.Join(os.MkdirAll(filepath.Dir(mask), 0o755), os.Symlink("/dev/null", mask)); err != nil {
		t.Fatal(err)
	}
	before, _ := c.files()
	if out, code := c.run("apply"); code != 0 || out != "" {
		t.Fatalf("code %d, %s", code, out)
	}
	first, times := c.files()
	if len(added(before, first)) < 20 {
		t.Fatalf("only these were made: %v", added(before, first))
	}
	if out, code := c.run("status"); code != 0 || strings.Contains(out, "open") {
		t.Errorf("status: code %d\n%s", code, out)
	}
	if out, code := c.run("apply"); code != 0 || out != "" {
		t.Fatalf("again: code %d, %s", code, out)
	}
	second, again := c.files()
	for _, name := range added(times, again) {
		if name != "var/lib/infomat-lockdown/state" {
			t.Errorf("the second run has written %s, which was right", name)
		}
	}
	if !maps.Equal(first, second) {
		t.Errorf("the second run has changed %v", added(first, second))
	}
	if out, code := c.run("revert"); code != 0 || out != "" {
		t.Fatalf("revert: code %d, %s", code, out)
	}
	if after, _ := c.files(); !maps.Equal(before, after) {
		t.Errorf("left after the revert: %v; gone: %v", added(before, after), added(after, before))
	}
	if out, code := c.run("revert"); code != 0 || out != "" {
		t.Errorf("a second revert: code %d, %s", code, out)
	}
}

func TestEachSwitchTakesItsProtectionBack(t *testing.T) {
	c := newComputer(t)
	c.apply("")
	all, _ := c.files()
	gone := map[string]string{} // each file, with the switch that takes it away
	for _, name := range protections(t) {
		value := "off"
		if name == "keyboard" {
			value = "allow"
		}
		c.apply(name + " = " + value)
		now, _ := c.files()
		lost := slices.DeleteFunc(added(now, all), own)
		if len(lost) == 0 {
			t.Errorf("%s = %s takes nothing away", name, value)
		}
		for _, file := range lost {
			if gone[file] != "" {
				t.Errorf("%s is taken away by %s and by %s", file, gone[file], name)
			}
			gone[file] = name
		}
		if state := c.read("var/lib/infomat-lockdown/state"); !strings.Contains(state, name+" off\n") {
			t.Errorf("the record says of %s:\n%s", name, state)
		}
	}
	for file := range all {
		if gone[file] == "" && !own(file) && file != "usr/bin/unattended-upgrade" {
			t.Errorf("no switch takes %s away", file)
		}
	}
	c.apply("")
	if now, _ := c.files(); len(slices.DeleteFunc(added(now, all), own)) > 0 {
		t.Errorf("not in place again: %v", added(now, all))
	}
}

func TestBadSettingsChangeNothingAndAreAllTold(t *testing.T) {
	c := newComputer(t)
	c.apply("")
	before, _ := c.files()
	lines := []string{
		"kernel = maybe", "console on", "keyboard = 046d", "keyboard =", "keyboard = deny allow", "usb_allow = sound",
		"ssh_from = clinic", "ssh_from =", "ssh_port = 0", "metrics = on", "night = 25:00", "moat = on", "keys = $(reboot)",
		"; = on", "keys = on", "modules = *",
	}
	c.write("etc/infomat/lockdown.conf", "# a comment\n\n"+strings.Join(lines, "\n")+"\n")
	out, code := c.run("apply")
	if code != 2 {
		t.Errorf("code %d, want 2", code)
	}
	for i, line := range lines {
		if !strings.Contains(out, fmt.Sprintf("lockdown.conf:%d: ", i+3)) {
			t.Errorf("%q is taken:\n%s", line, out)
		}
	}
	c.write("etc/infomat/lockdown.conf", "")
	if after, _ := c.files(); !maps.Equal(before, after) {
		t.Errorf("changed: %v", added(before, after))
	}
}

func TestSettingsTakeEffect(t *testing.T) {
	const (
		keyboards = "etc/udev/rules.d/90-infomat-lockdown-keyboard.rules"
		usb       = "etc/udev/rules.d/70-infomat-lockdown-usb.rules"
		firewall  = "var/lib/infomat-lockdown/firewall.nft"
		upgrade   = "etc/systemd/system/apt-daily-upgrade.timer.d/infomat-lockdown.conf"
		restart   = "etc/systemd/system/infomat-lockdown-restart.timer.d/time.conf"
	)
	c := newComputer(t)
	c.write("etc/infomat/infomat.toml",
		"[schedule]\nlisten = \"0.0.0.0:1\"\n[metrics]\nlisten = \"0.0.0.0:9443\" # all\n")
	c.apply(`keyboard = 046d:c31c 1234:5678 # two
	usb_allow  =  08bb:2902   01
ssh_from = 10.1.0.0/16 fd00::/8
ssh_port = 22 2222
night = 22:30`)
	for file, want := range map[string][]string{
		keyboards: {
			`ATTRS{id/vendor}=="046d", ATTRS{id/product}=="c31c", GOTO="infomat_keyboard_end"`,
			`ATTRS{id/vendor}=="1234", ATTRS{id/product}=="5678", GOTO="infomat_keyboard_end"`,
		},
		usb: {
			`ATTRS{idVendor}=="08bb", ATTRS{idProduct}=="2902", GOTO="infomat_usb_allow"`,
			`ATTR{bInterfaceClass}=="01", GOTO="infomat_usb_allow"`,
		},
		firewall:                         {"{ 10.1.0.0/16 }", "{ fd00::/8 }", "dport { 22, 2222, 9443 } jump near"},
		upgrade:                          {"OnCalendar=\nOnCalendar=*-*-* 23:30\n"},
		restart:                          {"OnCalendar=\nOnCalendar=*-*-* 01:30\n"},
		"var/lib/infomat-lockdown/state": {"keyboard on 046d:c31c 1234:5678\n"},
	} {
		for _, line := range want {
			if !strings.Contains(c.read(file), line) {
				t.Errorf("%s has no %q:\n%s", file, line, c.read(file))
			}
		}
	}
	for _, listen := range []string{"127.0.0.1:9443", "[::1]:9443", "localhost:9443", ""} {
		c.write("etc/infomat/infomat.toml", fmt.Sprintf("[metrics]\nlisten = %q\n", listen))
		c.apply("")
		if strings.Contains(c.read(firewall), "9443") {
			t.Errorf("the metrics at %q are let in", listen)
		}
	}
	c.write("etc/infomat/infomat.toml", "[metrics]\nlisten = \":9443\"\n")
	c.apply("metrics = closed")
	if strings.Contains(c.read(firewall), "9443") {
		t.Error("the metrics are let in though they are closed")
	}
	files, _ := c.files()
	for name, text := range files {
		if regexp.MustCompile(`@[A-Z0-9]+@`).MatchString(text) {
			t.Errorf("%s has a place that was not filled in:\n%s", name, text)
		}
	}
}

// The kernel takes the rules, in a network of their own.
func TestTheFirewallIsLoaded(t *testing.T) {
	for _, tool := range []string{"nft", "unshare"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("not installed:", tool)
		}
	}
	if out, err := exec.Command("unshare", "-rn", "nft", "list", "ruleset").CombinedOutput(); err != nil {
		t.Skipf("this kernel has no nftables: %v %s", err, out)
	}
	for _, settings := range []string{
		"", "ssh_from = all", "ssh_from = 10.1.2.3", "ssh_from = fe80::1 10.0.0.0/8\nssh_port = 1 2",
	} {
		c := newComputer(t)
		c.apply(settings)
		file := filepath.Join(c.root, "var/lib/infomat-lockdown/firewall.nft")
		script := fmt.Sprintf("nft -f %[1]s && nft -f %[1]s && nft list table inet infomat_lockdown", file)
		out, err := exec.Command("unshare", "-rn", "sh", "-c", script).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "policy drop") {
			t.Errorf("%q: %v\n%s", settings, err, out)
		}
	}
}
