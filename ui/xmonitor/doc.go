// Package xmonitor tells which part of an X display the panel is, and when that changes: a monitor comes or goes, is
// turned, or gets another resolution.
//
// The rule of this folder: it knows X (RandR) and nothing of the program. It imports nothing of the project. Only the
// program's start (cmd/infomat) imports it.
package xmonitor
