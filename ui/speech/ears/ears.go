package ears

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// rule replaces what a pattern matches. Its groups are given to say.
type rule struct {
	pattern *regexp.Regexp
	say     func(group []string) string
}

// Text returns a text of a language as it is to be spoken.
func Text(language, text string) string {
	text = strings.NewReplacer("\u00A0", " ", "«", "", "»", "", "…", ".").Replace(text)
	for _, r := range rules[language] {
		text = r.pattern.ReplaceAllStringFunc(text, func(match string) string {
			return r.say(r.pattern.FindStringSubmatch(match))
		})
	}
	return strings.TrimSpace(text)
}

// Spelled returns a text, such as the number of a ticket, of which each letter and each digit is spoken. Signs between
// them are left out: nobody needs them to find a room or a number.
func Spelled(text string) string {
	var all []string
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			all = append(all, string(r))
		}
	}
	return strings.Join(all, ", ")
}

var rules = map[string][]rule{"ru": russian, "en": english}

// number returns the number that a group consists of.
func number(group string) int {
	n, err := strconv.Atoi(group)
	if err != nil {
		return 0 // the patterns match digits
	}
	return n
}

// The patterns that the languages share. A telephone number has at least seven digits.
var (
	timeOfDay = `([01]?\d|2[0-3]):([0-5]\d)`
	code      = regexp.MustCompile(`\b[0-9A-F]{4}-[0-9A-F]{4}\b`) // of a booking
	telephone = regexp.MustCompile(`\+?\d[\d ()-]{5,}\d`)
	figures   = regexp.MustCompile(`\d+`)
	between   = regexp.MustCompile(` · `)
)

// spelledDigits returns the digits of a text, one by one, with a pause where the text has a sign.
func spelledDigits(text string, digit []string) string {
	var all []string
	pause := ""
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			all, pause = append(all, pause+digit[r-'0']), ""
		case len(all) > 0 && pause == "":
			all[len(all)-1] += ","
			pause = ""
		}
	}
	return strings.ReplaceAll(strings.Join(all, " "), ",,", ",")
}

// comma is the rule for a dot between two parts of a line.
var comma = rule{between, func([]string) string { return ", " }}
