// Package assets is what the program shows and does not compute: the type family (fonts), line icons (icons) and the
// texts in each language (lang), all embedded.
//
// The rule of this folder: data, and no more code than gives it out. It imports nothing of the project.
package assets
