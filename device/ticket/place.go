package ticket

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The words that a ticket and a screen write themselves before a value, as clinics write them into the value: at its
// beginning, at its end, before each of several rooms.
var (
	roomWord     = regexp.MustCompile(`(?i)(^|[\s,;(/«"\[])(?:номер\s+)?` + cabinet + `(?:-(\d)|([^\p{L}\-])|$)`)
	districtWord = regexp.MustCompile(`(?i)(^|[\s,;(/])(?:участ(?:ок|ка)|уч\.|уч-к)([^\p{L}\-]|$)`)
	numberWord   = regexp.MustCompile(`(?i)^(?:номер\s+)?(?:талон\p{L}?|билет\p{L}?)([^\p{L}\-])`)
)

// cabinet is «кабинет» and its abbreviations, also where a letter was typed on the Latin keyboard, and in Latin
// letters.
const cabinet = `(?:[кk][аa]б(?:ин[еe]т\p{L}*|-т|\.)?|[ck]ab(?:inet)?\.?|room)`

// cabinetLetter is «к. 202» as a whole; «к. 2» beside something else is a building.
var cabinetLetter = regexp.MustCompile(`(?i)^к\.\s*(\d+\p{L}?)$`)

// numberThenNumber are two rooms between which the word stood.
var numberThenNumber = regexp.MustCompile(`(\d)\s+` + cabinet + `\s*(№?\s*\d)`)

// numberSign is «№» before a value; before one in the middle it stays.
var numberSign = regexp.MustCompile(`(^|[,;]\s*|\sи\s+)№\s*`)

// nothing is a value that says that there is none.
var nothing = regexp.MustCompile(`(?i)^(?:0+|нет(?: данных)?|н/?д|б/?н|без номера|отсутствует|неизвест\p{L}+|` +
	`не (?:указан|задан|назначен|определ[её]н|известен|известн|заполнен|присвоен)\p{L}*|` +
	`null|nil|none|undefined|n/a|уточн\p{L}+(?: в регистратуре)?)\.?$`)

// A floor in the text of a room: «2 этаж», «2-й эт.» and «этаж 2», «эт. 2».
var (
	numberThenFloor = regexp.MustCompile(`(?i)(?:^|[\s,;(/]+)(\d{1,2})(?:\s*-?\s*(?:й|ый|ой|ий))?\s*эт(?:аж\p{L}*|\.)\)?`)
	floorThenNumber = regexp.MustCompile(`(?i)(?:^|[\s,;(/]+)эт(?:аж|\.)?\s*[:№]?\s*(\d{1,2})(?:\)|[\s,;]+|$)`)
)

// Room returns the bare room and the floor of a text of the registry or of a timetable, cleaned, for a place that
// writes «Кабинет» before it: "каб. 202", "Кабинет № 202" and "202 (2 этаж)" on floor 2 are all "202". It returns ""
// where the text says that there is no room, such as "0" and "Кабинет не указан". The floor is the one given, or that
// of the text where none (0) is given. A text that contradicts the floor keeps its own.
func Room(text string, floor int) (room string, at int) {
	room, at = Clean(text), floor
	room = settled(room, func(s string) string {
		s, at = withoutFloor(s, at)
		s = numberThenNumber.ReplaceAllString(unwrapped(s), "$1, $2")
		return once(cabinetLetter.ReplaceAllString(bare(s, roomWord), "$1"))
	})
	return room, at
}

// District returns the bare number or name of a clinic's district, cleaned, for a place that writes «Участок» before
// it, or "" if there is none.
func District(text string) string {
	return settled(Clean(text), func(s string) string { return bare(s, districtWord) })
}

// Number returns the bare number of a ticket, cleaned, for a place that writes «ТАЛОН №» before it. Nothing else is
// left out of it.
func Number(text string) string {
	return settled(Clean(text), func(s string) string {
		return strings.TrimLeft(numberWord.ReplaceAllString(s, "$1"), " :№")
	})
}

// settled repeats a step, which shortens a text, until it changes nothing more: «Кабинет каб. № № 5».
func settled(s string, step func(string) string) string {
	for {
		next := step(s)
		if next == s {
			return s
		}
		s = next
	}
}

// pairs are what may stand around a whole value.
var pairs = map[rune]string{'(': ")", '[': "]", '«': "»", '"': `"`, '„': "“", '“': "”"}

// unwrapped removes brackets and quotes around a whole room that is a number, or begins with the word «кабинет». Those
// around a name stay: «Мать и дитя».
func unwrapped(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	inner, ok := strings.CutSuffix(s[n:], pairs[first])
	if pairs[first] == "" || !ok || strings.ContainsAny(inner, "()[]«»\"„“”") {
		return s
	}
	inner = strings.TrimSpace(inner)
	if r, _ := utf8.DecodeRuneInString(inner); !unicode.IsDigit(r) && !roomWord.MatchString(inner) {
		return s
	}
	return inner
}

// once leaves out what a room says again: «202, 202», «202 202», «202 (202)».
func once(s string) string {
	if words := strings.Fields(s); len(words) == 2 && strings.Trim(words[1], "()") == words[0] {
		return words[0]
	}
	var parts []string
	for _, part := range strings.Split(s, ", ") {
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// bare removes a word and the number signs from a value.
func bare(s string, word *regexp.Regexp) string {
	fields := strings.Fields(s)
	trailing := len(fields) > 1 && word.MatchString(fields[len(fields)-1])
	s = tidy(numberSign.ReplaceAllString(word.ReplaceAllString(s, "$1$2$3"), "$1"))
	switch {
	case nothing.MatchString(s):
		return ""
	case trailing:
		return lowerFirst(s)
	}
	return s
}

// withoutFloor removes the floor from a room, if it is the one that is known, or if none is known.
func withoutFloor(s string, floor int) (string, int) {
	before, after := numberThenFloor.FindStringSubmatch(s), floorThenNumber.FindStringSubmatch(s)
	if (before == nil) == (after == nil) { // neither, or both: «12 этаж 2» may be read in two ways
		return s, floor
	}
	found := before
	if found == nil {
		found = after
	}
	n, err := strconv.Atoi(found[1])
	if err != nil || n == 0 || floor != 0 && floor != n {
		return s, floor
	}
	return tidy(strings.Replace(s, found[0], " ", 1)), n
}

// tidy removes what is left of the punctuation around a word that was removed.
func tidy(s string) string {
	s = strings.NewReplacer("( ", "(", "« ", "«").Replace(strings.Join(strings.Fields(s), " "))
	s = strings.Trim(s, " ,;:")
	for _, dash := range []string{"- ", "– ", "— ", ". "} {
		s = strings.TrimPrefix(s, dash)
	}
	if !strings.ContainsFunc(s, says) {
		return ""
	}
	return s
}

// lowerFirst makes the first letter lower case, but not that of an abbreviation such as «УЗИ».
func lowerFirst(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[n:])
	if !unicode.IsLower(second) {
		return s
	}
	return string(unicode.ToLower(first)) + s[n:]
}
