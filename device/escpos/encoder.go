package escpos

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// Align is where a line stands.
type Align byte

// The alignments (ESC a n).
const (
	Left Align = iota
	Centre
	Right
)

// Encoder writes commands and text for one printer. Commands are those of Epson's ESC/POS Application Programming Guide.
type Encoder struct {
	profile Profile
	out     bytes.Buffer
	align   Align
	bold    bool
	size    byte
	small   bool
}

// NewEncoder begins a job: initialise, leave the Chinese mode that clones fall back into, select the code page.
func NewEncoder(p Profile) *Encoder {
	e := &Encoder{profile: p}
	e.out.Write([]byte{0x1B, '@', 0x1C, '.', 0x1B, 't', p.Page.Number})
	return e
}

// Bytes is the job so far.
func (e *Encoder) Bytes() []byte { return e.out.Bytes() }

// Align sets where the lines stand (ESC a n); at the start of a line only.
func (e *Encoder) Align(a Align) {
	if a != e.align {
		e.align = a
		e.out.Write([]byte{0x1B, 'a', byte(a)})
	}
}

// Bold switches emphasis (ESC E n).
func (e *Encoder) Bold(on bool) {
	if on == e.bold {
		return
	}
	e.bold = on
	e.out.Write([]byte{0x1B, 'E', flag(on)})
}

// Size sets how many times as wide and as high the characters are, from 1 to 8 (GS ! n).
func (e *Encoder) Size(times int) {
	n := byte(times-1)<<4 | byte(times-1)
	if n != e.size {
		e.size = n
		e.out.Write([]byte{0x1D, '!', n})
	}
}

// SmallColumns is how many characters of the small font B stand in a line of so many of font A: they are 9 dots wide, and those 12.
func SmallColumns(columns int) int { return columns * 4 / 3 }

// Small switches the small font on, or off (ESC M n).
func (e *Encoder) Small(on bool) {
	if on == e.small {
		return
	}
	e.small = on
	e.out.Write([]byte{0x1B, 'M', flag(on)})
}

func flag(on bool) byte {
	if on {
		return 1
	}
	return 0
}

// Line writes a text and ends the line.
func (e *Encoder) Line(s string) {
	e.out.Write(Encode(s, e.profile.Page.Map))
	e.out.WriteByte('\n')
}

// Feed feeds n lines, up to 255 (ESC d n).
func (e *Encoder) Feed(n int) { e.out.Write([]byte{0x1B, 'd', byte(n)}) }

// QR prints a QR code of error level M with modules of the given size in dots, from 1 to 16 (GS ( k, functions 165, 167, 169, 180 and 181).
func (e *Encoder) QR(data string, module int) {
	n := len(data) + 3
	for _, part := range [][]byte{
		{0x1D, '(', 'k', 4, 0, '1', 65, '2', 0},
		{0x1D, '(', 'k', 3, 0, '1', 67, byte(module)},
		{0x1D, '(', 'k', 3, 0, '1', 69, '1'},
		{0x1D, '(', 'k', byte(n), byte(n >> 8), '1', 80, '0'},
		[]byte(data),
		{0x1D, '(', 'k', 3, 0, '1', 81, '0'},
	} {
		e.out.Write(part)
	}
}

// Cut cuts the paper, or feeds it to where it can be torn.
func (e *Encoder) Cut() {
	if e.profile.Cut == nil {
		e.Feed(4)
		return
	}
	e.out.Write(e.profile.Cut)
}

// substitutes are what is printed for characters that a page may lack.
var substitutes = map[rune]string{
	'«': `"`, '»': `"`, '“': `"`, '”': `"`, '„': `"`, '‘': "'", '’': "'", '—': "-", '–': "-", '−': "-", '‑': "-", '…': "...", '№': "N",
	'\u00A0': " ", '\u2009': " ", '\u202F': " ", '─': "-", '·': "-", '•': "-", '×': "x",
}

// Encode turns a text into the bytes of a page. What the page lacks is replaced by what a reader would write instead, at last by a question mark;
// what cannot be seen (control characters, marks of direction, joiners, emoji) is left out, so that no text can carry a command.
func Encode(s string, page *charmap.Charmap) []byte {
	var out []byte
	for _, r := range s {
		if b, ok := page.EncodeRune(r); ok && printable(r) {
			out = append(out, b)
			continue
		}
		if sub, ok := substitutes[r]; ok {
			out = append(out, sub...)
			continue
		}
		if printable(r) && !unicode.Is(unicode.So, r) && !unicode.Is(unicode.Sk, r) {
			out = append(out, '?')
		}
	}
	return out
}

func printable(r rune) bool {
	return r == ' ' || unicode.IsGraphic(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune("\u00AD\uFEFF", r) && !unicode.IsControl(r)
}
