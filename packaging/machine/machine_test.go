package machine

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// The panel.
const width, height = 1080, 1920

// computer is a computer that can be switched on, off and on again. Its disk keeps what was synced.
type computer struct {
	build   string // build/machine, with the disk
	run     string // a folder of its own: sockets and the disk's changes
	printer string // the printer's line
	metrics string // the host's address of the terminal's metrics
	closed  string // the host's address of a port that nobody may reach

	began   time.Time // when it was switched on
	qemu    *exec.Cmd
	exited  chan error
	monitor *monitor
	shell   *shell
}

// power says how the computer is switched on. The zero value is an ordinary morning.
type power struct {
	clock     string // of the computer, such as 1970-01-01; "": the right one
	unplugged bool   // the network cable is out
	dark      bool   // the monitor's cable is out
}

// on switches the computer on.
func (c *computer) on(ctx context.Context, p power) error {
	disk := filepath.Join(c.run, "disk.qcow2")
	if _, err := os.Stat(disk); errors.Is(err, os.ErrNotExist) {
		if err := run(ctx, "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw",
			"-b", filepath.Join(c.build, "disk.raw"), disk); err != nil {
			return err
		}
	}
	for _, name := range []string{"monitor", "shell", "viewer"} {
		_ = os.Remove(c.socket(name)) // of the last time
	}
	log, err := os.Create(filepath.Join(c.run, "qemu.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.qemu = exec.CommandContext(context.WithoutCancel(ctx), "qemu-system-x86_64", c.arguments(p, disk)...)
	c.qemu.Stdout, c.qemu.Stderr = log, log
	c.qemu.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := c.qemu.Start(); err != nil {
		return fmt.Errorf("machine: %w", err)
	}
	c.exited = make(chan error, 1)
	go func(q *exec.Cmd, exited chan<- error) { exited <- q.Wait() }(c.qemu, c.exited) // ends with cut
	bounded, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if c.monitor, err = openMonitor(bounded, c.socket("monitor")); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("machine: QEMU did not start: %w: %s", err, said)
	}
	if p.unplugged {
		if err := c.network(false); err != nil {
			return err
		}
	}
	if p.dark {
		if err := c.pullScreen(bounded); err != nil {
			return err
		}
	}
	if c.shell, err = openShell(bounded, c.socket("shell")); err != nil {
		return err
	}
	c.began = time.Now()
	return c.monitor.do("cont", nil, nil)
}

// model is the processor: as old as those of many terminals, without AVX. QEMU 7.2, which is Debian 12's, is the first
// to emulate AVX. With it the software renderer crashed at every start after some thousand connections, until the
// computer was switched off: three times of three, and never without.
const model = "Nehalem"

// arguments returns QEMU's. It starts paused. The disk has a cache that is lost with the power: what was not synced
// may not reach the file.
func (c *computer) arguments(p power, disk string) []string {
	socket := func(name string) string { return "path=" + c.socket(name) + ",server=on,wait=off" }
	clock := "base=utc"
	if p.clock != "" {
		clock = "base=" + p.clock
	}
	accelerator := []string{"-accel", "tcg,thread=multi", "-cpu", model}
	if f, err := os.OpenFile("/dev/kvm", os.O_RDWR, 0); err == nil {
		_ = f.Close()
		accelerator = []string{"-accel", "kvm", "-accel", "tcg,thread=multi", "-cpu", model}
	}
	return append(accelerator,
		"-M", "pc", "-smp", "2", "-m", "2G", "-S", "-nodefaults", "-rtc", clock,
		"-kernel", filepath.Join(c.build, "vmlinuz"), "-initrd", filepath.Join(c.build, "initrd"),
		"-append", "root=/dev/vda rw quiet mitigations=off console=ttyS0 console=tty0",
		"-drive", "file="+disk+",if=virtio,id=disk,format=qcow2,cache=writeback",
		"-netdev", "user,id=net,hostfwd=tcp:"+c.metrics+"-:9100,hostfwd=tcp:"+c.closed+"-:9999",
		"-device", "virtio-net-pci,netdev=net,id=network,addr=3",
		"-device", fmt.Sprintf("virtio-vga,id=screen,xres=%d,yres=%d,edid=on", width, height),
		"-display", "vnc=unix:"+c.socket("viewer"),
		"-device", "qemu-xhci,id=usb,p2=8,p3=8",
		"-device", "usb-tablet,bus=usb.0,port=1,id=touch", "-device", "usb-kbd,bus=usb.0,port=2,id=keyboard",
		"-chardev", "serial,id=printer,path="+c.printer,
		"-device", "usb-serial,bus=usb.0,port=3,id=printer-cable,chardev=printer,serial=PRINTER",
		"-chardev", "null,id=stranger",
		"-chardev", "socket,id=shell,"+socket("shell"),
		"-device", "virtio-serial-pci", "-device", "virtserialport,chardev=shell,name=machine.shell",
		"-chardev", "file,id=console,append=on,path="+filepath.Join(c.run, "console.log"), "-serial", "chardev:console",
		"-chardev", "socket,id=monitor,"+socket("monitor"), "-mon", "chardev=monitor,mode=control",
		"-no-shutdown",
	)
}

func (c *computer) socket(name string) string { return filepath.Join(c.run, name) }

// cut cuts the power.
func (c *computer) cut() error {
	if c.qemu == nil {
		return nil
	}
	err := c.qemu.Process.Kill()
	<-c.exited
	// Their other ends have gone.
	if c.monitor != nil {
		_ = c.monitor.conn.Close()
	}
	if c.shell != nil {
		_ = c.shell.conn.Close()
	}
	c.qemu, c.monitor, c.shell = nil, nil, nil
	return err
}

// keepState keeps the state of the computer and its disk. No printer may be plugged in: QEMU cannot keep its line's.
func (c *computer) keepState() error { return c.monitor.tell("savevm kept") }

// goBack goes back to the state that was kept, whatever has become of the computer since.
func (c *computer) goBack() error {
	if err := c.monitor.do("stop", nil, nil); err != nil {
		return err
	}
	if err := c.monitor.tell("loadvm kept"); err != nil {
		return err
	}
	c.monitor.events = nil
	return c.monitor.do("cont", nil, nil)
}

// network plugs the network cable in or pulls it.
func (c *computer) network(in bool) error {
	return c.monitor.do("set_link", map[string]any{"name": "network", "up": in}, nil)
}

// picture returns what the monitor shows. QEMU writes it without compression, which would hold the computer up.
func (c *computer) picture() (image.Image, error) {
	name := filepath.Join(c.run, "picture.ppm")
	if err := c.monitor.do("screendump", map[string]any{"filename": name, "format": "ppm"}, nil); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("machine: %w", err)
	}
	var w, h, most int
	if _, err := fmt.Sscanf(string(data[:min(len(data), 40)]), "P6\n%d %d\n%d\n", &w, &h, &most); err != nil {
		return nil, fmt.Errorf("machine: the picture: %w", err)
	}
	dots := data[max(0, len(data)-3*w*h):]
	if most != 255 || len(dots) != 3*w*h {
		return nil, fmt.Errorf("machine: the picture has %d bytes for %d×%d", len(dots), w, h)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(img.Pix[4*i:], dots[3*i:3*i+3])
		img.Pix[4*i+3] = 0xff
	}
	return img, nil
}

// run runs a program on the host.
func run(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("machine: %s: %w: %s", name, err, out)
	}
	return nil
}
