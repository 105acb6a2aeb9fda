// Package schedule knows which cells are free. It keeps a catalogue of specialities, doctors and their
// cells, read from a source: the registry, a file or a FHIR server.
//
// The rule of this folder: the sources know nothing of each other (registry.go, file.go with document.go,
// fhir.go with bundle.go), and the catalogue and the store know none of them. What is guessed of a protocol
// is marked GUESS, and a setting changes it. The package imports apiclient and nothing else of the project.
package schedule
