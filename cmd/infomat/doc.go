// Command infomat is the terminal: flags, exit codes and the window.
//
// The rule of this folder: no logic. It reads what was asked for, builds a terminal of the package terminal,
// shows it in a window of the package ui, and turns the result into an exit code. Commands that need no
// window are in the folder commands.
package main
