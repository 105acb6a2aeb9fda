// Package lang holds the texts of the screens and of the ticket in each language.
//
// The rule of this folder: one TOML file per language, named by its language tag, with the same ids in each. The
// line title = "…" in the table [welcome] is the text welcome.title. A table with the forms one, few, many and
// other is one text that depends on a number. To add a language, add a file here or in the folder that the program
// reads at start.
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

// Bundle is a set of languages.
type Bundle struct {
	languages map[string]*Language
}

// Language holds the texts of one language. It is safe for concurrent use.
type Language struct {
	tag      string
	texts    map[string]*template.Template
	plurals  *i18n.Localizer
	pluralID map[string]*i18n.Message
	fallback *Language // used for texts that this language lacks; may be nil
}

// Embedded returns the languages that are built into the program.
// A text that one of them lacks is taken from the Russian one.
func Embedded() (*Bundle, error) {
	b, err := Load(embedded)
	if err != nil {
		return nil, err
	}
	whole, err := b.Language(reference)
	if err != nil {
		return nil, err
	}
	for tag, l := range b.languages {
		if tag != reference {
			l.fallback = whole
		}
	}
	return b, nil
}

// reference is the tag of the language that has all texts.
const reference = "ru"

// Load reads the language files of a folder.
func Load(folder fs.FS) (*Bundle, error) {
	b := &Bundle{languages: map[string]*Language{}}
	if _, err := b.read(folder); err != nil {
		return nil, err
	}
	return b, nil
}

// Extend adds the language files of a folder and returns their tags. A file replaces a language with the same tag.
// Texts that a file lacks, or that would be shown wrong, are taken from the reference language. The error joins all
// problems: unreadable files, which are left out, and such texts.
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
		if err := l.compare(whole); err != nil {
			problems = append(problems, fmt.Errorf("lang: %s.toml: %w", tag, err))
		}
	}
	return tags, errors.Join(problems...)
}

// read adds the language files of a folder. Files that cannot be read are left out and named in the error.
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

// Language returns the language with the given tag. If there is none, the error lists the available tags.
func (b *Bundle) Language(tag string) (*Language, error) {
	l, ok := b.languages[tag]
	if !ok {
		return nil, fmt.Errorf("unknown language %q; available: %s", tag, strings.Join(b.Tags(), ", "))
	}
	return l, nil
}

// Tags returns the tags of all languages in alphabetical order.
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
		return nil, fmt.Errorf("the file name must be a language tag such as ru: %w", err)
	}
	var tables map[string]any
	if err := toml.Unmarshal(data, &tables); err != nil {
		return nil, err
	}
	l := &Language{tag: name, texts: map[string]*template.Template{}, pluralID: map[string]*i18n.Message{}}
	bundle := i18n.NewBundle(tag)
	if err := l.collect(bundle, tag, "", tables); err != nil {
		return nil, err
	}
	l.plurals = i18n.NewLocalizer(bundle, name)
	return l, nil
}

// collect stores the texts of a table and of the tables in it. A string is a text; a table with the key other is a
// text with plural forms; any other table is searched recursively.
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
			l.pluralID[id] = m
		default:
			return fmt.Errorf("%s: the text must be a quoted string", id)
		}
	}
	return nil
}

// Tag returns the language tag.
func (l *Language) Tag() string { return l.tag }

// IDs returns the ids of all texts in alphabetical order. Ids of texts with plural forms end with an asterisk.
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

// Text returns a text with data filled in. If the id is unknown or data lacks a value, it returns the id in
// brackets.
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

// Plural returns the form of a text that belongs to the number n. In the text, {{.Count}} stands for n.
func (l *Language) Plural(id string, n int, data map[string]any) string {
	with := map[string]any{"Count": n}
	for k, v := range data {
		with[k] = v
	}
	if l.pluralID[id] == nil && l.fallback != nil {
		return l.fallback.Plural(id, n, data)
	}
	s, err := l.plurals.Localize(&i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: with})
	if err != nil {
		return missing(id)
	}
	return s
}

func missing(id string) string { return "⟦" + id + "⟧" }
