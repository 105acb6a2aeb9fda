// Package schedule tells which cells are free: a catalogue of specialities, doctors and their cells, from a source behind one interface.
//
// The rule of this folder: the sources know nothing of each other (registry.go with what it reads loosely, file.go with its document, fhir.go with its
// bundle), and the catalogue and the store know none of them. What is guessed of a wire is named as a guess there, with a setting to change it. It
// imports apiclient, nothing else of the project.
package schedule
