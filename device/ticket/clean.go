package ticket

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText bounds a value in characters: the longest real posts have about 80.
const maxText = 120

// Clean makes a text of the registry or of a timetable fit to be shown and printed. HTML becomes plain text (&amp;,
// &nbsp;, <br/>), letters with marks become one character (NFC: и and U+0306 are й), and white space is folded.
// Control characters, marks of direction, joiners, marks that belong to no letter of their own and other characters
// without a shape are left out. At most 120 characters remain, and what is longer ends at a word with «…». A text
// without a letter or a digit says nothing and becomes "": the registry's sample has ". ." for a name.
func Clean(s string) string { return clip(fold(s), maxText) }

// CleanLong is Clean for sentences, of at most 600 characters.
func CleanLong(s string) string { return clip(fold(s), 5*maxText) }

// read is how many bytes of a text are looked at.
const read = 4096

func fold(s string) string { return folded(plain(s[:min(len(s), read)])) }

// folded folds the white space of a plain text, and returns "" for one that says nothing.
func folded(s string) string {
	if !strings.ContainsFunc(s, says) {
		return ""
	}
	return strings.Join(strings.Fields(s), " ")
}

// shown returns a text with its letters composed and without what has no shape.
func shown(s string) string {
	return strings.Map(unmarked, norm.NFC.String(strings.Map(visible, s)))
}

// visible leaves out what has no shape, but for the ends of lines and the marks that may be a part of a letter.
func visible(r rune) rune {
	switch {
	case r == '\n', r == '\r':
		return '\n'
	case unicode.IsSpace(r):
		return ' '
	case r == utf8.RuneError, unicode.IsControl(r), unicode.In(
		r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector,
	):
		return -1
	}
	return r
}

// unmarked leaves out the marks that no letter has taken up.
func unmarked(r rune) rune {
	if unicode.Is(unicode.M, r) {
		return -1
	}
	return r
}

func says(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func clip(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	cut := string(runes[:most-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return folded(strings.TrimRight(cut, " .,;:-") + "…")
}
