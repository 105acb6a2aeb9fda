package serialport

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// List returns the serial ports of this computer, sorted by name. Those with a stable name come first: by the serial
// number of the adapter, or, if it has none, by the port that it is plugged into, because another adapter of its make
// has the same name in /dev/serial/by-id and would take it over.
func List() ([]Info, error) { return list("/") }

// list is List below another root directory, for tests.
func list(root string) ([]Info, error) {
	byID, byPath := links(root, "by-id"), links(root, "by-path")
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
		if info.Driver == "serial8250" && read(filepath.Join(sys, "type")) == "0" {
			continue // a port that the driver reserves and the computer does not have
		}
		info.usb(sys)
		info.Name = cmp.Or(byID[info.Device], byPath[info.Device], info.Device)
		if info.Serial == "" {
			info.Name = cmp.Or(byPath[info.Device], byID[info.Device], info.Device)
		}
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

// links returns the names in a folder of /dev/serial by their devices. Of several for one device it is the first.
func links(root, kind string) map[string]string {
	names, _ := filepath.Glob(filepath.Join(root, "dev/serial", kind, "*")) // the pattern is well formed
	all := map[string]string{}
	for _, name := range slices.Backward(names) {
		target, err := os.Readlink(name)
		if err != nil {
			continue // unplugged meanwhile
		}
		all["/dev/"+filepath.Base(target)] = "/dev/serial/" + kind + "/" + filepath.Base(name)
	}
	return all
}

// usb adds the description of the USB device that the port belongs to, if any.
func (i *Info) usb(sys string) {
	at, err := filepath.EvalSymlinks(filepath.Join(sys, "device"))
	for n := 0; err == nil && n < 4; n++ {
		if vendor := read(filepath.Join(at, "idVendor")); vendor != "" {
			i.USB = vendor + ":" + read(filepath.Join(at, "idProduct"))
			i.Manufacturer = read(filepath.Join(at, "manufacturer"))
			i.Product, i.Serial = read(filepath.Join(at, "product")), read(filepath.Join(at, "serial"))
			return
		}
		at = filepath.Dir(at)
	}
}

// read returns the contents of a file without white space around it, or "" if it cannot be read.
func read(name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
