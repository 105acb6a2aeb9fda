// Package uptime is the machine's own clock: how long it has been running and how much of that it has slept, which nobody sets.
//
// The rule of this folder: it reads and decides nothing. It imports nothing of the project.
package uptime
