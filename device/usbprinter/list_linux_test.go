package usbprinter

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"infomat/device/systree"
)

func TestList(t *testing.T) {
	const one, two, mouse = "sys/devices/usb1/1-1", "sys/devices/usb1/1-2", "sys/devices/usb1/1-3"
	root := systree.Make(t, map[string]string{
		one + "/idVendor": "04b8\n", one + "/idProduct": "0202\n", one + "/manufacturer": "Seiko\n",
		one + "/product": "Receipt\n", one + "/serial": "J3\x1b[2JFE\n",
		one + "/1-1:1.0/ieee1284_id": "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;DES:x;",
		two + "/idVendor":            "0519\n", two + "/idProduct": "0003\n", two + "/product": "TSP\x07 143\n",
		two + "/1-2:1.0/ieee1284_id":    "",
		mouse + "/1-3:1.0/x":            "",
		"sys/bus/drivers/usblp/x":       "",
		"sys/bus/drivers/usbhid/x":      "",
		"dev/usb/by-id/not-a-link/none": "",
	}, map[string]string{
		"sys/class/usbmisc/lp0/device":     "../../../devices/usb1/1-1/1-1:1.0",
		"sys/class/usbmisc/lp1/device":     "../../../devices/usb1/1-2/1-2:1.0",
		"sys/class/usbmisc/hiddev0/device": "../../../devices/usb1/1-3/1-3:1.0",
		one + "/1-1:1.0/driver":            "../../../../bus/drivers/usblp",
		two + "/1-2:1.0/driver":            "../../../../bus/drivers/usblp",
		mouse + "/1-3:1.0/driver":          "../../../../bus/drivers/usbhid",
		"dev/usb/by-id/usb-EPSON_J3-if00":  "../lp0",
		"dev/usb/by-path/pci-0-usb-0:1":    "../lp0",
		"dev/usb/by-path/pci-0-usb-0:2":    "../lp1",
	})
	got, err := list(root)
	want := []Info{
		{
			Name: "/dev/usb/by-id/usb-EPSON_J3-if00", Device: "/dev/usb/lp0",
			Manufacturer: "EPSON", Model: "TM-T88V", Serial: "J3 [2JFE", USB: "04b8:0202",
		},
		{Name: "/dev/usb/by-path/pci-0-usb-0:2", Device: "/dev/usb/lp1", Model: "TSP 143", USB: "0519:0003"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
	}
}

func TestListOfAMachineWithoutPrinters(t *testing.T) {
	if got, err := list(t.TempDir()); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := List(); err != nil {
		t.Errorf("this machine: %v", err)
	}
	if _, ok := Find("/dev/usb/lp14"); ok {
		t.Error("found a printer that is not there")
	}
}

func TestInfoIsNamed(t *testing.T) {
	for want, i := range map[string]Info{
		"EPSON TM-T88V":      {Manufacturer: "EPSON", Model: "TM-T88V", USB: "04b8:0202"},
		"Custom VKP80":       {Manufacturer: "CUSTOM", Model: "Custom VKP80"},
		"04b8:0202":          {USB: "04b8:0202"},
		"STMicroelectronics": {Manufacturer: "STMicroelectronics"},
	} {
		if got := i.String(); got != want {
			t.Errorf("%+v is named %q", i, got)
		}
	}
}

// FuzzDescribe feeds device IDs as printers send them: no text of one reaches a terminal unclean or too long.
func FuzzDescribe(f *testing.F) {
	for _, id := range []string{
		"MFG:EPSON;MDL:TM-T88V;", "MANUFACTURER: Custom Engineering ;MODEL:VKP80III;SERN:\x00\x01;", ";;:;MFG:;MDL",
		"MFG:\x1b]0;x\x07;MDL:\xff\xfe;", "mfg:" + strings.Repeat("я", 2000), "MDL:a\u202eb\u0085c",
	} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		var i Info
		i.describe(id)
		for _, text := range []string{i.Manufacturer, i.Model, i.Serial, i.String()} {
			if n := len([]rune(text)); n > 2*maxText+1 || strings.ContainsFunc(text, func(r rune) bool {
				return r != ' ' && !unicode.IsPrint(r) || r == unicode.ReplacementChar
			}) {
				t.Errorf("%q gives %q", id, text)
			}
		}
	})
}
