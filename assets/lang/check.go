package lang

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
	syntax "text/template/parse"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"infomat/assets/fonts"
)

// compare leaves out the texts that would be shown wrong, so that those of the reference are shown instead, and names
// them: they have a placeholder that the reference does not have, or lack a plural form that the language needs. A
// placeholder that a text does not use is only named.
func (l *Language) compare(reference *Language) error {
	var problems []error
	for id, text := range l.texts {
		original, ok := reference.texts[id]
		if !ok {
			continue // nothing uses it
		}
		known := fields(original)
		if unknown := without(fields(text), known); len(unknown) > 0 {
			delete(l.texts, id)
			problems = append(problems, fmt.Errorf("%s: the placeholder %s is unknown; known are: %s",
				id, strings.Join(unknown, ", "), strings.Join(known, ", ")))
		} else if unused := without(known, fields(text)); len(unused) > 0 {
			problems = append(problems, fmt.Errorf("%s: the placeholder %s is missing", id, strings.Join(unused, ", ")))
		}
	}
	for id, message := range l.pluralID {
		if err := l.compareForms(message, reference.pluralID[id]); err != nil {
			delete(l.pluralID, id)
			problems = append(problems, fmt.Errorf("%s: %w", id, err))
		}
	}
	problems = append(problems, l.unshown()...)
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(problems...)
}

// unshown leaves out the texts with characters that the font does not have, and names them.
func (l *Language) unshown() (problems []error) {
	check := func(id, text string) (bad bool) {
		lacks, err := fonts.Lacking(text)
		if err == nil && len(lacks) > 0 {
			err = fmt.Errorf("the font has no %q", string(lacks))
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", id, err))
		}
		return err != nil
	}
	for id, text := range l.texts {
		if check(id, text.Root.String()) {
			delete(l.texts, id)
		}
	}
	for id, message := range l.pluralID {
		if check(id, strings.Join(slices.Sorted(maps.Values(forms(message))), "")) {
			delete(l.pluralID, id)
		}
	}
	return problems
}

// compareForms checks a text that depends on a number.
func (l *Language) compareForms(message, original *i18n.Message) error {
	if original == nil {
		return nil // nothing uses it
	}
	for _, name := range neededForms(language.Make(l.tag)) {
		if forms(message)[name] == "" {
			return fmt.Errorf("the form %s is missing", name)
		}
	}
	known := []string{".Count"}
	for _, text := range forms(original) {
		known = append(known, fieldsOf(text)...)
	}
	for name, text := range forms(message) {
		if unknown := without(fieldsOf(text), known); len(unknown) > 0 {
			return fmt.Errorf("in the form %s, the placeholder %s is unknown", name, strings.Join(unknown, ", "))
		}
	}
	return nil
}

// forms returns the forms of a text that depends on a number, by their names in the files.
func forms(m *i18n.Message) map[string]string {
	return map[string]string{
		"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other,
	}
}

// mostCounted is the largest number for which a language may need a form of its own here. French has one for millions.
const mostCounted = 1000

// neededForms returns the names of the forms that a language has for whole numbers, by the rules of CLDR.
func neededForms(tag language.Tag) (needed []string) {
	names := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few",
		plural.Many: "many", plural.Other: "other",
	}
	for n := range mostCounted {
		if name := names[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]; !slices.Contains(needed, name) {
			needed = append(needed, name)
		}
	}
	slices.Sort(needed)
	return needed
}

// fields returns the placeholders of a text, such as .Time.
func fields(t *template.Template) (all []string) {
	for _, node := range t.Root.Nodes {
		if action, ok := node.(*syntax.ActionNode); ok {
			all = append(all, action.Pipe.String())
		}
	}
	return all
}

func fieldsOf(text string) []string {
	t, err := template.New("").Parse(text)
	if err != nil {
		return []string{err.Error()}
	}
	return fields(t)
}

// without returns what is in a and not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(x string) bool { return slices.Contains(b, x) })
}
