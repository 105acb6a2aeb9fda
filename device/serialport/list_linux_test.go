package serialport

import (
	"reflect"
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
