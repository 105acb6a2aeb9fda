// Package ticket lays a ticket out: the lines from the facts, and the bytes for a printer.
//
// The rule of this folder: the content of a ticket is decided here and nowhere else. The words come from the language
// files and are passed as a function; the facts are foreign text and are cleaned. It imports escpos and dots.
package ticket
