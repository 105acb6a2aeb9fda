// Package guide is what a clinic knows by itself and no registry tells: the order of the specialities, what to bring,
// the way to a room, and which rooms this terminal offers.
//
// The rule of this folder: a [Guide] is one file, whole or not at all. It does not change, it asks nobody, and a nil
// one knows nothing, so that a terminal without the file is the terminal as it was. Who looks for a newer file, and
// when, is decided elsewhere.
package guide
