package usbprinter

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// List returns the USB printers of this computer in the order of their devices. It opens none of them, so
// that it also finds those in use.
func List() ([]Info, error) { return list("/") }

// list is List below another root directory, for tests.
func list(root string) ([]Info, error) {
	stable := stableNames(root)
	class := filepath.Join(root, "sys/class/usbmisc")
	entries, err := os.ReadDir(class)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("usbprinter: %w", err)
	}
	var all []Info
	for _, e := range entries {
		at := filepath.Join(class, e.Name(), "device")
		driver, err := filepath.EvalSymlinks(filepath.Join(at, "driver"))
		if err != nil || filepath.Base(driver) != driverName {
			continue
		}
		i := Info{Device: folder + e.Name()}
		i.Name = i.Device
		if name, ok := stable[e.Name()]; ok {
			i.Name = name
		}
		i.read(at)
		all = append(all, i)
	}
	return all, nil
}

// stableNames returns the names of udev's rule by the last part of their devices. A name by the printer's
// serial number comes before one by the port that it is plugged into.
func stableNames(root string) map[string]string {
	stable := map[string]string{}
	for _, kind := range []string{"by-path", "by-id"} {
		names, _ := filepath.Glob(filepath.Join(root, folder, kind, "*")) // the pattern is well formed
		for _, name := range names {
			if target, err := os.Readlink(name); err == nil { // else unplugged meanwhile
				stable[filepath.Base(target)] = folder + kind + "/" + filepath.Base(name)
			}
		}
	}
	return stable
}

// read reads what the printer says of itself, from the directory of its interface in /sys. usblp has asked it
// for its device ID when it was plugged in.
func (i *Info) read(at string) {
	if dir, err := filepath.EvalSymlinks(at); err == nil {
		usb := filepath.Dir(dir)
		i.USB = attribute(usb, "idVendor") + ":" + attribute(usb, "idProduct")
		i.Manufacturer, i.Model = attribute(usb, "manufacturer"), attribute(usb, "product")
		i.Serial = attribute(usb, "serial")
	}
	if id, err := os.ReadFile(filepath.Join(at, "ieee1284_id")); err == nil {
		i.describe(string(id))
	}
}

// attribute returns an attribute of a device, or "" if it has none.
func attribute(dir, name string) string {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return clean(string(data))
}

// resolved returns the device that a name leads to.
func resolved(name string) string {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return strings.TrimSpace(name)
	}
	return target
}
