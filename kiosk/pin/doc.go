// Package pin guards the diagnostics mode: six digits, and a lock that counts the failures and does not forget them when the terminal is
// switched off.
//
// The rule of this folder: whatever goes wrong with the files keeps the gate shut. It knows no screen, and imports nothing of the project but durable.
package pin
