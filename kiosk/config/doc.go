// Package config reads the terminal's one configuration file, strictly: what it does not know or cannot use is an
// error with file, line and what would be right.
//
// The rule of this folder: values and their limits, no effect. It imports nothing of the project; what only a device
// can judge (printer profiles, code pages, languages) is judged by whoever wires the program.
package config
