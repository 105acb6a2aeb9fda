// Package assets holds the embedded data that the program shows: the type family (fonts), the line icons (icons)
// and the texts in each language (lang).
//
// The rule of this folder: it holds data and the code that returns it. It imports nothing of the project.
package assets
