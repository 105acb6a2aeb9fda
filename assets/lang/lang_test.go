package lang_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"infomat/assets/lang"
)

func bundle(t *testing.T) *lang.Bundle {
	t.Helper()
	b, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	b := bundle(t)
	ru, err := b.Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range b.Tags() {
		l, err := b.Language(tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ru.IDs() {
			if !slices.Contains(l.IDs(), id) {
				t.Errorf("%s lacks %s", tag, id)
			}
		}
		for _, id := range l.IDs() {
			if !slices.Contains(ru.IDs(), id) {
				t.Errorf("%s has %s, which ru lacks", tag, id)
			}
		}
	}
}

func TestRussianPlurals(t *testing.T) {
	ru, err := bundle(t).Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{
		1: "1 место", 2: "2 места", 5: "5 мест", 11: "11 мест", 21: "21 место", 112: "112 мест", 0: "0 мест",
	} {
		if got := ru.Plural("time.places", n, nil); strings.ReplaceAll(got, "\u00A0", " ") != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestWeekdaysAndMonths(t *testing.T) {
	ru, err := bundle(t).Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	if got := ru.Text("date.weekday.2", nil); got != "вторник" {
		t.Errorf("Tuesday is %q", got)
	}
	if got := ru.Text("date.month.11", nil); got != "ноября" {
		t.Errorf("November is %q", got)
	}
}

func TestMissingTextIsMarked(t *testing.T) {
	ru, err := bundle(t).Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []string{ru.Text("no.such", nil), ru.Text("place.room", nil), ru.Plural("no.such", 1, nil)} {
		if !strings.HasPrefix(got, "⟦") {
			t.Errorf("%q does not mark a missing text", got)
		}
	}
}

func TestExtendAddsLanguage(t *testing.T) {
	b := bundle(t)
	whole, err := os.ReadFile("en.toml")
	if err != nil {
		t.Fatal(err)
	}
	german := strings.Replace(string(whole), `name = "English"`, `name = "Deutsch"`, 1)
	tags, err := b.Extend(fstest.MapFS{"de.toml": {Data: []byte(german)}}, "ru")
	if err != nil || !slices.Equal(tags, []string{"de"}) {
		t.Fatalf("%v, %v", tags, err)
	}
	l, err := b.Language("de")
	if err != nil || l.Text("language.name", nil) != "Deutsch" {
		t.Errorf("%v", err)
	}
}

// TestExtendFallsBack checks that texts missing in a file come from the reference language, that Extend reports
// them, and that one unreadable file does not prevent the others from being added.
func TestExtendFallsBack(t *testing.T) {
	b := bundle(t)
	whole, err := os.ReadFile("en.toml")
	if err != nil {
		t.Fatal(err)
	}
	holes := strings.Replace(string(whole), "[welcome]", "[bienvenue]", 1)
	holes = strings.Replace(holes, "[free.count]", "[libre.count]", 1)
	tags, err := b.Extend(fstest.MapFS{"de.toml": {Data: []byte("a = ")}, "fr.toml": {Data: []byte(holes)}}, "ru")
	if !slices.Equal(tags, []string{"fr"}) {
		t.Errorf("tags %v, want fr", tags)
	}
	for _, want := range []string{"de.toml", "fr.toml", "welcome.title"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
	fr, err := b.Language("fr")
	if err != nil {
		t.Fatal(err)
	}
	ru, err := b.Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fr.Text("welcome.title", nil), ru.Text("welcome.title", nil); got != want {
		t.Errorf("a missing text is %q, want %q", got, want)
	}
	if got, want := fr.Plural("free.count", 2, nil), ru.Plural("free.count", 2, nil); got != want {
		t.Errorf("a missing plural is %q, want %q", got, want)
	}
	if got := fr.Text("no.such", nil); !strings.HasPrefix(got, "⟦") {
		t.Errorf("%q does not mark a text that no language has", got)
	}
	if _, err := b.Extend(os.DirFS("no-such-folder"), "ru"); err == nil {
		t.Error("no error for a missing folder")
	}
}

// TestExtendRefusesWrongTexts gives a file texts that would show ⟦…⟧ or <no value>, and wants them named and replaced.
func TestExtendRefusesWrongTexts(t *testing.T) {
	b := bundle(t)
	whole, err := os.ReadFile("ru.toml")
	if err != nil {
		t.Fatal(err)
	}
	wrong := string(whole)
	for _, change := range [][2]string{
		{`room = "кабинет\u00A0{{.Room}}"`, `room = "пакой {{.Rum}}"`},
		{`home = "В начало"`, `home = "初めに"`},
		{`line = "Регистратура: {{.What}}"`, `line = "Рэгістратура"`},
		{"few = \"{{.Count}}\\u00A0места\"\n", ""},
		{`many = "Осталось {{.Count}}\u00A0секунд"`, `many = "Засталося {{.Seconds}}"`},
	} {
		if !strings.Contains(wrong, change[0]) {
			t.Fatalf("ru.toml has no %s", change[0])
		}
		wrong = strings.Replace(wrong, change[0], change[1], 1)
	}
	_, err = b.Extend(fstest.MapFS{"be.toml": {Data: []byte(wrong)}}, "ru")
	for _, want := range []string{
		"be.toml", `nav.home: the font has no "初め`, "place.room: the placeholder .Rum is unknown; known are: .Room",
		"desk.line: the placeholder .What is missing",
		"time.places: the form few is missing", "idle.seconds: in the form many, the placeholder .Seconds is unknown",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
	be, err := b.Language("be")
	if err != nil {
		t.Fatal(err)
	}
	for want, got := range map[string]string{
		"В начало":               be.Text("nav.home", nil),
		"кабинет\u00A07":         be.Text("place.room", map[string]any{"Room": "7"}),
		"2\u00A0места":           be.Plural("time.places", 2, nil),
		"Осталось 5\u00A0секунд": be.Plural("idle.seconds", 5, nil),
	} {
		if got != want {
			t.Errorf("the text is %q, want %q", got, want)
		}
	}
}

func TestBadFiles(t *testing.T) {
	for name, text := range map[string]string{
		"not-a-tag!.toml": `a = "b"`,
		"ru.toml":         "a = ",
		"en.toml":         "a = 1",
		"de.toml":         `a = "{{.Broken"`,
	} {
		if _, err := lang.Load(fstest.MapFS{name: {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v does not name the file", name, err)
		}
	}
	if _, err := bundle(t).Language("xx"); err == nil || !strings.Contains(err.Error(), "en, ru") {
		t.Errorf("error %v does not list the languages", err)
	}
}
