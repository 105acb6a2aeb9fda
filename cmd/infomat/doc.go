// Command infomat is the terminal: flags, wiring and exit codes.
//
// The rule of this folder: no logic. It reads what was asked for, builds the parts, adapts the registry, the timetable, the printer and the journal
// to the interfaces of kiosk, and turns what came of it into an exit code. It may import everything.
package main
