// Package uptime reads the kernel's clocks: the time since the computer was started, and how much of it the computer
// has slept. Nobody can set them.
//
// The rule of this folder: it reads and decides nothing. It imports nothing of the project.
package uptime
