// Package serialport opens serial ports for a terminal that runs unattended. It adds to tarm/serial
// deadlines, a Close that interrupts a pending Read and Write, flow control, pacing, and exclusive use.
//
// The rule of this folder: bytes and lines, nothing about printers. It imports device/line only. What a
// platform does not support returns an error or is documented as missing; it is not imitated.
package serialport
