// Package diag finds out what works on a terminal and what does not, and says it in plain words.
//
// The rule of this folder: it looks and tells, and mends nothing. A finding is a kind with its figures; the words come from the language files, and a
// finding has no place for a name, a text of the registry or a secret. Devices and the registry are asked through functions that the wiring gives it.
package diag
