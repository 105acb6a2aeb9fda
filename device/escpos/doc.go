// Package escpos is the printer's language: commands, code pages, profiles of printers as data, and status
// bytes.
//
// The rule of this folder: bytes and what they mean, with the manual each fact comes from; no line, no
// ticket, no waiting. It imports nothing of the project.
package escpos
