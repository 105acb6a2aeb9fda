// Package serialport is tarm/serial made safe for a terminal that nobody watches: deadlines, a Close that frees whoever reads or writes, flow control,
// pacing, and exclusive use.
//
// The rule of this folder: bytes and lines, nothing of a printer. It imports nothing of the project. What the platform lacks is left out, not faked.
package serialport
