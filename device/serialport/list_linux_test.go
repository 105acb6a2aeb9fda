package serialport

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"infomat/device/systree"
)

func TestList(t *testing.T) {
	const usb = "sys/devices/usb1/1-2"
	root := systree.Make(t, map[string]string{
		usb + "/idVendor": "067b\n", usb + "/idProduct": "2303\n", usb + "/manufacturer": "Prolific\n",
		usb + "/product":                 "USB-Serial Controller\n",
		usb + "/1-2:1.0/ttyUSB0/x":       "",
		"sys/bus/drivers/pl2303/x":       "",
		"sys/bus/drivers/serial8250/x":   "",
		"sys/devices/plat/x":             "",
		"sys/class/tty/ttyS0/type":       "4\n",
		"sys/class/tty/ttyS1/type":       "0\n",
		"sys/class/tty/tty1/active":      "",
		"sys/class/tty/ttyUSB0/uevent":   "",
		"dev/ttyUSB0":                    "",
		"dev/serial/by-id/not-a-link/no": "",
	}, map[string]string{
		"sys/class/tty/ttyUSB0/device":               "../../../devices/usb1/1-2/1-2:1.0/ttyUSB0",
		usb + "/1-2:1.0/ttyUSB0/driver":              "../../../../../bus/drivers/pl2303",
		"sys/class/tty/ttyS0/device":                 "../../../devices/plat",
		"sys/class/tty/ttyS1/device":                 "../../../devices/plat",
		"sys/devices/plat/driver":                    "../../bus/drivers/serial8250",
		"dev/serial/by-id/usb-Prolific-if00-port0":   "../../ttyUSB0",
		"dev/serial/by-id/usb-Pulled-a-moment-ago-0": "../../ttyUSB9",
	})
	got, err := list(root)
	want := []Info{
		{
			Name: "/dev/serial/by-id/usb-Prolific-if00-port0", Device: "/dev/ttyUSB0", Driver: "pl2303",
			Manufacturer: "Prolific", Product: "USB-Serial Controller", USB: "067b:2303",
		},
		{Name: "/dev/ttyS0", Device: "/dev/ttyS0", Driver: "serial8250"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
	}
}

func TestListOfAMachineWithoutPorts(t *testing.T) {
	if got, err := list(t.TempDir()); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := List(); err != nil {
		t.Errorf("this machine: %v", err)
	}
}

// Two adapters of a make without serial numbers share their name by make: each is named by its port. An adapter with a
// serial number keeps its name wherever it is plugged in.
func TestListNamesWhatStays(t *testing.T) {
	const one, two, three = "sys/devices/usb1/1-1", "sys/devices/usb1/1-2", "sys/devices/usb1/1-3"
	files := map[string]string{
		three + "/serial": "A50285BI\n", "sys/bus/drivers/ch341/x": "", "dev/x": "",
	}
	links := map[string]string{
		"dev/serial/by-id/usb-1a86_USB_Serial-if00-port0":         "../../ttyUSB1", // of the one plugged in last
		"dev/serial/by-id/usb-FTDI_A50285BI-if00-port0":           "../../ttyUSB2",
		"dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0":   "../../ttyUSB0",
		"dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0":   "../../ttyUSB1",
		"dev/serial/by-path/pci-0000:00:14.0-usbv2-0:2:1.0-port0": "../../ttyUSB1",
		"dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0":   "../../ttyUSB2",
	}
	for i, at := range []string{one, two, three} {
		tty := fmt.Sprintf("ttyUSB%d", i)
		files[at+"/idVendor"], files["sys/class/tty/"+tty+"/uevent"] = "1a86\n", ""
		files[at+"/if/"+tty+"/x"] = ""
		links["sys/class/tty/"+tty+"/device"] = "../../../" + strings.TrimPrefix(at, "sys/") + "/if/" + tty
		links[at+"/if/"+tty+"/driver"] = "../../../../../bus/drivers/ch341"
	}
	got, err := list(systree.Make(t, files, links))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, i := range got {
		names[i.Device] = i.Name
	}
	want := map[string]string{
		"/dev/ttyUSB0": "/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0",
		"/dev/ttyUSB1": "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0",
		"/dev/ttyUSB2": "/dev/serial/by-id/usb-FTDI_A50285BI-if00-port0",
	}
	if !maps.Equal(names, want) {
		t.Errorf("%v", names)
	}
}
