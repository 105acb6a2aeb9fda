//go:build linux

package bin

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// computer is a tree like /sys, /proc, /dev and /run for the script, with programs of its own that mount nothing: they
// write down what they were asked for. The machine's test mounts real sticks.
type computer struct {
	t    *testing.T
	root string
}

func newComputer(t *testing.T) *computer {
	t.Helper()
	c := &computer{t: t, root: t.TempDir()}
	c.put("proc/self/mountinfo", "22 1 8:2 / / rw - ext4 /dev/sda2 rw\n")
	c.put("proc/swaps", "Filename\tType\n/dev/sdb1                               partition\n")
	c.put("proc/uptime", "1000.00 900.00\n")
	c.put("run/infomat/report-wanted", "")
	// A type of file system is in the file fs/NAME.
	c.program("mount", `echo "mount $*" >>"$ROOT/calls"
		for last; do before=${now:-}; now=$last; done
		[ "$(cat "$ROOT/fs/${before##*/}" 2>/dev/null)" = "$3" ]`)
	c.program("umount", `echo "umount $*" >>"$ROOT/calls"`)
	c.program("timeout", `shift 3; exec "$@"`)
	c.program("sleep", `exec /bin/sleep 0.05`)
	c.program("id", `echo 64013`)
	return c
}

func (c *computer) put(name, text string) {
	c.t.Helper()
	file := filepath.Join(c.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

func (c *computer) program(name, script string) {
	c.t.Helper()
	c.put("bin/"+name, "#!/bin/sh\n"+script+"\n")
	if err := os.Chmod(filepath.Join(c.root, "bin", name), 0o755); err != nil {
		c.t.Fatal(err)
	}
}

// disk plugs a disk in; bus is where it hangs, such as usb1. Each part is a name, a space and its file system.
func (c *computer) disk(name, bus, number string, parts ...string) {
	c.t.Helper()
	at := "sys/devices/pci/" + bus + "/" + name
	c.put(at+"/dev", "8:"+number+"\n")
	c.put(at+"/diskseq", number+"\n")
	for _, p := range parts {
		part, fs, _ := strings.Cut(p, " ")
		if part != name {
			c.put(at+"/"+part+"/dev", "8:"+number+strings.TrimPrefix(part, name)+"\n")
		}
		c.put("fs/"+part, fs)
	}
	if err := os.MkdirAll(filepath.Join(c.root, "sys/block"), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(c.root, at), filepath.Join(c.root, "sys/block", name)); err != nil {
		c.t.Fatal(err)
	}
}

// calls returns what was asked of mount and umount, but for the clearing at the beginning.
func (c *computer) calls() string {
	data, _ := os.ReadFile(filepath.Join(c.root, "calls"))
	_, after, _ := strings.Cut(strings.ReplaceAll(string(data), c.root, ""), "\n")
	return after
}

// start runs the script; the function that it returns waits for its end.
func (c *computer) start(args ...string) (cmd *exec.Cmd, wait func()) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	c.t.Cleanup(cancel)
	cmd = exec.CommandContext(ctx, "./stick", append([]string{c.root}, args...)...)
	cmd.Env = []string{"ROOT=" + c.root, "PATH=" + filepath.Join(c.root, "bin") + ":/usr/bin:/bin"}
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	return cmd, func() {
		c.t.Helper()
		if err := cmd.Wait(); err != nil || ctx.Err() != nil {
			c.t.Errorf("%v, %v\n%s", err, ctx.Err(), said.String())
		}
	}
}

// until waits until the calls have a text.
func (c *computer) until(text string) {
	c.t.Helper()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(c.calls(), text); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("no %q in\n%s", text, c.calls())
		}
	}
}

// untilTwice waits until the calls have a text twice.
func (c *computer) untilTwice(text string) {
	c.t.Helper()
	for end := time.Now().Add(20 * time.Second); strings.Count(c.calls(), text) < 2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			c.t.Fatalf("no two %q in\n%s", text, c.calls())
		}
	}
}

func (c *computer) leave() {
	c.t.Helper()
	if err := os.Remove(filepath.Join(c.root, "run/infomat/report-wanted")); err != nil {
		c.t.Fatal(err)
	}
}

const (
	options = "nosuid,nodev,noexec,noatime,errors=remount-ro,uid=64013,gid=64013,umask=077"
	place   = " /run/infomat-stick"
)

// Of all disks one on USB that the system does not use is mounted, with fixed options and by the kernel alone; it is
// taken away when the page is left.
func TestStickIsMounted(t *testing.T) {
	c := newComputer(t)
	c.disk("sda", "usb1", "0", "sda1 vfat", "sda2 ext4")  // the system is on it
	c.disk("sdb", "usb2", "16", "sdb1 vfat")              // swapped to
	c.disk("sdc", "ata1", "32", "sdc1 vfat")              // no USB
	c.disk("sdd", "usb3", "48", "sdd1 ntfs", "sdd2 vfat") // the stick
	c.put("proc/self/mountinfo", "22 1 8:2 / / rw - ext4 /dev/root rw\n23 22 0:40 / /x rw - btrfs /dev/sda2 rw\n")
	_, wait := c.start()
	c.until("sdd2")
	c.leave()
	wait()
	want := "mount -i -t vfat -o " + options + " /dev/sdd1" + place + "\n" +
		"mount -i -t exfat -o " + options + " /dev/sdd1" + place + "\n" +
		"mount -i -t vfat -o " + options + " /dev/sdd2" + place + "\n" +
		"umount" + place + "\n"
	if got := c.calls(); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

// A stick without partitions, with exFAT, or with nothing that can be mounted, which is tried once.
func TestStickOfOtherKinds(t *testing.T) {
	c := newComputer(t)
	c.disk("sda", "usb1", "0", "sda exfat")
	_, wait := c.start()
	c.until("-t exfat -o " + options + " /dev/sda" + place)
	c.leave()
	wait()

	c = newComputer(t)
	c.disk("sda", "usb1", "0", "sda hostile")
	_, wait = c.start()
	c.until("-t exfat")
	time.Sleep(500 * time.Millisecond)
	c.leave()
	wait()
	if n := strings.Count(c.calls(), "mount -i"); n != 2 || strings.Contains(c.calls(), "umount") {
		t.Errorf("\n%s", c.calls())
	}
}

// A stick that is pulled out is taken away, and another of the same name, or the same one put back, is mounted.
func TestStickPulledOut(t *testing.T) {
	c := newComputer(t)
	c.disk("sda", "usb1", "0", "sda1 vfat")
	_, wait := c.start()
	c.until("sda1")
	at := filepath.Join(c.root, "sys/block/sda")
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	c.until("umount" + place)
	c.disk("sda", "usb2", "64", "sda1 vfat")
	c.untilTwice("mount -i")
	c.put("sys/devices/pci/usb2/sda/diskseq", "65\n") // pulled out and put back between two looks
	c.untilTwice("umount")
	c.leave()
	wait()
}

// It ends after its time although the page is never left, and takes the wish away, so that it does not begin anew; a
// stop by the system takes the stick away too.
func TestStickIsTakenAwayInTheEnd(t *testing.T) {
	t.Run("by its time", func(t *testing.T) {
		c := newComputer(t)
		c.disk("sda", "usb1", "0", "sda1 vfat")
		_, wait := c.start("60")
		c.until("sda1")
		c.put("proc/uptime", "1061.00 900.00\n")
		wait()
		if !strings.HasSuffix(c.calls(), "umount"+place+"\n") {
			t.Errorf("\n%s", c.calls())
		}
		if _, err := os.Stat(filepath.Join(c.root, "run/infomat/report-wanted")); err == nil {
			t.Error("it is still wanted")
		}
	})
	t.Run("by a stop", func(t *testing.T) {
		c := newComputer(t)
		c.disk("sda", "usb1", "0", "sda1 vfat")
		cmd, wait := c.start()
		c.until("sda1")
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		wait()
		if !strings.HasSuffix(c.calls(), "umount"+place+"\n") {
			t.Errorf("\n%s", c.calls())
		}
	})
}

// The link /dev/infomat-printer stays with the device that has it.
func TestPrinterLink(t *testing.T) {
	link := filepath.Join(t.TempDir(), "infomat-printer")
	may := func(device, action string) bool {
		cmd := exec.CommandContext(t.Context(), "./printer-link", device, link)
		cmd.Env = append(os.Environ(), "ACTION="+action)
		return cmd.Run() == nil
	}
	if !may("ttyUSB0", "add") {
		t.Error("the first device gets no link")
	}
	if may("ttyUSB0", "change") {
		t.Error("a device that was not just plugged in takes the link of one that is away")
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(link), "ttyUSB0"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("ttyUSB0", link); err != nil {
		t.Fatal(err)
	}
	for _, action := range []string{"add", "change"} {
		if !may("ttyUSB0", action) {
			t.Errorf("%s: the printer loses its link", action)
		}
		if may("ttyUSB1", action) || may("ttyUSB", action) {
			t.Errorf("%s: a second device takes the link over", action)
		}
	}
}
