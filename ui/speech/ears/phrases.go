package ears

import (
	"slices"
	"strings"
	"unicode"
)

// Phrase is a text to be spoken, by a voice of its language.
type Phrase struct{ Language, Text string }

// script is a script, and the language of words in it on a page whose language has another one: the names of doctors
// and places are written as they are in the registry, in whatever language the page is.
type script struct {
	letters  *unicode.RangeTable
	language string
}

var scripts = []script{{unicode.Cyrillic, "ru"}, {unicode.Latin, "en"}}

// in reports whether a text has a letter of the script.
func (s script) in(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(s.letters, r) })
}

// Phrases returns a line of a page as it is to be spoken, each part of it in its language. names are the names of the
// languages, each in that language, by their tags.
func Phrases(language, line string, names map[string]string) (all []Phrase) {
	for _, part := range byName(Phrase{language, line}, names) {
		if part.Language != language {
			all = append(all, part)
			continue
		}
		for _, p := range byScript(part, names[language]) {
			if p.Text = Text(p.Language, p.Text); strings.ContainsFunc(p.Text, spoken) {
				all = append(all, p)
			}
		}
	}
	return all
}

func spoken(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// byName sets the names of other languages apart.
func byName(p Phrase, names map[string]string) []Phrase {
	for tag, name := range names {
		before, after, found := strings.Cut(p.Text, name)
		if tag == p.Language || name == "" || !found || letterAt(before, after) {
			continue
		}
		all := append(byName(Phrase{p.Language, before}, names), Phrase{tag, name})
		return append(all, byName(Phrase{p.Language, after}, names)...)
	}
	return []Phrase{p}
}

// letterAt reports whether what is between two texts is a part of a longer word.
func letterAt(before, after string) bool {
	last, first := []rune(before), []rune(after)
	return len(last) > 0 && unicode.IsLetter(last[len(last)-1]) || len(first) > 0 && unicode.IsLetter(first[0])
}

// byScript sets words apart whose letters are none of the language's, which is written as its name is. Words with
// digits, such as the number of a ticket, stay: figures are heard in the page's language.
func byScript(p Phrase, name string) (all []Phrase) {
	for _, word := range strings.Fields(p.Text) {
		language := languageOf(word, p.Language, name)
		if n := len(all); n > 0 && (all[n-1].Language == language || !strings.ContainsFunc(word, spoken)) {
			all[n-1].Text += " " + word
			continue
		}
		all = append(all, Phrase{language, word})
	}
	return all
}

// languageOf returns the language of a word on a page of a language with a name.
func languageOf(word, page, name string) string {
	shared := func(s script) bool { return s.in(word) && s.in(name) }
	if strings.ContainsFunc(word, unicode.IsDigit) || slices.ContainsFunc(scripts, shared) {
		return page
	}
	if i := slices.IndexFunc(scripts, func(s script) bool { return s.in(word) }); i >= 0 {
		return scripts[i].language
	}
	return page
}
