// Package device is the printer as the rest of the program sees it: jobs, their outcomes, and the printer's state.
//
// The rule of this folder: it never says "printed" unless the printer has confirmed it. It imports its own subfolders, except the printer in
// software, which stands at the other end of the line.
package device
