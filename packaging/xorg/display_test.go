package xorg

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// display is the script while it runs with an X server that needs no monitor.
type display struct {
	t      *testing.T
	folder string // its RUNTIME_DIRECTORY
	bin    string // the commands of the test, which come before the system's
	cmd    *exec.Cmd
	isUp   chan struct{} // closed when the script has told systemd that the display can be used
	ended  chan error
}

// prepare makes the folders of a display that is not started yet.
func prepare(t *testing.T) *display {
	t.Helper()
	for _, tool := range []string{"Xvfb", "xauth", "xrandr", "xset", "systemd-notify"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("not installed:", tool)
		}
	}
	d := &display{t: t, folder: t.TempDir(), bin: t.TempDir(), isUp: make(chan struct{}), ended: make(chan error, 1)}
	address := &net.UnixAddr{Name: filepath.Join(d.folder, "notify"), Net: "unixgram"}
	notify, err := net.ListenUnixgram("unixgram", address)
	if err != nil {
		t.Fatal(err)
	}
	go d.listen(notify)
	t.Cleanup(func() { _ = notify.Close() })
	return d
}

// listen plays systemd's end of the socket until it is closed: systemd-notify waits until each message is taken.
func (d *display) listen(notify *net.UnixConn) {
	message := make([]byte, 4096)
	for told := false; ; {
		n, err := notify.Read(message)
		if err != nil {
			return
		}
		if !told && strings.Contains(string(message[:n]), "READY=1") {
			told = true
			close(d.isUp)
		}
	}
}

// start starts the script with these variables beside its own, and ends it with the test.
func (d *display) start(env ...string) {
	d.t.Helper()
	d.cmd = exec.Command("./display")
	d.cmd.Env = append(os.Environ(), "PATH="+d.bin+":"+os.Getenv("PATH"), "RUNTIME_DIRECTORY="+d.folder,
		fmt.Sprint("DISPLAY_NUMBER=", free(d.t)), "XSERVER=Xvfb",
		"XSERVER_OPTIONS=-screen 0 640x480x24 -nolisten tcp -noreset",
		"NOTIFY_SOCKET="+filepath.Join(d.folder, "notify"), "LOOK_EVERY=0.1", "DISPLAY=", "XAUTHORITY=", "ROTATE=", "OUTPUT=")
	d.cmd.Env = append(d.cmd.Env, env...)
	output, err := os.Create(filepath.Join(d.bin, "output"))
	if err != nil {
		d.t.Fatal(err)
	}
	d.cmd.Stdout, d.cmd.Stderr = output, output
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	go func() { d.ended <- d.cmd.Wait() }()
	d.t.Cleanup(func() {
		_ = syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL)
		_ = output.Close()
		if d.t.Failed() {
			d.t.Log(d.read("output"))
		}
	})
}

// ready waits until the display can be used.
func (d *display) ready() {
	d.t.Helper()
	select {
	case <-d.isUp:
	case <-time.After(20 * time.Second):
		d.t.Fatal("the display is not ready")
	}
}

// command puts a command of the test before the system's.
func (d *display) command(name, script string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		d.t.Fatal(err)
	}
}

// write writes a file of the test into the folder of its commands.
func (d *display) write(name, text string) {
	d.t.Helper()
	whole := filepath.Join(d.bin, name)
	if err := errors.Join(os.WriteFile(whole+".new", []byte(text), 0o600), os.Rename(whole+".new", whole)); err != nil {
		d.t.Fatal(err)
	}
}

// read returns the text of a file in the folder of the test's commands, "" where there is none.
func (d *display) read(name string) string {
	text, err := os.ReadFile(filepath.Join(d.bin, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		d.t.Fatal(err)
	}
	return string(text)
}

// free returns the number of a display that nobody uses.
func free(t *testing.T) int {
	t.Helper()
	for n := 200 + os.Getpid()%100; n < 400; n++ {
		_, lock := os.Lstat(fmt.Sprintf("/tmp/.X%d-lock", n))
		_, socket := os.Lstat(fmt.Sprintf("/tmp/.X11-unix/X%d", n))
		if lock != nil && socket != nil {
			return n
		}
	}
	t.Fatal("no display is free")
	return 0
}

func TestTheCookieIsInNoArgument(t *testing.T) {
	d := prepare(t)
	for _, name := range []string{"xauth", "od", "tr", "printf", "echo", "chmod", "cat", "sed", "xrandr", "xset", "Xvfb"} {
		real, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		d.command(name, fmt.Sprintf(`echo "%s $*" >>%s/arguments; exec %s "$@"`, name, d.bin, real))
	}
	d.start()
	d.ready()

	listed, err := exec.Command("xauth", "-f", filepath.Join(d.folder, "xauth"), "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	cookie := regexp.MustCompile(`[0-9a-f]{32}`).FindString(string(listed))
	if cookie == "" {
		t.Fatalf("no cookie was made: %q", listed)
	}
	arguments := d.read("arguments")
	if !strings.Contains(arguments, "xauth ") || !strings.Contains(arguments, "Xvfb ") {
		t.Fatalf("the commands were not seen:\n%s", arguments)
	}
	if strings.Contains(arguments, cookie) {
		t.Errorf("everybody on the computer can read the cookie:\n%s", arguments)
	}
	info, err := os.Stat(filepath.Join(d.folder, "xauth"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o640 {
		t.Errorf("the cookie's file has mode %v, want -rw-r-----", info.Mode())
	}
}

func TestTheScriptEndsWithTheServer(t *testing.T) {
	for name, c := range map[string]struct {
		kill string // what is killed: the server, or the script
		code int
	}{
		"the server crashes":      {kill: "Xvfb", code: 128 + int(syscall.SIGKILL)},
		"systemd ends the script": {kill: "display", code: 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := prepare(t)
			d.command("sleep", fmt.Sprintf(`echo $$ >>%s/watched; exec %s "$@"`, d.bin, must(exec.LookPath("sleep"))))
			// A server that needs a while to give its console back.
			d.command("Xvfb", fmt.Sprintf(`%[1]s "$@" & server=$!
trap '%[2]s 1; kill $server; wait $server; exit 0' TERM
echo $$ >%[3]s/server
wait $server`, must(exec.LookPath("Xvfb")), must(exec.LookPath("sleep")), d.bin))
			d.start()
			d.ready()
			for end := time.Now().Add(20 * time.Second); d.read("watched") == ""; time.Sleep(100 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the script does not watch the monitor")
				}
			}
			var server int
			if _, err := fmt.Sscan(d.read("server"), &server); err != nil {
				t.Fatal(err)
			}
			if c.kill == "Xvfb" {
				_ = syscall.Kill(server, syscall.SIGKILL)
			} else {
				_ = d.cmd.Process.Signal(syscall.SIGTERM)
			}
			select {
			case <-d.ended:
			case <-time.After(10 * time.Second):
				t.Fatal("the script did not end")
			}
			if code := d.cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if err := syscall.Kill(server, 0); err == nil {
				t.Error("the server outlived the script, whose console it uses")
			}
		})
	}
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

// The states of a computer with two connectors, as `xrandr --current` of Debian 12 tells them.
const (
	noMonitor = `Screen 0: minimum 320 x 200, current 1024 x 768, maximum 16384 x 16384
HDMI-1 disconnected (normal left inverted right x axis y axis)
VGA-1 disconnected (normal left inverted right x axis y axis)
`
	dark = `Screen 0: minimum 320 x 200, current 1024 x 768, maximum 16384 x 16384
HDMI-1 disconnected (normal left inverted right x axis y axis)
VGA-1 connected (normal left inverted right x axis y axis)
   1920x1080     60.00 +  59.94
   1280x720      60.00
`
	shining = `Screen 0: minimum 320 x 200, current 1080 x 1920, maximum 16384 x 16384
HDMI-1 disconnected (normal left inverted right x axis y axis)
VGA-1 connected primary 1080x1920+0+0 left (normal left inverted right x axis y axis) 344mm x 193mm
   1920x1080     60.00*+  59.94
   1280x720      60.00
`
	away = `Screen 0: minimum 320 x 200, current 1080 x 1920, maximum 16384 x 16384
HDMI-1 disconnected (normal left inverted right x axis y axis)
VGA-1 disconnected primary 1080x1920+0+0 left (normal left inverted right x axis y axis) 344mm x 193mm
  1920x1080 (0x46) 148.500MHz
`
	another = `Screen 0: minimum 320 x 200, current 1080 x 1920, maximum 16384 x 16384
HDMI-1 disconnected (normal left inverted right x axis y axis)
VGA-1 connected primary 1080x1920+0+0 left (normal left inverted right x axis y axis) 376mm x 301mm
   1280x1024     60.02 +  75.02
   1920x1080     60.00*
`
)

func TestTheMonitorComesGoesAndIsReplaced(t *testing.T) {
	d := prepare(t)
	d.command("xrandr", fmt.Sprintf(`case "$1" in
--current) cat %[1]s/state; [ ! -e %[1]s/next ] || mv %[1]s/next %[1]s/state ;;
*) echo "$*" >>%[1]s/done; cp %[1]s/after %[1]s/state ;;
esac`, d.bin))
	d.command("xinput", fmt.Sprintf(`case "$1 $3" in
"list pointer:ILITEK Multi-Touch") [ -s %[1]s/panel ] && cat %[1]s/panel ;;
*) echo "$*" >>%[1]s/mapped ;;
esac`, d.bin))
	d.write("state", noMonitor)
	d.start("ROTATE=left", "TOUCH=ILITEK Multi-Touch")
	d.ready() // without a monitor

	// see waits until the two commands have been told so much, and then a while for more.
	see := func(when string, arranged int, mapped ...string) {
		t.Helper()
		wantDone := strings.Repeat("--output VGA-1 --auto --rotate left\n", arranged)
		wantMapped := ""
		for _, id := range mapped {
			wantMapped += "map-to-output " + id + " VGA-1\n"
		}
		seen := func() bool { return d.read("done") == wantDone && d.read("mapped") == wantMapped }
		for end := time.Now().Add(10 * time.Second); !seen() && time.Now().Before(end); {
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(500 * time.Millisecond)
		if !seen() {
			t.Fatalf("%s: xrandr was told %q, want %q; xinput %q, want %q", when, d.read("done"), wantDone,
				d.read("mapped"), wantMapped)
		}
	}
	see("no monitor", 0)
	d.write("after", shining)
	d.write("state", dark)
	see("the monitor is switched on", 1)
	d.write("panel", "9\n")
	see("the panel is plugged in", 1, "9")
	for range 3 { // the answer may be the last one of a look, after which nothing is decided
		d.write("next", away)
		see("the monitor is switched off right after an answer", 1, "9")
		d.write("state", shining)
		see("and on again", 1, "9")
	}
	d.write("panel", "")
	see("the panel is pulled", 1, "9")
	d.write("panel", "12\n")
	see("and put back", 1, "9", "12")
	d.write("after", another)
	d.write("state", another)
	see("another monitor", 2, "9", "12", "12")
}
