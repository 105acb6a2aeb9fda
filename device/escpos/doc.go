// Package escpos is the printer's language: commands, code pages, profiles of printers as data, and status
// bytes.
//
// An Encoder writes a job, the questions of a Profile ask for the state, and Answers takes apart what comes back.
//
// The rule of this folder: bytes and what they mean, with the manual each fact comes from; no line, no
// ticket, no waiting. It imports dots only.
package escpos
