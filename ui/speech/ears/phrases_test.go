package ears

import (
	"slices"
	"testing"
)

// TestEachPartIsSpokenInItsLanguage has names of doctors on an English page, the names of languages on every page, and
// what must not be torn apart.
func TestEachPartIsSpokenInItsLanguage(t *testing.T) {
	names := map[string]string{"ru": "Русский", "en": "English", "de": "Deutsch", "kk": "Қазақша", "ka": "ქართული"}
	for _, c := range []struct {
		language, line string
		want           []Phrase
	}{
		{"ru", "English", []Phrase{{"en", "English"}}},
		{"ru", "Сейчас: English.", []Phrase{{"ru", "Сейчас:"}, {"en", "English"}}},
		{"en", "Now: Deutsch.", []Phrase{{"en", "Now:"}, {"de", "Deutsch"}}},
		{"en", "Русский", []Phrase{{"ru", "Русский"}}},
		{"ru", "Қазақша", []Phrase{{"kk", "Қазақша"}}},
		{"de", "Deutschland", []Phrase{{"de", "Deutschland"}}},
		{"en", "Englishman", []Phrase{{"en", "Englishman"}}},
		{"en", "Иванова А. П.", []Phrase{{"ru", "Иванова А. П."}}},
		{"en", "Dr Иванова А. П., therapist", []Phrase{{"en", "Dr"}, {"ru", "Иванова А. П.,"}, {"en", "therapist"}}},
		{"en", "Иванова – therapist", []Phrase{{"ru", "Иванова –"}, {"en", "therapist"}}},
		{"en", "А-117", []Phrase{{"en", Text("en", "А-117")}}},
		{"ru", "Клиника «Medica», 3 этаж", []Phrase{{"ru", "Клиника"}, {"en", "Medica,"}, {"ru", "третий этаж"}}},
		{"ru", "IT-специалист", []Phrase{{"ru", "IT-специалист"}}},
		{"ru", "Кабинет 214, 10:30", []Phrase{{"ru", Text("ru", "Кабинет 214, 10:30")}}},
		{"kk", "Дәрігер Иванова", []Phrase{{"kk", "Дәрігер Иванова"}}},
		{"ka", "ექიმი Иванова", []Phrase{{"ka", "ექიმი"}, {"ru", "Иванова"}}},
		{"ru", " · ", nil},
	} {
		if got := Phrases(c.language, c.line, names); !slices.Equal(got, c.want) {
			t.Errorf("%s %q: %q, want %q", c.language, c.line, got, c.want)
		}
	}
}
