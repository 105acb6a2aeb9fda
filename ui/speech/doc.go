// Package speech reads texts aloud with what the system has: speech-dispatcher, or espeak-ng.
//
// The rule of this folder: it knows the system's programs and nothing of the screens. Texts reach a program by its standard input and never by its
// arguments, which every user of the machine can read. It imports nothing of the project.
package speech
