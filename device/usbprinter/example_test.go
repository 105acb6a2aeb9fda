package usbprinter_test

import (
	"fmt"
	"time"

	"infomat/device/usbprinter"
)

// A job is written to a USB printer: Write returns when the printer has taken the bytes, which does not say that it has
// printed them.
func Example() {
	port, err := usbprinter.Open(usbprinter.Config{Name: "/dev/usb/by-id/usb-EPSON_TM-T88V_J3FE01-if00-printer"})
	if err != nil {
		fmt.Println(err) // line.ErrNoPort, line.ErrBusy or ErrNotPrinter
		return
	}
	defer port.Close()
	if err := port.SetWriteDeadline(time.Now().Add(15 * time.Second)); err != nil {
		fmt.Println(err)
		return
	}
	n, err := port.Write([]byte("\x1b@Hello\n\x1dV\x42\x00"))
	fmt.Println(n, "bytes handed over:", err)
}

// The class's own status tells what a printer without a way back can say of itself.
func ExamplePort_PortStatus() {
	port, err := usbprinter.Open(usbprinter.Config{Name: "/dev/usb/lp0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer port.Close()
	status, err := port.PortStatus()
	switch {
	case err != nil:
		fmt.Println(err) // the printer may not support the request
	case status.Known() && status&usbprinter.PaperEmpty != 0:
		fmt.Println("no paper; one way:", port.OneWay())
	}
}

// List returns the printers of this computer, the stable names first.
func ExampleList() {
	all, err := usbprinter.List()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, info := range all {
		fmt.Println(info.Name, info.Manufacturer, info.Model)
	}
}
