package ticket

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"infomat/device/dots"
	"infomat/device/escpos"
)

// probe has every letter that is easily wrong: ё stands apart in all pages, № in most.
const probe = "Ёжик ест борщ, щи №5"

// CodePages is a test print that shows which code page is right: each number that any known printer uses is
// selected, and a sentence printed as code page 866 and as 1251 have it. The line that can be read names
// the page and its number for the profile.
func CodePages(p escpos.Profile, numbers []byte, words Words) Document {
	d := &Document{columns: p.Columns}
	d.add(Line{Text: words("paper.test.pages", nil), Align: Centre, Bold: true})
	d.add(Line{Text: words("paper.test.pages_sub", nil)})
	d.rule()
	for _, n := range numbers {
		for _, page := range []struct {
			name string
			m    *charmap.Charmap
		}{{"cp866", charmap.CodePage866}, {"wpc1251", charmap.Windows1251}} {
			raw := append([]byte{0x1B, 'a', 0, 0x1B, 't', n}, fmt.Sprintf("%3d %-7s ", n, page.name)...)
			for _, r := range probe {
				if b, ok := page.m.EncodeRune(r); ok {
					raw = append(raw, b)
				}
			}
			d.Lines = append(d.Lines, Line{Raw: append(raw, '\n')})
		}
	}
	return *d
}

// PageNumbers are the numbers of code pages that any of the profiles uses.
func PageNumbers(all escpos.Profiles) (numbers []byte) {
	for _, p := range all {
		for _, page := range p.Pages {
			numbers = append(numbers, page.Number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// SelfTest is a test print of all that a ticket needs: the state as the printer tells it, widths, sizes,
// Cyrillic, a QR code, and dots.
func SelfTest(p escpos.Profile, state []string, words Words) Document {
	d := &Document{columns: p.Columns}
	d.add(Line{Text: words("paper.test.self", nil), Align: Centre, Bold: true})
	d.add(
		Line{
			Text:  words("paper.test.profile", map[string]any{"Profile": p.Name, "Columns": p.Columns, "Dots": p.Dots}),
			Align: Centre,
		},
	)
	for _, s := range state {
		d.add(Line{Text: Clean(s)})
	}
	d.rule()
	d.add(Line{Text: ruler(p.Columns)})
	d.add(Line{Text: ruler(escpos.SmallColumns(p.Columns)), Small: true})
	d.rule()
	d.add(Line{Text: words("paper.test.pangram", nil)})
	d.add(Line{Text: words("paper.test.bold", nil), Bold: true})
	d.add(Line{Text: words("paper.test.small", nil), Small: true})
	d.add(Line{Text: words("paper.test.big", nil), Size: 2, Bold: true, Align: Centre})
	d.gap()
	d.code("INFOMAT TEST 0123456789")
	d.gap()
	if p.Raster != escpos.RasterNone {
		d.Lines = append(d.Lines, Line{Picture: bars(p.Dots)})
		d.gap()
	}
	d.add(Line{Text: words("paper.test.end", nil), Align: Centre})
	return *d
}

// ruler counts the characters of a line.
func ruler(columns int) string { return strings.Repeat("1234567890", columns/10+1)[:columns] }

// bars run over the whole width, a dot wide, two, three and more: a dead dot of the head shows as a white
// thread, dirt as a grey one.
func bars(width int) *dots.Bitmap {
	b := dots.New(width, 48)
	for x := range width {
		for y := range b.Height {
			step := 1 + y/12
			if x/step%2 == 0 || y%12 > 9 {
				b.Set(x, y)
			}
		}
	}
	return b
}
