// Package widgets is what the screens are drawn with: areas cut from a page, texts that wrap, icons, buttons and cards.
//
// The rule of this folder: a widget knows how it looks and that it was tapped; it knows nothing of a visit. It imports Fyne, theme and the
// icons, nothing else of the project.
package widgets
