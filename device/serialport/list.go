package serialport

// Info describes a serial port of this computer.
type Info struct {
	Name         string // the stable name if there is one; the one for the configuration
	Device       string // such as /dev/ttyUSB0; may change with the next start
	Driver       string // of the operating system
	Manufacturer string // of the adapter or printer; "" if unknown, also below
	Product      string
	Serial       string
	USB          string // vendor and product, such as 067b:2303
}
