// Package speech reads texts aloud with a speech program of the system: spd-say (speech-dispatcher) or espeak-ng.
//
// The rule of this folder: it knows the system's programs and nothing of the screens. A text reaches a program on its
// standard input, never as an argument, because every user of the system can read arguments. It imports nothing of the
// project. Only the program's start (cmd/infomat) imports it; the shell sees the interface ui.Speaker.
package speech
