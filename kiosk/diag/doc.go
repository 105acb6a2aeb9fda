// Package diag makes a report of what works on a terminal and what does not, in plain words.
//
// The rule of this folder: it runs checks and reports what they found, and repairs nothing. What a finding means stands
// in kiosk/health; the checks themselves are made in terminal/checks; the words come from the language files. A
// finding has no place for a name, a text of the registry or a secret.
package diag
