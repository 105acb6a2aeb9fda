//go:build linux

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serviceUID is the user of the service in these tests, as in the accounts that each command finds.
const serviceUID = 64013

// accounts is what makes a child process of the test the program, and names the folder with the accounts that it
// finds under /etc.
const accounts = "INFOMAT_TEST_ACCOUNTS"

func TestMain(m *testing.M) {
	folder := os.Getenv(accounts)
	if folder == "" {
		os.Exit(m.Run())
	}
	for _, name := range []string{"passwd", "group"} { // the process has mounts of its own
		if err := syscall.Mount(filepath.Join(folder, name), "/etc/"+name, "", syscall.MS_BIND, ""); err != nil {
			fmt.Fprintln(os.Stderr, "mount:", err)
			os.Exit(99)
		}
	}
	main()
}

// machine is a terminal whose service has been taken over: settings of root, and a state directory of the service, in
// which the attacker can do as he likes.
type machine struct {
	t                         *testing.T
	accounts, etc, state, log string
	settings                  string
	secret                    string // a file that only root can read
}

// newMachine returns a terminal whose settings have some more lines. Without root's rights, or without mounts, no test
// of this file can be made.
func newMachine(t *testing.T, more string) *machine {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can start commands of root")
	}
	dir := t.TempDir()
	m := &machine{
		t: t, accounts: filepath.Join(dir, "accounts"), etc: filepath.Join(dir, "etc"), state: filepath.Join(dir, "state"),
		log: filepath.Join(dir, "log"),
	}
	m.must(os.Chmod(filepath.Dir(dir), 0o755)) // as the folders of a computer are
	for _, folder := range []string{m.accounts, m.etc, m.state, m.log} {
		m.must(os.Mkdir(folder, 0o755))
	}
	for _, folder := range []string{m.state, m.log} {
		m.must(os.Chmod(folder, 0o700))
		m.must(os.Chown(folder, serviceUID, serviceUID))
	}
	m.write(filepath.Join(m.accounts, "passwd"), "root:x:0:0:root:/root:/bin/sh\n"+
		fmt.Sprintf("infomat:x:%d:%d::%s:/usr/sbin/nologin\n", serviceUID, serviceUID, m.state), 0o644)
	m.write(filepath.Join(m.accounts, "group"),
		fmt.Sprintf("root:x:0:\ninfomat:x:%d:\ndialout:x:20:infomat\n", serviceUID), 0o644)
	m.settings, m.secret = filepath.Join(m.etc, "infomat.toml"), filepath.Join(m.etc, "shadow")
	m.write(m.secret, "root:hash-of-roots-password\n", 0o600)
	m.write(m.settings, m.text(more), 0o644)
	if r := m.root("", "config", "check", m.settings); r.code == 99 || strings.Contains(r.err, "operation not permitted") {
		t.Skip("mounts are not permitted here: " + r.err)
	}
	return m
}

// text is the text of the settings.
func (m *machine) text(more string) string {
	return fmt.Sprintf("[registry]\nurl = \"http://127.0.0.1:9\"\nlpu_guid = \"c3c977af-c3b4-4517-9d57-50a6844ec660\"\n"+
		"timeout = \"1s\"\n[printer]\nport = \"/dev/null\"\ntimeout = \"1s\"\n[journal]\npath = %q\n%s",
		filepath.Join(m.state, "journal.db"), more)
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) write(name, text string, mode os.FileMode) {
	m.t.Helper()
	m.must(os.WriteFile(name, []byte(text), mode))
}

func (m *machine) read(name string) string {
	m.t.Helper()
	data, err := os.ReadFile(name)
	m.must(err)
	return string(data)
}

// unharmed checks that root's secret is as it was.
func (m *machine) unharmed() {
	m.t.Helper()
	info, err := os.Stat(m.secret)
	m.must(err)
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 || info.Mode().Perm() != 0o600 ||
		m.read(m.secret) != "root:hash-of-roots-password\n" {
		m.t.Errorf("root's file belongs to %d, has the mode %s and holds %q", owner, info.Mode(), m.read(m.secret))
	}
}

type result struct {
	out, err string
	code     int
}

// command is a command of root, on a computer with the service's user.
func (m *machine) command(ctx context.Context, args ...string) *exec.Cmd {
	self, err := os.Executable()
	m.must(err)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), accounts+"="+m.accounts)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	return cmd
}

// root runs a command of root.
func (m *machine) root(input string, args ...string) result {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), time.Minute)
	defer cancel()
	cmd := m.command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	err := cmd.Run()
	var exited *exec.ExitError
	if err != nil && !errors.As(err, &exited) || ctx.Err() != nil {
		if errors.Is(err, syscall.EPERM) {
			m.t.Skip("mounts are not permitted here")
		}
		m.t.Fatalf("infomat %v: %v, %v\n%s", args, err, ctx.Err(), errs.String())
	}
	return result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// attacker runs a shell as the service's user.
func (m *machine) attacker(ctx context.Context, script string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", script)
	cmd.Dir = m.state
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: serviceUID, Gid: serviceUID}}
	return cmd
}

// A PIN file that the settings name is written with the service's rights.
func TestRootsPINIsNoWayToRoot(t *testing.T) {
	m := newMachine(t, "")
	nologin := filepath.Join(m.etc, "nologin")
	m.write(m.settings, m.text("[service]\npin_file = \""+nologin+"\"\n"), 0o644)
	if r := m.root("402796\n", "pin", "--config", m.settings); r.code == 0 {
		t.Error(r)
	}
	if _, err := os.Lstat(nologin); err == nil {
		t.Error("root has written it")
	}
	m.write(m.settings, m.text("[service]\npin_file = \""+m.secret+"\"\n"), 0o644)
	if r := m.root("402796\n", "pin", "--config", m.settings); r.code == 0 {
		t.Error(r)
	}
	m.unharmed()
}

// The PIN that root sets is the service's to read, and nobody else's.
func TestRootsPINBelongsToTheService(t *testing.T) {
	m := newMachine(t, "")
	file := filepath.Join(m.state, "pin")
	m.write(m.settings, m.text("[service]\npin_file = \""+file+"\"\n"), 0o644)
	if r := m.root("402796\n", "pin", "--config", m.settings); r.code != 0 {
		t.Fatal(r)
	}
	info, err := os.Stat(file)
	m.must(err)
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != serviceUID || info.Mode().Perm() != 0o600 {
		t.Errorf("it belongs to %d, mode %s", owner, info.Mode())
	}
}

// While root sets the PIN again and again, the attacker swaps its files for links to root's.
func TestSwappedLinks(t *testing.T) {
	m := newMachine(t, "")
	file := filepath.Join(m.state, "pin")
	m.write(m.settings, m.text("[service]\npin_file = \""+file+"\"\n"), 0o644)
	ctx, cancel := context.WithCancel(t.Context())
	swap := m.attacker(ctx, `while :; do
		ln -sf "$0" pin; ln -sf "$0" pin.failures; mv -f pin away; rm -f pin.failures; touch pin; done`)
	swap.Args = append(swap.Args, m.secret)
	m.must(swap.Start())
	for range 15 {
		m.root("402796\n", "pin", "--config", m.settings) // it may fail
		m.unharmed()
	}
	cancel()
	_ = swap.Wait() // it was killed
}

// A log that the settings name goes into root's bundle only if the service can read it.
func TestRootsBundleHoldsNoFileOfRoot(t *testing.T) {
	m := newMachine(t, "")
	m.write(m.settings, m.text("[log]\nfile = \""+m.secret+"\"\n"), 0o644)
	bundle := filepath.Join(m.etc, "help.zip")
	m.root("", "diag", "--config", m.settings, "--bundle", bundle)
	parts := unzipped(t, bundle)
	if !strings.Contains(parts, "lpu_guid") || strings.Contains(parts, "hash-of-roots-password") {
		t.Errorf("the bundle holds\n%s", parts)
	}
	info, err := os.Stat(bundle)
	m.must(err)
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 || info.Mode().Perm() != 0o600 {
		t.Errorf("the bundle belongs to %d, mode %s", owner, info.Mode())
	}
}

// A bundle is not written over what the attacker has put in its place.
func TestRootsBundleFollowsNoLink(t *testing.T) {
	m := newMachine(t, "")
	bundle := filepath.Join(m.state, "help.zip")
	for name, script := range map[string]string{
		"a link":  `ln -sf "$0" help.zip`,
		"a pipe":  `rm -f help.zip; mkfifo help.zip`,
		"a file":  `rm -f help.zip; echo mine > help.zip`,
		"a place": `rm -f help.zip; mkdir help.zip`,
	} {
		plant := m.attacker(t.Context(), script)
		plant.Args = append(plant.Args, m.secret)
		m.must(plant.Run())
		r := m.root("", "diag", "--config", m.settings, "--bundle", bundle)
		if r.code != 2 || !strings.Contains(r.err, "--bundle") {
			t.Errorf("%s: %+v", name, r)
		}
		m.unharmed()
		m.must(m.attacker(t.Context(), "rm -rf help.zip").Run())
	}
}

// Whatever lies in the place of the changes made on the screen, root's commands read no file of root through it, tell
// nothing of it, and end.
func TestOverlayIsNoWayToRoot(t *testing.T) {
	for name, script := range map[string]string{
		"a link to root's file": `ln -s "$0" changes.toml`,
		"a pipe":                `mkfifo changes.toml`,
		"keys of root":          `printf '[log]\nfile = "%s"\n[service]\npin_file = "%s"\n' "$0" "$0" > changes.toml`,
		"root's file as a port": `printf '[printer]\nport = "%s"\n' "$0" > changes.toml`,
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, "")
			plant := m.attacker(t.Context(), script)
			plant.Args = append(plant.Args, m.secret)
			m.must(plant.Run())
			for _, args := range [][]string{
				{"config", "check", m.settings},
				{"diag", "--config", m.settings},
				{"setup", "--config", m.settings, "--no-pin"},
			} {
				if r := m.root("", args...); strings.Contains(r.out+r.err, "hash-of-roots-password") {
					t.Errorf("%v tells root's secret: %+v", args, r)
				}
				m.unharmed()
			}
			text := m.read(m.settings)
			if name != "root's file as a port" && strings.Contains(text, m.secret) {
				t.Errorf("the settings have become\n%s", text)
			}
		})
	}
}

// The settings are root's: a link that an older version's service has left in their place is not followed, and into a
// folder of the service root writes none.
func TestSetupFollowsNoLink(t *testing.T) {
	m := newMachine(t, "")
	args := []string{
		"--url", "http://127.0.0.1:9", "--lpu", "c3c977af-c3b4-4517-9d57-50a6844ec660", "--no-pin",
		"--port", "/dev/null",
	}
	m.must(os.Remove(m.settings))
	m.must(os.Symlink(m.secret, m.settings))
	if r := m.root("", append([]string{"setup", "--config", m.settings}, args...)...); r.code == 0 ||
		strings.Contains(r.out+r.err, "hash-of-roots-password") {
		t.Errorf("%+v", r)
	}
	m.unharmed()
	inState := filepath.Join(m.state, "infomat.toml")
	if r := m.root("", append([]string{"setup", "--config", inState}, args...)...); r.code == 0 ||
		!strings.Contains(r.err, "others than root can write to") {
		t.Errorf("%+v", r)
	}
	if _, err := os.Lstat(inState); err == nil {
		t.Error("root has written into a folder of the service")
	}
}

// Setup leaves the settings to root, and takes over what was changed on the screen.
func TestSetupWritesRootsSettings(t *testing.T) {
	m := newMachine(t, "")
	m.must(m.attacker(t.Context(), `printf '[printer]\nbaud = 19200\nflow = "rtscts"\n' > changes.toml`).Run())
	r := m.root("", "setup", "--config", m.settings, "--no-pin", "--port", "/dev/null")
	if r.code != 0 || !strings.Contains(r.err, "taken over from the screen: printer.baud = 19200") {
		t.Fatalf("%+v", r)
	}
	info, err := os.Stat(m.settings)
	m.must(err)
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 || info.Mode().Perm() != 0o644 {
		t.Errorf("they belong to %d, mode %s", owner, info.Mode())
	}
	if text := m.read(m.settings); !strings.Contains(text, "baud = 19200") || !strings.Contains(text, `flow = "rtscts"`) {
		t.Errorf("the settings are\n%s", text)
	}
	if _, err := os.Lstat(filepath.Join(m.state, "changes.toml")); err == nil {
		t.Error("what was taken over is still changed on the screen")
	}
}

// What runs as the service's user can neither look into a command that root has started nor stop it from being root's.
func TestRootsCommandIsClosedToTheService(t *testing.T) {
	m := newMachine(t, "")
	m.write(m.settings, m.text("[service]\npin_file = \""+filepath.Join(m.state, "pin")+"\"\n"), 0o644)
	cmd := m.command(t.Context(), "pin", "--config", m.settings) // it waits for its standard input
	stdin, err := cmd.StdinPipe()
	m.must(err)
	m.must(cmd.Start())
	status := fmt.Sprintf("/proc/%d/status", cmd.Process.Pid)
	want := fmt.Sprintf("Uid:\t%d\t%d\t%d\t%d\n", serviceUID, serviceUID, serviceUID, serviceUID)
	end := time.Now().Add(30 * time.Second)
	for ; !strings.Contains(m.read(status), want); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the command does not become the service's user:\n%s", m.read(status))
		}
	}
	now := m.read(status)
	if !strings.Contains(now, "CapEff:\t0000000000000000") || !strings.Contains(now, "CapPrm:\t0000000000000000") ||
		!strings.Contains(now, "Groups:\t20 ") {
		t.Errorf("its rights are\n%s", now)
	}
	for _, name := range []string{"environ", "mem", "fd/0"} {
		look := m.attacker(t.Context(), fmt.Sprintf("cat /proc/%d/%s", cmd.Process.Pid, name))
		if out, err := look.CombinedOutput(); err == nil {
			t.Errorf("the service reads its %s: %s", name, out)
		}
	}
	m.must(stdin.Close())
	_ = cmd.Wait() // there was no PIN
}

// unzipped returns all files of an archive in one text.
func unzipped(t *testing.T, name string) string {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
