package serialport

// Info is a serial port of this machine, with what is known of it.
type Info struct {
	Name         string // the stable one where there is one, as it should stand in the configuration
	Device       string // such as /dev/ttyUSB0: another after the next start, perhaps
	Driver       string // of the system
	Manufacturer string // of the adapter or printer, and so on; "" where nothing is known
	Product      string
	Serial       string
	USB          string // vendor and product, such as 067b:2303
}
