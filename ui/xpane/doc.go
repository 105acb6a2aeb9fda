// Package xpane is a small X window on top of another window. Its content is painted without repainting the window
// below.
//
// The rule of this folder: it knows X and nothing of the program. It imports nothing of the project. Only the
// program's start (cmd/infomat) imports it; the shell sees the interface ui.Pane.
package xpane
