package ticket

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds a value in characters: the longest real posts have about 80.
const maxText = 120

// Clean makes a foreign text fit to be shown: no control characters, marks of direction, joiners or other
// unseen things, white space folded, a sane length ended at a word. A text without a letter or a digit says
// nothing and becomes "": the registry's own sample has ". ." for a name.
func Clean(s string) string { return clip(fold(s), maxText) }

// CleanLong is Clean for the registry's sentences, which may be longer.
func CleanLong(s string) string { return clip(fold(s), 5*maxText) }

// read bounds how much of a text is looked at.
const read = 4096

func fold(s string) string {
	if len(s) > read {
		s = s[:read]
	}
	var b strings.Builder
	seen := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r == utf8.RuneError, unicode.IsControl(r), unicode.In(
			r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector,
		):
		case unicode.Is(unicode.M, r):
			if r == '\u0306' || r == '\u0308' { // й and ё written in two characters
				b.WriteRune(r)
			}
		default:
			seen = seen || unicode.IsLetter(r) || unicode.IsDigit(r)
			b.WriteRune(r)
		}
	}
	if !seen {
		return ""
	}
	return strings.Join(strings.Fields(compose.Replace(b.String())), " ")
}

// compose joins the two letters that Russian writes with marks.
var compose = strings.NewReplacer(
	"и\u0306",
	"й",
	"И\u0306",
	"Й",
	"е\u0308",
	"ё",
	"Е\u0308",
	"Ё",
	"\u0306",
	"",
	"\u0308",
	"",
)

func clip(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	cut := string(runes[:most-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " .,;:-") + "…"
}
