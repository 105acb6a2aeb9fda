// Package usbprinter opens printers of USB's printer class, which Linux's driver usblp shows as /dev/usb/lp0
// and so on. It adds to the device file deadlines, a Close that interrupts a pending Read and Write, the
// status of the class, and stable names.
//
// Three properties of usblp shape the package (Linux, drivers/usb/class/usblp.c):
//   - A write in non-blocking mode hands one block over and returns before the printer has taken it. Write
//     waits for that, block by block, so that the deadline bounds it and the count of bytes is exact.
//   - A signal in mid-write makes usblp return EINTR although the block was handed over. Repeated, as package
//     os does, the block would be printed twice. Write holds the signals of its thread back.
//   - A block that the printer has not taken is dropped by closing the file only. Discard closes and reopens.
//
// What usblp does not tell in non-blocking mode is that a block failed on the bus. Whoever has to know that
// a job was printed asks the printer.
//
// The rule of this folder: bytes and the class's own requests, nothing about print jobs. It imports
// device/line only.
package usbprinter
