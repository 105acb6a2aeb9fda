// Package icons is one family of line icons, drawn on a grid of 24 with a line of 2.1 and round ends.
//
// The rule of this folder: one SVG file an icon, of one colour, [Color], which a program replaces by the one it wants.
package icons

import (
	"bufio"
	"embed"
	"io/fs"
	"strings"
)

// Color is the colour in every file.
const Color = "#00594F"

//go:embed *.svg
var files embed.FS

//go:embed specialities.txt
var specialities string

// fallback is the icon of a speciality that the list does not know.
const fallback = "general"

// SVG is an icon's file.
func SVG(name string) ([]byte, bool) {
	data, err := fs.ReadFile(files, name+".svg")
	return data, err == nil
}

// ForSpeciality is the icon of a speciality by its name.
func ForSpeciality(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" -,.()/", r) })
	lines := bufio.NewScanner(strings.NewReader(specialities))
	for lines.Scan() {
		icon, stems, ok := strings.Cut(lines.Text(), ":")
		if !ok || strings.HasPrefix(icon, "#") {
			continue
		}
		for stem := range strings.FieldsSeq(stems) {
			for _, w := range words {
				if strings.HasPrefix(w, stem) {
					return icon
				}
			}
		}
	}
	return fallback
}
