package ears

import (
	"regexp"
	"strings"
)

var (
	enUnits = []string{
		"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
		"fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	}
	enTens    = []string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	enOrdinal = map[string]string{
		"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
		"twelve": "twelfth",
	}
	enWeekdays = map[string]string{
		"Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday",
		"Sun": "Sunday",
	}
)

// en returns a number below ten thousand in words.
func en(n int) string {
	switch {
	case n < 20:
		return enUnits[n]
	case n < 100 && n%10 == 0:
		return enTens[n/10]
	case n < 100:
		return enTens[n/10] + "-" + enUnits[n%10]
	case n < 1000 && n%100 == 0:
		return enUnits[n/100] + " hundred"
	case n < 1000:
		return enUnits[n/100] + " hundred and " + en(n%100)
	case n%1000 == 0:
		return en(n/1000) + " thousand"
	}
	return en(n/1000) + " thousand " + en(n%1000)
}

// enOrder returns an ordinal number.
func enOrder(n int) string {
	words := en(n)
	at := strings.LastIndexAny(words, " -") + 1
	last := words[at:]
	switch irregular, ok := enOrdinal[last]; {
	case ok:
		last = irregular
	case strings.HasSuffix(last, "y"):
		last = strings.TrimSuffix(last, "y") + "ieth"
	default:
		last += "th"
	}
	return words[:at] + last
}

func enTime(g []string) string {
	switch h, m := number(g[1]), number(g[2]); {
	case m == 0:
		return en(h) + " o'clock"
	case m < 10:
		return en(h) + " oh " + en(m)
	default:
		return en(h) + " " + en(m)
	}
}

const enMonths = `January|February|March|April|May|June|July|August|September|October|November|December`

// english are the rules in the order in which they are used.
var english = []rule{
	comma,
	{regexp.MustCompile(timeOfDay), enTime},
	{regexp.MustCompile(`\p{L}+`), func(g []string) string {
		if day, ok := enWeekdays[g[0]]; ok {
			return day
		}
		return g[0]
	}},
	{regexp.MustCompile(`(?i)(room|ticket|district) ([\p{L}/-]*\d[\p{L}\d/-]*)`), func(g []string) string {
		return g[1] + " " + Spelled(g[2])
	}},
	{regexp.MustCompile(`(\d{1,2}) (` + enMonths + `)`), func(g []string) string {
		return "the " + enOrder(number(g[1])) + " of " + g[2]
	}},
	{code, func(g []string) string { return Spelled(g[0]) }},
	{telephone, func(g []string) string { return spelledDigits(g[0], enUnits) }},
	{regexp.MustCompile(`(\d+)[–-](\d+)`), func(g []string) string { return en(number(g[1])) + " to " + en(number(g[2])) }},
	{regexp.MustCompile(`^(\p{L})–(\p{L})$`), func(g []string) string { return g[1] + " to " + g[2] }},
	{regexp.MustCompile(`(?:№|#) ?(\d)`), func(g []string) string { return "number " + g[1] }},
	{figures, func(g []string) string {
		if len(g[0]) > 4 {
			return spelledDigits(g[0], enUnits)
		}
		return en(number(g[0]))
	}},
}
