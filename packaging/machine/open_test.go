package machine

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// opening shows what a single protection is worth. All others that stand against the same attack are taken away. The
// attack must fail as long as this one is left, and come through when it is taken away too: so the attack is known to be
// one, and the test to see it.
type opening struct {
	name   string
	others []string // what is taken away before, as words of states or lines of lockdown.conf without blanks
	this   string
	attack attack
}

var openings = []opening{
	{"keyboard", []string{"console=off", "kernel=off", "keys=off", "xorg=shared"}, "keyboard=allow", logsIn},
	{"xorg", []string{"keyboard=allow", "console=off", "kernel=off"}, "xorg=shared", logsIn},
	{"console-login", []string{"keyboard=allow", "kernel=off", "xorg=shared"}, "console=off", logsIn},
	{"console-delete", []string{"keyboard=allow", "xorg=shared"}, "console=off", pressed("ctrl", "alt", "delete")},
	{"kernel", []string{"keyboard=allow"}, "kernel=off", pressed("alt", "sysrq", "b")},
	{"keys-power", []string{"keyboard=allow"}, "keys=off", pressed("power")},
	{"keys-case", nil, "keys=off", caseButton},
	{"usb", []string{"modules=off"}, "usb=off", adapter},
	{"modules", []string{"usb=off"}, "modules=off", adapter},
	{"stick", nil, "stick=always", strangersStick},
	{"firewall", nil, "firewall=off", packet},
	{"printer", nil, "printer=last", secondLine},
	{"keys-sleep", []string{"keyboard=allow"}, "keys=off", pressed("sleep")},
}

// states are the ways to take protections away that have no switch in lockdown.conf.
var states = map[string]string{
	"xorg=shared": `grep -q sharevts /etc/infomat/display.conf || echo 'XSERVER_OPTIONS="vt7 -sharevts -keeptty -novtswitch -nocursor -noreset -nolisten tcp
		-configdir /usr/share/infomat/xorg.conf.d -logfile /run/infomat-display/Xorg.log"' | tr '\n\t' '  ' \
			>>/etc/infomat/display.conf
		systemctl restart infomat-display`,
	"stick=always": `mkdir -p /run/infomat; touch /run/infomat/report-wanted; systemctl start infomat-stick.service`,
	"printer=last": `sed -i 's|PROGRAM==[^,]*, ||' /usr/lib/udev/rules.d/60-infomat.rules; udevadm control --reload`,
}

// after are what the next start would do.
var after = map[string]string{
	// Its files are gone, and the kernel keeps what it was told.
	"kernel=off":  "sysctl -q kernel.sysrq=438 kernel.ctrl-alt-del=0",
	"console=off": `systemctl start getty@tty1; systemctl daemon-reexec`,
}

// without takes protections away; those of lockdown.conf that are not named are put in place.
func (h *hall) without(t *testing.T, words ...string) {
	t.Helper()
	began := time.Now()
	switches := []string{`s/= \(off\|allow\)$/= on/; s/^keyboard = .*/keyboard = deny/`}
	for _, w := range words {
		if states[w] == "" {
			key, value, _ := strings.Cut(w, "=")
			switches = append(switches, fmt.Sprintf("s/^%s = .*/%s = %s/", key, key, value))
		}
	}
	h.long(t, "sed -i '"+strings.Join(switches, ";")+`' /etc/infomat/lockdown.conf
		cmp -s /etc/infomat/lockdown.conf /run/applied || infomat-lockdown apply
		cp /etc/infomat/lockdown.conf /run/applied`)
	for _, w := range words {
		if command := states[w] + after[w]; command != "" {
			h.long(t, command)
		}
	}
	t.Logf("without %v after %s", words, time.Since(began).Round(time.Second))
}

// long runs a command that takes longer than the shell allows.
func (h *hall) long(t *testing.T, command string) {
	t.Helper()
	h.ask(t, "rm -f /run/long.*; systemd-run -q --collect --unit=long sh -c "+quoted(
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
	h.without(t, o.others...)
	if o.attack(h, t) {
		t.Fatalf("with %s alone against it the attack has come through", o.name)
	}
	h.without(t, append(slices.Clone(o.others), o.this)...)
	if !o.attack(h, t) {
		h.keep(t, "open-"+o.name)
		t.Fatalf("the attack does not come through without %s either: the test sees nothing", o.name)
	}
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
		t.Run(o.name, func(t *testing.T) { h.opens(t, o) })
	}
}
