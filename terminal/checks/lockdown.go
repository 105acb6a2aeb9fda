package checks

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"infomat/kiosk/health"
)

// upgradesWithin is how long a terminal may be without a run of its security upgrades, which are nightly.
const upgradesWithin = 8 * 24 * time.Hour

// LockdownInstalled reports whether the package infomat-lockdown is there. Root is "/", or a folder in its place.
func LockdownInstalled(root string) bool {
	_, err := os.Stat(filepath.Join(root, "usr/sbin/infomat-lockdown"))
	return err == nil
}

// Lockdown checks the protections of the package infomat-lockdown, by what its last run has recorded and by what the
// kernel says now. Nothing of that needs a privilege. It returns a finding for each protection that is open, and one
// for all that were switched off on purpose.
func Lockdown(root string, now time.Time) []health.Finding {
	if !LockdownInstalled(root) {
		return []health.Finding{health.New(health.PartLockdown, "not_installed")}
	}
	l := &lockdown{root: root, now: now}
	states := l.lines("var/lib/infomat-lockdown/state")
	if len(states) == 0 {
		return []health.Finding{health.New(health.PartLockdown, "not_applied")}
	}
	l.made = l.lines("var/lib/infomat-lockdown/made")
	var off []string
	for _, state := range states {
		switch {
		case len(state) < 2 || !health.Known(health.PartLockdown, state[0]): // another version's
		case state[1] == "off":
			off = append(off, state[0])
		case state[1] != "on":
			l.open(state[0], nil)
		default:
			l.look(state[0], state[2:])
		}
	}
	if len(l.found) == 0 {
		l.found = append(l.found, health.New(health.PartLockdown, health.KindOK))
	}
	if len(off) > 0 {
		names := map[string]any{"Names": strings.Join(off, ", ")}
		l.found = append(l.found, health.New(health.PartLockdown, "off").With(names))
	}
	return l.found
}

// lockdown looks at the files below root and collects what stands open.
type lockdown struct {
	root  string
	now   time.Time
	made  [][]string // what was put in place: a protection and a path each
	found []health.Finding
}

// open adds a finding. The words of some kinds name a device or modules, where those are known.
func (l *lockdown) open(kind string, data map[string]any, detail ...any) {
	if data == nil {
		data = map[string]any{"Device": "", "Names": ""}
	}
	f := health.New(health.PartLockdown, kind).With(data)
	f.Detail = fmt.Sprint(detail...)
	l.found = append(l.found, f)
}

// look checks a protection that is switched on; allowed is what it lets through.
func (l *lockdown) look(protection string, allowed []string) {
	var path string
	for _, made := range l.made {
		if len(made) != 2 || made[0] != protection {
			continue
		}
		path = made[1]
		if _, err := os.Stat(filepath.Join(l.root, path)); err != nil {
			l.open(protection, nil, path, " is missing")
			return
		}
	}
	if path == "" {
		l.open(protection, nil, "nothing was put in place")
		return
	}
	switch protection {
	case "kernel":
		l.kernel(path)
	case "console":
		l.console()
	case "keyboard":
		l.keyboard(allowed)
	case "usb":
		l.usb()
	case "modules":
		l.modules(path)
	case "firewall":
		if _, err := os.Stat(filepath.Join(l.root, "run/infomat-lockdown")); err != nil {
			l.open("firewall", nil, "infomat-lockdown.service does not run")
		}
	case "upgrades":
		l.upgrades()
	}
}

// kernel compares the kernel's settings with those of the file that sets them. Some can be read by root alone.
func (l *lockdown) kernel(file string) {
	for _, line := range l.lines(file) {
		if len(line) != 3 || line[1] != "=" {
			continue
		}
		key := strings.TrimPrefix(line[0], "-")
		is, err := os.ReadFile(filepath.Join(l.root, "proc/sys", strings.ReplaceAll(key, ".", "/")))
		if value := string(bytes.TrimSpace(is)); err == nil && value != line[2] {
			l.open("kernel", nil, key, " is ", value, ", not ", line[2])
			return
		}
	}
}

// console checks that the display's console is in front.
func (l *lockdown) console() {
	if front := l.text("sys/class/tty/tty0/active"); front != "" && front != "tty7" {
		l.open("console", nil, front, " is in front")
	}
}

// hostBus is the bus of the computer's own buttons, which the protection leaves to logind.
const hostBus = "0019"

// keyboard looks for a keyboard that is heard. It is told by its numbers: its name is anybody's choice.
func (l *lockdown) keyboard(allowed []string) {
	inputs, _ := filepath.Glob(filepath.Join(l.root, "sys/class/input/input*")) // the pattern is right
	for _, dir := range inputs {
		name := filepath.Base(dir)
		dir := filepath.Join("sys/class/input", name)
		device := l.text(dir+"/id/vendor") + ":" + l.text(dir+"/id/product")
		keyboard := strings.Contains(l.text("run/udev/data/+input:"+name)+"\n", "E:ID_INPUT_KEYBOARD=1\n")
		if keyboard && l.text(dir+"/inhibited") != "1" && l.text(dir+"/id/bustype") != hostBus &&
			!slices.Contains(allowed, device) {
			l.open("keyboard", map[string]any{"Device": device})
			return
		}
	}
}

// usb checks that the kernel binds no driver to a new device by itself.
func (l *lockdown) usb() {
	hubs, _ := filepath.Glob(filepath.Join(l.root, "sys/bus/usb/devices/usb*")) // the pattern is right
	for _, hub := range hubs {
		if l.text(filepath.Join("sys/bus/usb/devices", filepath.Base(hub), "interface_authorized_default")) != "0" {
			l.open("usb", nil, filepath.Base(hub), " accepts every device")
			return
		}
	}
}

// modules looks for modules that are loaded though the file keeps them from being loaded.
func (l *lockdown) modules(file string) {
	var kept, loaded []string
	for _, line := range l.lines(file) {
		if len(line) == 3 && line[0] == "install" {
			kept = append(kept, line[1])
		}
	}
	for _, line := range l.lines("proc/modules") {
		if slices.Contains(kept, line[0]) {
			loaded = append(loaded, line[0])
		}
	}
	if len(loaded) > 0 {
		l.open("modules", map[string]any{"Names": strings.Join(loaded, ", ")})
	}
}

// upgrades checks that upgrades have run lately; they begin to count when they were switched on.
func (l *lockdown) upgrades() {
	var last time.Time
	for _, file := range []string{
		"etc/apt/apt.conf.d/90infomat-lockdown", "var/lib/apt/periodic/unattended-upgrades-stamp",
	} {
		if info, err := os.Stat(filepath.Join(l.root, file)); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	if since := l.now.Sub(last); since > upgradesWithin {
		l.open("upgrades_late", map[string]any{"Days": int(since.Hours() / 24)})
	}
}

// text returns the text of a small file without the space around it, "" where it cannot be read.
func (l *lockdown) text(name string) string {
	data, err := os.ReadFile(filepath.Join(l.root, name))
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(data))
}

// lines returns the words of each line of a file that is neither blank nor a comment.
func (l *lockdown) lines(name string) (all [][]string) {
	for s := bufio.NewScanner(strings.NewReader(l.text(name))); s.Scan(); {
		if words := strings.Fields(s.Text()); len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			all = append(all, words)
		}
	}
	return all
}
