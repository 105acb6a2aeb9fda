// Package health knows which parts a terminal has, what can be the matter with each of them, and what that means for
// a visit; it watches over the parts, and over the program's own progress.
//
// The rule of this folder: it judges, and asks through functions that the wiring gives it. It repairs nothing and
// opens no device. Everything that is known of a part is a [Finding]: a part and a kind, whose level and meaning for
// a visit stand in one table (table.go). [Supervisor] is the only owner of kiosk.Service: it derives it from the
// newest findings. The thresholds of all checks stand in thresholds.go. It imports kiosk for the reasons.
//
// A new kind of finding is a row of the table and a text service.finding.<part>.<kind> in each language; a new part
// is a constant in finding.go, its rows, a check in terminal/checks, and a line in the list of what is watched.
package health
