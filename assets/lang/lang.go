// Package lang holds the texts of the screens and of the ticket in each language.
//
// The rule of this folder: one TOML file a language, named by its tag, with the same ids in each. A table [welcome]
// with a line title = "…" is the text welcome.title; a table with the forms one, few, many and other is a text that
// depends on a number. A further language is one more file: here, or in a folder that is read when the program
// starts.
package lang

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed *.toml
var embedded embed.FS

// Bundle is all the languages.
type Bundle struct {
	languages map[string]*Language
}

// Language is the texts of one language. It is safe for concurrent use.
type Language struct {
	tag      string
	texts    map[string]*template.Template
	plurals  *i18n.Localizer
	pluralID map[string]bool
	fallback *Language // has the texts that this one lacks; nil: there is none
}

// Embedded returns the languages that the program was built with.
func Embedded() (*Bundle, error) { return Load(embedded) }

// Load reads the language files of a folder.
func Load(folder fs.FS) (*Bundle, error) {
	b := &Bundle{languages: map[string]*Language{}}
	if _, err := b.read(folder); err != nil {
		return nil, err
	}
	return b, nil
}

// Extend adds the language files of a folder and returns their tags. A file of a language that is there already takes
// its place. Texts that a file lacks are those of the reference language. The error, which may join several, says
// what lacks or cannot be read; the other files are in use all the same.
func (b *Bundle) Extend(folder fs.FS, reference string) (tags []string, err error) {
	whole, err := b.Language(reference)
	if err != nil {
		return nil, err
	}
	tags, err = b.read(folder)
	problems := []error{err}
	for _, tag := range tags {
		l := b.languages[tag]
		has := l.IDs()
		l.fallback = whole
		lacks := slices.DeleteFunc(whole.IDs(), func(id string) bool { return slices.Contains(has, id) })
		if len(lacks) > 0 {
			problems = append(problems, fmt.Errorf("lang: %s.toml lacks %d texts of %s.toml: %s",
				tag, len(lacks), reference, strings.Join(lacks, ", ")))
		}
	}
	return tags, errors.Join(problems...)
}

// read adds the language files of a folder. Those that cannot be read are left out and named by the error.
func (b *Bundle) read(folder fs.FS) (tags []string, err error) {
	files, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fmt.Errorf("lang: %w", err)
	}
	var problems []error
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), ".toml")
		if !ok {
			continue
		}
		data, err := fs.ReadFile(folder, f.Name())
		if err != nil {
			problems = append(problems, fmt.Errorf("lang: %w", err))
			continue
		}
		l, err := parse(name, data)
		if err != nil {
			problems = append(problems, fmt.Errorf("lang: %s: %w", f.Name(), err))
			continue
		}
		b.languages[l.tag] = l
		tags = append(tags, l.tag)
	}
	return tags, errors.Join(problems...)
}

// Language finds a language by its tag; the error lists those that there are.
func (b *Bundle) Language(tag string) (*Language, error) {
	l, ok := b.languages[tag]
	if !ok {
		return nil, fmt.Errorf("there is no language %q; there are %s", tag, strings.Join(b.Tags(), ", "))
	}
	return l, nil
}

// Tags are the languages' tags in the order of the alphabet.
func (b *Bundle) Tags() []string {
	var tags []string
	for tag := range b.languages {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}

func parse(name string, data []byte) (*Language, error) {
	tag, err := language.Parse(name)
	if err != nil {
		return nil, fmt.Errorf("the file's name has to be a language tag such as ru: %w", err)
	}
	var tables map[string]any
	if err := toml.Unmarshal(data, &tables); err != nil {
		return nil, err
	}
	l := &Language{tag: name, texts: map[string]*template.Template{}, pluralID: map[string]bool{}}
	bundle := i18n.NewBundle(tag)
	if err := l.collect(bundle, tag, "", tables); err != nil {
		return nil, err
	}
	l.plurals = i18n.NewLocalizer(bundle, name)
	return l, nil
}

// collect walks the tables: a string is a text, a table with the form other is a plural, any other table goes deeper.
func (l *Language) collect(bundle *i18n.Bundle, tag language.Tag, prefix string, table map[string]any) error {
	for key, value := range table {
		id := strings.TrimPrefix(prefix+"."+key, ".")
		switch v := value.(type) {
		case string:
			t, err := template.New(id).Option("missingkey=error").Parse(v)
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			l.texts[id] = t
		case map[string]any:
			if _, plural := v["other"]; !plural {
				if err := l.collect(bundle, tag, id, v); err != nil {
					return err
				}
				continue
			}
			m, err := i18n.NewMessage(v)
			if err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			m.ID = id
			if err := bundle.AddMessages(tag, m); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			l.pluralID[id] = true
		default:
			return fmt.Errorf("%s: a text has to be a string in quotes", id)
		}
	}
	return nil
}

// Tag is the language's tag.
func (l *Language) Tag() string { return l.tag }

// IDs are the ids of all texts, those that depend on a number marked with a star, in the order of the alphabet.
func (l *Language) IDs() []string {
	var ids []string
	for id := range l.texts {
		ids = append(ids, id)
	}
	for id := range l.pluralID {
		ids = append(ids, id+"*")
	}
	slices.Sort(ids)
	return ids
}

// Text returns a text with its data filled in. An id that does not exist, or data that does not fit, gives the id in
// brackets: ugly, and seen at once.
func (l *Language) Text(id string, data map[string]any) string {
	t, ok := l.texts[id]
	switch {
	case !ok && l.fallback != nil:
		return l.fallback.Text(id, data)
	case !ok:
		return missing(id)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return missing(id)
	}
	return out.String()
}

// Plural returns the form of a text that belongs to a number; the number itself is {{.Count}}.
func (l *Language) Plural(id string, n int, data map[string]any) string {
	with := map[string]any{"Count": n}
	for k, v := range data {
		with[k] = v
	}
	if !l.pluralID[id] && l.fallback != nil {
		return l.fallback.Plural(id, n, data)
	}
	s, err := l.plurals.Localize(&i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: with})
	if err != nil {
		return missing(id)
	}
	return s
}

func missing(id string) string { return "⟦" + id + "⟧" }
