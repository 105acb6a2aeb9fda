// Package ticket is what stands on a ticket: its lines from its facts, and its bytes for a printer.
//
// The rule of this folder: what a patient holds in his hand is decided here and nowhere else. Its words
// come from the language files, handed in as a function; its facts are taken for foreign text, and cleaned.
// It imports escpos, nothing else of the project.
package ticket
