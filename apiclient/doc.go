// Package apiclient speaks the registry's wire: the reservation of a cell, its answers and its refusals.
//
// The rule of this folder: what the registry's page says stands here once, with what is guessed named as a guess. It knows nothing of a visit, of a
// printer or of a screen, and imports nothing of the project.
package apiclient
