package escpos

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"

	"infomat/device/dots"
)

// substitutes are what is printed for signs that a page may lack.
var substitutes = map[rune]string{
	'«': `"`, '»': `"`, '“': `"`, '”': `"`, '„': `"`, '‘': "'", '’': "'", 'ʼ': "'", '—': "-", '–': "-", '−': "-",
	'‑': "-", '‐': "-", '…': "...", '№': "N", '─': "-", '·': "-", '•': "-", '×': "x", '₽': "р.",
}

// nearest are the Russian letters that are printed for those of other languages where these cannot even be drawn.
var nearest = map[rune]rune{
	'І': 'И', 'і': 'и', 'Ї': 'И', 'ї': 'и', 'Є': 'Е', 'є': 'е', 'Ґ': 'Г', 'ґ': 'г', 'Ў': 'У', 'ў': 'у',
	'Ә': 'А', 'ә': 'а', 'Ғ': 'Г', 'ғ': 'г', 'Қ': 'К', 'қ': 'к', 'Ҡ': 'К', 'ҡ': 'к', 'Ң': 'Н', 'ң': 'н', 'Ө': 'О', 'ө': 'о',
	'Ұ': 'У', 'ұ': 'у', 'Ү': 'У', 'ү': 'у', 'Һ': 'Х', 'һ': 'х', 'Җ': 'Ж', 'җ': 'ж', 'Ҙ': 'З', 'ҙ': 'з', 'Ҫ': 'С', 'ҫ': 'с',
	'Ҳ': 'Х', 'ҳ': 'х', 'Ҷ': 'Ч', 'ҷ': 'ч', 'Ҕ': 'Г', 'ҕ': 'г', 'Ҥ': 'Н', 'ҥ': 'н', 'Ӏ': 'I', 'ӏ': 'I',
}

// drawn are the scripts whose letters stand side by side as they are; others would need a shaper.
var drawn = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Georgian, unicode.Common,
}

// signs are the signs that are drawn where every line is sent as dots: those that a good printer would have.
var signs = []CodePage{{Name: "cp866", Map: charmaps["cp866"]}, {Name: "wpc1251", Map: charmaps["wpc1251"]}}

// Plain makes a text one that the pages have. What they lack is replaced: a sign by what a reader would write instead,
// a letter by the nearest Russian one, by that without its mark, or by Latin ones. What cannot be seen (control
// characters, marks of direction, joiners, emoji) is left out, so that no text can carry a command.
func Plain(s string, pages []CodePage) string {
	return plain(s, func(r rune) bool { return has(pages, r) })
}

// plain is Plain for a printer that has these characters.
func plain(s string, has func(rune) bool) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Zs, r):
			out.WriteByte(' ')
		case !printable(r):
		case has(r):
			out.WriteRune(r)
		default:
			out.WriteString(replaced(r, has))
		}
	}
	return out.String()
}

// replaced returns what is printed for a character that a printer lacks.
func replaced(r rune, has func(rune) bool) string {
	if sub, ok := substitutes[r]; ok {
		return plain(sub, has)
	}
	if near, ok := nearest[r]; ok {
		return plain(string(near), has)
	}
	if unicode.In(r, unicode.So, unicode.Sk) {
		return ""
	}
	if unicode.Is(unicode.Georgian, r) && unicode.IsUpper(r) { // its capitals are a way to write headlines
		return plain(string(unicode.ToLower(r)), has)
	}
	if simple := norm.NFKD.String(string(r)); simple != string(r) {
		return plain(simple, has)
	}
	return strings.Map(ascii, unidecode.Unidecode(string(r)))
}

// ascii leaves out what is not visible ASCII.
func ascii(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

// drawable reports whether a character is drawn as dots where no page has it. Signs with a substitute are not: it takes
// a byte, and the line some thousand.
func drawable(r rune) bool {
	_, replaceable := substitutes[r]
	return !replaceable && !unicode.In(r, unicode.So, unicode.Sk) && unicode.In(r, drawn...) && dots.Has(r)
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
