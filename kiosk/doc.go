// Package kiosk is the visit of one patient: a pure state machine, the runner that carries its commands out, and the
// hold.
//
// The rule of this folder: everything a visit decides is decided in [Update], from a state, an instant and an event,
// with no clock, no network, no printer and no screen. What the decision needs done comes out as commands; the
// [Runner] carries them out through the interfaces declared here and sends their results back as events. The
// package imports nothing of the project: whoever wires the program adapts the registry, the timetable, the printer
// and the journal to these interfaces.
package kiosk
