// Package device drives the ticket printer: it prints jobs, reports their outcomes, and reads the printer's
// status.
//
// A job is bytes with an identifier, printed at most once. Printer.Print asks for the status, sets a marker, sends the
// bytes, waits for the confirmation that the printer's profile defines, asks for the status again, and looks whether
// the printer still has the marker: one that has restarted in between has lost it, and a part of the job with it. If a
// job breaks off, the next one first restores a known state: it clears the printer's buffer, completes a picture that
// was cut off, waits for an answer in the order of the buffer, and marks half a ticket as void.
//
// A line is whatever implements line.Conn: a serial port, or a USB printer, which reports a state of its own and may
// have no way back. Where the printer answers for itself, its answers count.
//
// On a serial line questions stand between the parts of a job, and each has to be answered: bytes that the line loses
// within a question or a picture are noticed, and so is a gap that is longer than the part between two questions. A few
// bytes of text that are lost are not: see docs/printers.md.
//
// The rule of this folder: an outcome is Printed only if the printer has confirmed it and has kept the marker. The
// package imports its own subfolders only, except virtual, the printer in software, which stands at the other end of
// the line.
package device
