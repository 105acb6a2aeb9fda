// Package assets is what the program shows and does not compute: the type family (fonts), line icons (icons) and the
// texts in each language (lang), all embedded.
//
// The rule of this folder: data, and only the code that returns it. It imports nothing of the project.
package assets
