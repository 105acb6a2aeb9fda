// Package fonts embeds the type family of the screens: Golos Text (SIL Open Font Licence, see OFL.txt). Its
// capitals are 0.7 em high, and it covers the full Russian alphabet.
package fonts

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/image/font/sfnt"
)

// CapHeight is the height of a capital letter as a fraction of the font size (sCapHeight in the OS/2 table).
const CapHeight = 0.7

// The four weights that the screens use.
var (
	//go:embed GolosText-Regular.ttf
	Regular []byte
	//go:embed GolosText-Medium.ttf
	Medium []byte
	//go:embed GolosText-SemiBold.ttf
	SemiBold []byte
	//go:embed GolosText-Bold.ttf
	Bold []byte
)

var regular = sync.OnceValues(func() (*sfnt.Font, error) { return sfnt.Parse(Regular) })

// Lacking returns the characters of a text that the screens cannot show, each once. All weights have the same ones.
func Lacking(text string) (lacks []rune, err error) {
	f, err := regular()
	if err != nil {
		return nil, fmt.Errorf("fonts: %w", err)
	}
	var b sfnt.Buffer
	for _, r := range text {
		if r == '\n' || slices.Contains(lacks, r) {
			continue
		}
		if i, err := f.GlyphIndex(&b, r); err != nil || i == 0 {
			lacks = append(lacks, r)
		}
	}
	return lacks, nil
}
