// Package file is the source of free cells that reads one JSON document, which another system writes.
//
// The rule of this folder: it alone knows the format of docs/timetable.schema.json. A document is taken as a whole or
// not at all, and an error says line, place, what is wrong and what is wanted, but quotes no value. The package
// imports apiclient and apiclient/schedule and knows no other source.
package file
