package fonts

import (
	"math"
	"os"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

func parse(t *testing.T) map[string]*sfnt.Font {
	t.Helper()
	all := map[string]*sfnt.Font{}
	for name, data := range map[string][]byte{"regular": Regular, "medium": Medium, "semibold": SemiBold, "bold": Bold} {
		f, err := sfnt.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = f
	}
	return all
}

// TestCapHeight checks the constant from which the screens compute text sizes in millimetres.
func TestCapHeight(t *testing.T) {
	var b sfnt.Buffer
	const em = 1000
	for name, f := range parse(t) {
		m, err := f.Metrics(&b, fixed.I(em), font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(m.CapHeight) / 64 / em; math.Abs(got-CapHeight) > 0.005 {
			t.Errorf("%s: capitals are %.3f em high, want %.3f", name, got, CapHeight)
		}
	}
}

func TestFontsCoverAllTexts(t *testing.T) {
	texts := "0123456789«»„“”—–−…№·×"
	for _, name := range []string{"../lang/ru.toml", "../lang/en.toml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts += string(data)
	}
	var b sfnt.Buffer
	for name, f := range parse(t) {
		for _, r := range texts {
			if i, err := f.GlyphIndex(&b, r); r != '\n' && (err != nil || i == 0) {
				t.Errorf("%s has no glyph for %q", name, r)
			}
		}
	}
}
