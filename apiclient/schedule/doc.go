// Package schedule knows which cells are free. It keeps a catalogue of specialities, doctors and their cells, which
// a source has read, and counts what of it cannot be offered. Its Store reads the source again and again, and lets
// each part grow old.
//
// The rule of this folder: it knows no source and no protocol. The sources are the folders below it; what they share
// (the days that are offered, the limits of one reading, the reasons why something is not offered) is here. The
// package imports apiclient and nothing else of the project. Tests in which a source takes part are in the source's
// folder; those that compare sources are here, in package schedule_test.
package schedule
