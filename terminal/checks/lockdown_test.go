package checks

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"infomat/assets/lang"
	"infomat/kiosk/health"
)

// lockedDown makes the files of a computer on which infomat-lockdown has put the protections in place, by the
// package's own script, and those of a kernel that keeps to them.
func lockedDown(t *testing.T, settings string) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, text := range map[string]string{
		"usr/sbin/infomat-lockdown":                              "",
		"usr/bin/unattended-upgrade":                             "",
		"etc/infomat/lockdown.conf":                              settings,
		"run/infomat-lockdown/.here":                             "",
		"run/udev/data/+input:input3":                            "I:1\nE:ID_INPUT=1\nE:ID_INPUT_KEYBOARD=1\n",
		"run/udev/data/+input:input4":                            "E:ID_INPUT=1\nE:ID_INPUT_TOUCHSCREEN=1\n",
		"sys/class/input/input3/id/vendor":                       "046d\n",
		"sys/class/input/input3/id/product":                      "c31c\n",
		"sys/class/input/input3/id/bustype":                      "0003\n",
		"sys/class/input/input3/inhibited":                       "1\n",
		"sys/class/input/input4/inhibited":                       "0\n",
		"sys/class/tty/tty0/active":                              "tty7\n",
		"sys/bus/usb/devices/usb1/interface_authorized_default":  "0\n",
		"sys/bus/usb/devices/1-1/interface_authorized_default":   "1\n",
		"proc/modules":                                           "usbhid 65536 0 - Live 0x0\n",
		"proc/sys/kernel/sysrq":                                  "0\n",
		"proc/sys/net/ipv4/conf/all/accept_redirects":            "0\n",
		"proc/sys/kernel/yama/ptrace_scope":                      "2\n",
		"var/lib/apt/periodic/unattended-upgrades-stamp":         "",
		"sys/bus/usb/devices/usb1/authorized_default/is-no-file": "",
	} {
		put(t, root, name, text)
	}
	out, err := exec.Command("../../packaging/lockdown/infomat-lockdown", "apply", "--root", root,
		"--share", "../../packaging/lockdown").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return root
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	whole := filepath.Join(root, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(whole), 0o755), os.WriteFile(whole, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func TestLockdown(t *testing.T) {
	putting := func(name, text string) func(*testing.T, string) {
		return func(t *testing.T, root string) { put(t, root, name, text) }
	}
	removing := func(names ...string) func(*testing.T, string) {
		return func(t *testing.T, root string) {
			for _, name := range names {
				if err := os.RemoveAll(filepath.Join(root, name)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	all := func(*testing.T, string) {}
	languages, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	english, err := languages.Language("en")
	if err != nil {
		t.Fatal(err)
	}
	plain := lockedDown(t, "")
	for name, c := range map[string]struct {
		settings string // other than the defaults
		spoil    func(t *testing.T, root string)
		want     []string // the kinds
		says     string   // in the words of one of them, or in its detail
	}{
		"everything is in place":   {"", all, []string{"ok"}, ""},
		"the package is not there": {"", removing("usr/sbin/infomat-lockdown"), []string{"not_installed"}, ""},
		"it was never run":         {"", removing("var/lib/infomat-lockdown"), []string{"not_applied"}, ""},
		"two are switched off":     {"keyboard = allow\nusb = off", all, []string{"ok", "off"}, "keyboard, usb"},
		"one failed": {
			"", putting("var/lib/infomat-lockdown/state", "firewall failed\n"), []string{"firewall"}, "",
		},
		"one of another version": {
			"", putting("var/lib/infomat-lockdown/state", "moat failed\n"), []string{"ok"}, "",
		},
		"SysRq is allowed": {
			"", putting("proc/sys/kernel/sysrq", "438\n"), []string{"kernel"}, "kernel.sysrq is 438, not 0",
		},
		"an optional key differs": {
			"", putting("proc/sys/kernel/yama/ptrace_scope", "0\n"), []string{"kernel"}, "yama",
		},
		"the sysctl file is gone": {
			"", removing("etc/sysctl.d/99-zz-infomat-lockdown.conf"), []string{"kernel"}, "missing",
		},
		"a login prompt is back": {
			"", removing("etc/systemd/system/getty@tty1.service"), []string{"console"}, "getty@tty1",
		},
		"another console in front": {
			"", putting("sys/class/tty/tty0/active", "tty1\n"), []string{"console"}, "tty1 is in front",
		},
		"the power key works": {
			"", removing("etc/systemd/logind.conf.d/90-infomat-lockdown-keys.conf"), []string{"keys"}, "",
		},
		"sleep is possible": {
			"", removing("etc/systemd/system/sleep.target"), []string{"keys"}, "sleep.target",
		},
		"a keyboard is heard": {
			"", putting("sys/class/input/input3/inhibited", "0\n"), []string{"keyboard"}, "046d:c31c",
		},
		"the kernel cannot mute it": {
			"", removing("sys/class/input/input3/inhibited"), []string{"keyboard"}, "046d:c31c",
		},
		"this keyboard is allowed": {
			"keyboard = 1234:5678 046d:c31c", putting("sys/class/input/input3/inhibited", "0\n"), []string{"ok"}, "",
		},
		"another keyboard is allowed": {
			"keyboard = 1234:5678", putting("sys/class/input/input3/inhibited", "0\n"), []string{"keyboard"}, "",
		},
		"a power button is no keyboard": {
			"", func(t *testing.T, root string) {
				put(t, root, "sys/class/input/input3/inhibited", "0\n")
				put(t, root, "sys/class/input/input3/id/bustype", "0019\n")
			}, []string{"ok"}, "",
		},
		"USB is open": {
			"", putting("sys/bus/usb/devices/usb1/interface_authorized_default", "1\n"), []string{"usb"}, "usb1",
		},
		"a module is loaded": {
			"", putting("proc/modules", "bluetooth 1 0 - Live 0x0\n"), []string{"modules"}, "bluetooth",
		},
		"the firewall is down": {"", removing("run/infomat-lockdown"), []string{"firewall"}, ""},
		"the journal's limit went": {
			"", removing("etc/systemd/journald.conf.d/90-infomat-lockdown.conf"), []string{"journal"}, "",
		},
		"no upgrade for nine days": {
			"", func(t *testing.T, root string) {
				old := time.Now().Add(-9 * 24 * time.Hour)
				for _, name := range []string{
					"etc/apt/apt.conf.d/90infomat-lockdown", "var/lib/apt/periodic/unattended-upgrades-stamp",
				} {
					if err := os.Chtimes(filepath.Join(root, name), old, old); err != nil {
						t.Fatal(err)
					}
				}
			}, []string{"upgrades_late"}, "9",
		},
		"the rule for keyboards is gone": {
			"", removing("etc/udev/rules.d/90-infomat-lockdown-keyboard.rules"), []string{"keyboard"}, "keyboard is heard",
		},
		"two stand open": {
			"", removing("run/infomat-lockdown", "etc/modprobe.d/infomat-lockdown.conf"), []string{"modules", "firewall"}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			if c.settings != "" {
				root = lockedDown(t, c.settings)
			} else if err := os.CopyFS(root, os.DirFS(plain)); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, root)
			var kinds []string
			said := ""
			for _, f := range Lockdown(root, time.Now()) {
				kinds = append(kinds, f.Kind)
				said += f.Detail + f.Say(english) + "\n"
				if words := f.Say(english); strings.Contains(words, "service.finding") {
					t.Errorf("it has no words: %s", words)
				}
				if f.Level == health.Failure || f.Closes != "" || f.NoPaper {
					t.Errorf("it keeps patients from booking: %+v", f)
				}
			}
			if !slices.Equal(kinds, c.want) || !strings.Contains(said, c.says) {
				t.Errorf("found %v, want %v with %q; said:\n%s", kinds, c.want, c.says, said)
			}
		})
	}
}
