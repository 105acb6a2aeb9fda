// Package checks holds every check of a part of the terminal, once: the watch of the running terminal, `infomat diag`,
// the diagnostics mode, `config check` and `setup` all call these functions, so that they cannot disagree.
//
// The rule of this folder: a check asks or reads, and returns a health.Finding. It decides which kind of finding it
// is; how bad that is and what it means for a visit is said by kiosk/health. A check gets what it needs as arguments,
// depends neither on the package terminal nor on Fyne, and changes nothing but a probe file that it removes again.
package checks
