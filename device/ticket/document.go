package ticket

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"infomat/device/dots"
	"infomat/device/escpos"
)

// Align is where a line stands.
type Align = escpos.Align

// The alignments.
const (
	Left   = escpos.Left
	Centre = escpos.Centre
)

// Line is a line of paper: a text, a rule, a gap, a QR code, a picture, or raw bytes.
type Line struct {
	Text    string
	Align   Align
	Bold    bool
	Small   bool         // in the printer's small font
	Inverse bool         // white on black
	Size    int          // how many times as large; 0 and 1: once
	Rule    bool         // a line across
	QR      string       // a QR code of this text
	Picture *dots.Bitmap //
	Raw     []byte       // for the printer as they are: for test prints
}

// Document is a ticket laid out.
type Document struct {
	Lines   []Line
	columns int
}

// add wraps a text at its words and adds its lines; a blank one adds none. A word that is longer than the
// line is broken.
func (d *Document) add(l Line) {
	if l.Text == "" {
		return
	}
	width := d.width(l)
	lines := wrap(l.Text, width)
	if l.Align == Centre {
		lines = balanced(l.Text, width, lines)
	}
	for _, text := range lines {
		l.Text = text
		d.Lines = append(d.Lines, l)
	}
}

// width returns how many characters have room in a line.
func (d *Document) width(l Line) int {
	if l.Small {
		return escpos.SmallColumns(d.columns)
	}
	return d.columns / max(1, l.Size)
}

// addNames adds the names of one or more people in the middle: in one line, or each on a line of its own.
func (d *Document) addNames(names string) {
	lines := []string{names}
	if utf8.RuneCountInString(names) > d.columns {
		lines = strings.Split(names, ", ")
	}
	for _, line := range lines {
		d.add(Line{Text: line, Align: Centre})
	}
}

func (d *Document) rule() { d.Lines = append(d.Lines, Line{Rule: true}) }
func (d *Document) gap()  { d.Lines = append(d.Lines, Line{}) }

// balanced wraps a text into as few lines, and makes them as even as may be: a word alone on the last line
// looks forgotten.
func balanced(s string, width int, lines []string) []string {
	for narrower := width - 1; len(lines) > 1 && narrower > width/2; narrower-- {
		tried := wrap(s, narrower)
		if len(tried) > len(lines) || slices.ContainsFunc(
			strings.Fields(s), func(word string) bool { return utf8.RuneCountInString(word) > narrower },
		) {
			break
		}
		lines = tried
	}
	return lines
}

func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range pieces(s) {
		joined := strings.TrimPrefix(line+" "+word, " ")
		if utf8.RuneCountInString(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = word
		for utf8.RuneCountInString(line) > width {
			head, tail := splitWord(line, width)
			lines, line = append(lines, head), tail
		}
	}
	if line == "" {
		return lines
	}
	return append(lines, line)
}

// pieces are the parts between which a line may end: words, but that one of a single letter («в», «с», "a")
// stays with the next.
func pieces(s string) []string {
	var all []string
	short := ""
	for _, word := range strings.Fields(s) {
		if r, n := utf8.DecodeRuneInString(word); n == len(word) && unicode.IsLetter(r) && short == "" {
			short = word + " "
			continue
		}
		all, short = append(all, short+word), ""
	}
	if short != "" {
		all = append(all, strings.TrimSuffix(short, " "))
	}
	return all
}

// splitWord breaks a word: behind a hyphen of its own where there is one in the line, else where the line ends.
func splitWord(word string, width int) (head, tail string) {
	runes := []rune(word)
	for i := width - 1; i > 0; i-- {
		if runes[i] == '-' {
			return string(runes[:i+1]), string(runes[i+1:])
		}
	}
	return string(runes[:width]), string(runes[width:])
}

// qrModule is the size of a QR code's module in dots: 29 modules of a GUID's code are 22 mm wide at 203 dpi.
const qrModule = 6

// fitted wraps a line again that has become longer: a printer without «…» gets three full stops.
func (d *Document) fitted(text string, l Line) []string {
	if width := d.width(l); utf8.RuneCountInString(text) > width {
		return wrap(text, width)
	}
	return []string{text}
}

// Encode returns the bytes of the document for a printer, the cut included.
func (d Document) Encode(p escpos.Profile) []byte {
	e := escpos.NewEncoder(p)
	for _, l := range d.Lines {
		switch {
		case l.QR != "":
			e.QR(l.QR, qrModule)
		case l.Picture != nil:
			e.Picture(l.Picture)
		case l.Raw != nil:
			e.Raw(l.Raw)
		case l.Rule:
			e.Align(escpos.Centre)
			e.Size(1)
			e.Bold(false)
			e.Small(false)
			e.Inverse(false)
			e.Line(strings.Repeat("─", d.columns))
		default:
			e.Align(l.Align)
			e.Size(max(1, l.Size))
			e.Bold(l.Bold)
			e.Small(l.Small)
			e.Inverse(l.Inverse)
			for _, text := range d.fitted(e.Plain(l.Text), l) {
				e.Line(text)
			}
		}
	}
	e.Cut()
	return e.Bytes()
}
