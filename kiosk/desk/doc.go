// Package desk holds the words between the diagnostics mode on the screen and the running terminal behind it.
//
// The rule of this folder: types only, no logic. It imports kiosk/health and nothing else of the project, so that both
// sides, ui/service and terminal, can import it and neither imports the other.
package desk
