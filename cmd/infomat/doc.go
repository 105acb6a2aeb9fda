// Command infomat is the terminal: flags, exit codes and the window.
//
// The rule of this folder: no logic. It parses the flags, creates a terminal (package terminal), shows it in a
// window (package ui), and returns an exit code. Commands that need no window are in the folder commands.
package main
