// Package commands holds the commands that need no screen.
//
// The rule of this folder: a command is flags, a Run method that calls the package terminal, what it prints, and its
// exit code. It knows no Fyne.
package commands
