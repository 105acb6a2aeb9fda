// Package xpane is a small X window on top of another: what stands in it is painted without painting the large one anew.
//
// The rule of this folder: it knows X and nothing of the program. It imports nothing of the project.
package xpane
