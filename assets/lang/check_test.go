package lang

import "testing"

// TestEmbeddedTextsAreRight checks placeholders, plural forms and characters of the languages that are built in.
func TestEmbeddedTextsAreRight(t *testing.T) {
	b, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for tag, l := range b.languages {
		if err := l.compare(b.languages[reference]); err != nil {
			t.Errorf("%s.toml: %v", tag, err)
		}
	}
}
