package machine

import (
	"os"
	"strings"
	"testing"
	"time"
)

// opening shows what a single protection is worth. All others that stand against the same attack are taken away. The
// attack must fail as long as this one is left, and come through when it is taken away too: so the attack is known to
// be one, and the test to see it.
type opening struct {
	name   string
	others []string // what is taken away before: keys of taken
	this   string
	attack attack
}

var openings = []opening{
	{"xorg", []string{"keyboard", "getty", "sysrq"}, "xorg", logsIn},
	{"keyboard", []string{"getty", "sysrq", "xorg"}, "keyboard", logsIn},
	{"getty", []string{"keyboard", "sysrq", "xorg"}, "getty", logsIn},
	{"sysrq", []string{"keyboard"}, "sysrq", pressed("alt", "sysrq", "b")},
	{"ctrl-alt-del", []string{"keyboard", "xorg"}, "ctrl-alt-del", pressed("ctrl", "alt", "delete")},
	{"power-key", []string{"keyboard"}, "keys", pressed("power")},
	{"power-button", nil, "keys", caseButton},
	{"usb", []string{"modules"}, "usb", adapter},
	{"modules", []string{"usb"}, "modules", adapter},
	{"stick", nil, "stick", strangersStick},
	{"firewall", nil, "firewall", packet},
	{"printer", nil, "printer", secondLine},
	{"sleep-key", []string{"keyboard"}, "keys", pressedAtPS2("sleep")},
}

// taken are the protections, and what takes each away from the running computer.
var taken = map[string]string{
	"keyboard": `rm /etc/udev/rules.d/90-infomat-lockdown-keyboard.rules; udevadm control --reload
		for device in /sys/class/input/input*/inhibited; do echo 0 >$device; done`,
	"xorg": `echo 'XSERVER_OPTIONS="vt7 -sharevts -keeptty -novtswitch -nocursor -noreset -nolisten tcp
		-configdir /usr/share/infomat/xorg.conf.d -logfile /run/infomat-display/Xorg.log"' |
			tr -s '\n\t' ' ' >>/etc/infomat/display.conf
		systemctl restart infomat-display`,
	"getty":        `cd /etc/systemd/system; rm getty@tty1.service; systemctl daemon-reload; systemctl start getty@tty1`,
	"ctrl-alt-del": `rm /etc/systemd/system/ctrl-alt-del.target; systemctl daemon-reload`,
	"sysrq":        `sysctl -q kernel.sysrq=438`, // Debian's
	"keys": `cd /etc/systemd/system; rm sleep.target suspend.target ../logind.conf.d/90-infomat-lockdown-keys.conf
		systemctl daemon-reload; systemctl restart systemd-logind`, // it watches no key while it ignores all

	"usb": `rm /etc/udev/rules.d/70-infomat-lockdown-usb.rules; udevadm control --reload
		for hub in /sys/bus/usb/devices/usb*/interface_authorized_default; do echo 1 >$hub; done`,
	"modules":  `rm /etc/modprobe.d/*infomat-lockdown*`,
	"firewall": `nft delete table inet infomat_lockdown`,
	"stick":    `mkdir -p /run/infomat; touch /run/infomat/report-wanted; systemctl start infomat-stick`,
	"printer":  `sed -i 's|PROGRAM==[^,]*, ||' /usr/lib/udev/rules.d/60-infomat.rules; udevadm control --reload`,
}

// without takes a protection away.
func (h *hall) without(t *testing.T, name string) {
	t.Helper()
	began := time.Now()
	h.long(t, "set -e; "+taken[name])
	t.Logf("without %s after %s", name, time.Since(began).Round(time.Second))
}

// long runs a command that takes longer than the shell allows.
func (h *hall) long(t *testing.T, command string) {
	t.Helper()
	h.ask(t, "rm -f /run/long.*; systemd-run -q --collect --unit=long --description=long sh -c "+quoted(
		"{ "+command+"\n} >/run/long.log 2>&1; echo $? >/run/long.part; mv /run/long.part /run/long.code"))
	until(t, bootWithin, command, func() bool { return h.says("sleep 0.5; ls /run/long.code") })
	if code := h.ask(t, "cat /run/long.code"); code != "0" {
		t.Fatalf("%s: exit code %s: %s", command, code, h.ask(t, "cat /run/long.log"))
	}
}

// quoted quotes a word for sh.
func quoted(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// opens plays an opening.
func (h *hall) opens(t *testing.T, o opening) {
	if err := h.goBack(); err != nil {
		t.Fatal(err)
	}
	for _, name := range o.others {
		h.without(t, name)
	}
	h.patience = 1
	if o.attack(h, t) {
		t.Fatalf("with %s alone against it the attack has come through", o.name)
	}
	h.without(t, o.this)
	for ; h.patience <= 4; h.patience *= 2 {
		if o.attack(h, t) {
			return
		}
	}
	h.keep(t, "open-"+o.name)
	h.tells(t)
	t.Fatalf("the attack does not come through without %s either: the test sees nothing", o.this)
}

// TestOpen takes the protections away one by one. See opening. The terminal itself does not run: nobody looks at the
// screen, and it keeps a slow computer busy.
func TestOpen(t *testing.T) {
	if os.Getenv("INFOMAT_MACHINE") != "open" {
		t.Skip("INFOMAT_MACHINE is not open: see make test-machine-open")
	}
	h := enter(t)
	if err := h.on(t.Context(), power{}); err != nil {
		t.Fatal(err)
	}
	until(t, bootWithin, "the shell", func() bool { return h.says("systemctl mask --runtime infomat.service") })
	until(t, bootWithin, "the display", func() bool { return h.says("sleep 1; systemctl is-active infomat-display") })
	until(t, bootWithin, "the end of the start", func() bool { return h.says("systemctl is-system-running --wait; true") })
	h.long(t, "systemctl stop infomat.service; true")
	if err := h.monitor.pull("printer-cable"); err != nil {
		t.Fatal(err)
	}
	if err := h.keepState(); err != nil {
		t.Fatal(err)
	}
	for _, o := range openings {
		if !t.Run(o.name, func(t *testing.T) { h.opens(t, o) }) {
			h.holds(t)
		}
	}
}
