// Package schedule tells which cells are free: a catalogue of specialities, doctors and their cells, from a source behind one interface.
//
// The rule of this folder: one file a source, and nothing of a source's peculiarities outside its file. What is guessed of a wire is named as a
// guess there, with a setting to change it. It imports apiclient, nothing else of the project.
package schedule
