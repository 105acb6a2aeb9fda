// Package widgets draws the parts of a page: areas cut from the page, wrapped texts, icons, buttons and cards.
//
// The rule of this folder: a widget knows its appearance and reports taps; it knows nothing of a visit. It imports
// Fyne, ui/theme, ui/press, ui/focus and assets/icons, nothing else of the project. Only ui/screens and ui/service import it.
package widgets
