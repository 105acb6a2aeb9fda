// Package icons embeds one family of line icons, drawn on a grid of 24×24 units with lines 2.1 units wide and
// round ends.
//
// The rule of this folder: one SVG file per icon, in a single colour, [Color], which the caller replaces.
package icons

import (
	"bufio"
	"embed"
	"io/fs"
	"strings"
)

// Color is the colour of the lines in every file.
const Color = "#00594F"

//go:embed *.svg
var files embed.FS

//go:embed specialities.txt
var specialities string

// fallback is the icon of a speciality that is not in specialities.txt.
const fallback = "general"

// SVG returns the file of an icon. It reports false if there is no such icon.
func SVG(name string) ([]byte, bool) {
	data, err := fs.ReadFile(files, name+".svg")
	return data, err == nil
}

// ForSpeciality returns the name of the icon for a speciality. A line of specialities.txt matches if a word of the
// speciality begins with one of its stems; case is ignored.
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
