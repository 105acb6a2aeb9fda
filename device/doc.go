// Package device is the printer as the rest of the program sees it: jobs, their outcomes, and the printer's state.
//
// A job is bytes with an identifier, printed at most once. Before it the printer is asked for its state, after it for the confirmation that its profile
// knows, and for its state again. Where a job broke off, the next one is preceded by what puts an end to it: the buffer cleared, a picture that was cut
// off ended, an answer in the order of the buffer waited for, and half a ticket marked as none.
//
// The rule of this folder: it never says "printed" unless the printer has confirmed it. It imports its own subfolders, except the printer in
// software, which stands at the other end of the line.
package device
