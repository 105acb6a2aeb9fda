package serialport

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// List gives the serial ports of this machine in the order of their names: those in /dev/serial/by-id first, as these names stay.
func List() ([]Info, error) { return list("/") }

// list looks below another root than the machine's.
func list(root string) ([]Info, error) {
	stable, err := byID(root)
	if err != nil {
		return nil, fmt.Errorf("serialport: %w", err)
	}
	entries, err := os.ReadDir(filepath.Join(root, "sys/class/tty"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("serialport: %w", err)
	}
	var all []Info
	for _, e := range entries {
		sys := filepath.Join(root, "sys/class/tty", e.Name())
		driver, err := filepath.EvalSymlinks(filepath.Join(sys, "device/driver"))
		if err != nil {
			continue // a terminal without a device behind it
		}
		info := Info{Device: "/dev/" + e.Name(), Driver: filepath.Base(driver)}
		info.Name = info.Device
		if name, ok := stable[info.Device]; ok {
			info.Name = name
		}
		if info.Driver == "serial8250" && read(filepath.Join(sys, "type")) == "0" {
			continue // a port that the system keeps ready and the machine does not have
		}
		info.usb(sys)
		all = append(all, info)
	}
	slices.SortFunc(all, func(a, b Info) int {
		if sa, sb := a.Name != a.Device, b.Name != b.Device; sa != sb {
			if sa {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, nil
}

// byID are the stable names by their devices.
func byID(root string) (map[string]string, error) {
	names, err := filepath.Glob(filepath.Join(root, "dev/serial/by-id/*"))
	if err != nil {
		return nil, err
	}
	stable := map[string]string{}
	for _, name := range names {
		target, err := os.Readlink(name)
		if err != nil {
			continue // pulled a moment ago
		}
		stable["/dev/"+filepath.Base(target)] = "/dev/serial/by-id/" + filepath.Base(name)
	}
	return stable, nil
}

// usb adds what the USB device above the port tells of itself.
func (i *Info) usb(sys string) {
	at, err := filepath.EvalSymlinks(filepath.Join(sys, "device"))
	for n := 0; err == nil && n < 4; n++ {
		if vendor := read(filepath.Join(at, "idVendor")); vendor != "" {
			i.USB = vendor + ":" + read(filepath.Join(at, "idProduct"))
			i.Manufacturer, i.Product, i.Serial = read(filepath.Join(at, "manufacturer")), read(filepath.Join(at, "product")), read(filepath.Join(at, "serial"))
			return
		}
		at = filepath.Dir(at)
	}
}

// read reads a line that the system tells; "" where it tells none.
func read(name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
