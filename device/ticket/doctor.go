package ticket

import (
	"regexp"
	"slices"
	"strings"
)

// between is what stands between two people, or between one and the post.
var between = regexp.MustCompile(`[,;|]|\s/\s`)

// maxDoctor bounds the names of a line in characters: two people with long names.
const maxDoctor = 2 * maxText

// Doctor returns the names of the people who see a patient, cleaned, with ", " between them. The registry's field
// «ФИО врача и не только» may hold several, and a post, on lines of their own or with a comma, a semicolon or a stroke
// between them. A line of one word belongs to the line before it, or after it. Whoever is named twice is named once.
func Doctor(text string) string {
	var names []string
	for _, line := range people(plain(text[:min(len(text), read)])) {
		for _, part := range between.Split(line, -1) {
			name := strings.Trim(folded(part), " /")
			if name != "" && !slices.ContainsFunc(names, func(other string) bool { return strings.EqualFold(name, other) }) {
				names = append(names, name)
			}
		}
	}
	return clip(strings.Join(names, ", "), maxDoctor)
}

// people splits a text at its lines, each one person.
func people(text string) (names []string) {
	for line := range strings.Lines(text) {
		name, last := folded(line), len(names)-1
		switch {
		case name == "":
		case last >= 0 && (!strings.Contains(name, " ") || !strings.Contains(names[last], " ")):
			names[last] += " " + name
		default:
			names = append(names, name)
		}
	}
	return names
}

// parts are the names and posts of a Doctor, and what stands in brackets.
func parts(doctor string) []string {
	all := strings.FieldsFunc(doctor, func(r rune) bool { return strings.ContainsRune(",()", r) })
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}
