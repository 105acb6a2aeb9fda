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
			name := named(strings.Trim(folded(part), " /"))
			if name != "" && !slices.ContainsFunc(names, func(other string) bool { return strings.EqualFold(name, other) }) {
				names = append(names, name)
			}
		}
	}
	return clip(strings.Join(names, ", "), maxDoctor)
}

// named returns a name or a post without what a program writes for a missing part of it, such as "null"; "" if nothing
// is left or the text says that there is none. «Null» beside other words is a name.
func named(s string) string {
	words := slices.DeleteFunc(strings.Fields(s), func(word string) bool {
		return slices.Contains([]string{"null", "NULL", "undefined", "(null)"}, word)
	})
	s = strings.Join(words, " ")
	if nothing.MatchString(s) {
		return ""
	}
	return s
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
