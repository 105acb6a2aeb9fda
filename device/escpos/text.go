package escpos

import (
	"slices"
	"strings"
	"unicode"
)

// substitutes are what is printed for characters that a page may lack.
var substitutes = map[rune]string{
	'«': `"`, '»': `"`, '“': `"`, '”': `"`, '„': `"`, '‘': "'", '’': "'", '—': "-", '–': "-", '−': "-", '‑': "-",
	'…': "...", '№': "N",
	'─': "-", '·': "-", '•': "-", '×': "x", 'Ё': "Е", 'ё': "е",
}

// rasterPages are the characters that are drawn where every line is sent as dots: those that a good printer
// would have.
var rasterPages = []CodePage{{Name: "cp866", Map: charmaps["cp866"]}, {Name: "wpc1251", Map: charmaps["wpc1251"]}}

// Plain makes a text one that the pages have. What they lack is replaced by what a reader would write
// instead, at last by a question mark; what cannot be seen (control characters, marks of direction,
// joiners, emoji) is left out, so that no text can carry a command.
func Plain(s string, pages []CodePage) string {
	var out strings.Builder
	for _, r := range s {
		switch sub, ok := substitutes[r]; {
		case unicode.Is(unicode.Zs, r):
			out.WriteByte(' ')
		case !printable(r):
		case has(pages, r):
			out.WriteRune(r)
		case ok:
			out.WriteString(Plain(sub, pages))
		case !unicode.Is(unicode.So, r) && !unicode.Is(unicode.Sk, r):
			out.WriteByte('?')
		}
	}
	return out.String()
}

func has(pages []CodePage, r rune) bool {
	return slices.ContainsFunc(pages, func(p CodePage) bool {
		_, ok := p.Map.EncodeRune(r)
		return ok
	})
}

func printable(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.Is(unicode.M, r) && r != '\u00AD' && r != '\uFEFF'
}
