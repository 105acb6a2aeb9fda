package widgets

import (
	"image/color"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/ui/focus"
	"infomat/ui/theme"
)

// lineHeight is the distance between two base lines as a multiple of the font size.
const lineHeight = 1.22

// Text is a text with its typographic properties.
type Text struct {
	String string
	Role   theme.Role
	Weight theme.Weight
	Color  color.Color
	Align  fyne.TextAlign
	Lines  int // maximum number of lines; 0 means no limit

	Aloud   string     // what is read aloud instead
	Part    focus.Part // of the page, for the order of reading
	Passing bool       // changes as time passes
}

// setting is a text that was fitted into a width: its lines and font size.
type setting struct {
	lines  []string
	size   float32
	broken bool // a word was broken or the text was cut short
}

func (s setting) height() float32 { return float32(len(s.lines)) * s.size * lineHeight }

// measure returns the width of a line in pixels.
func measure(s string, size float32, w theme.Weight) float32 {
	sz, _ := fyne.CurrentApp().Driver().RenderedTextSize(s, size, fyne.TextStyle{}, theme.Face(w))
	return sz.Width
}

// fit wraps a text at its words into a width. If a word or the number of lines does not fit, it reduces the font size,
// at most to the smallest, and only then breaks a word or cuts the text short.
func (f fitting) fit() setting {
	if f.text == "" {
		return setting{size: f.size} // an empty text has no lines
	}
	for size := f.size; ; size *= 0.94 {
		size = max(size, f.least)
		lines, whole := wrap(f.text, size, f.weight, f.width)
		if whole && (f.lines == 0 || len(lines) <= f.lines) {
			return setting{lines: lines, size: size}
		}
		if size > f.least {
			continue
		}
		if f.lines > 0 && len(lines) > f.lines {
			lines = cutShort(lines, f.lines, size, f.weight, f.width)
		}
		return setting{lines, size, true}
	}
}

// wrap breaks a text into lines, paragraph by paragraph. whole reports that no word was broken.
func wrap(s string, size float32, w theme.Weight, width float32) (lines []string, whole bool) {
	whole = true
	for paragraph := range strings.SplitSeq(s, "\n") {
		words := pieces(paragraph, func(word string) bool { return measure(word, size, w) <= width })
		filled, ok := fill(words, size, w, width)
		if ok && orphaned(filled, size, w, width) {
			filled = even(filled, words, size, w, width)
		}
		lines, whole = append(lines, filled...), whole && ok
	}
	return lines, whole
}

// fill puts as many words into each line as fit.
func fill(words []string, size float32, w theme.Weight, width float32) (lines []string, whole bool) {
	whole = true
	line := ""
	for _, word := range words {
		joined := line + word
		if line == "" || !strings.HasSuffix(line, "-") {
			joined = strings.TrimPrefix(line+" "+word, " ")
		}
		if measure(joined, size, w) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = word
		for measure(line, size, w) > width {
			n := longestStart(line, size, w, width)
			whole = false
			if n == 0 {
				break
			}
			lines, line = append(lines, line[:n]), line[n:]
		}
	}
	return append(lines, line), whole
}

// orphaned reports whether the last line is shorter than two fifths of the width.
func orphaned(lines []string, size float32, w theme.Weight, width float32) bool {
	const short = 0.4
	last := len(lines) - 1
	return last > 0 && measure(lines[last], size, w) < short*width
}

// even distributes the words over the same number of lines so that the lines are of about equal length.
func even(filled, words []string, size float32, w theme.Weight, width float32) []string {
	const closer = 6 // steps of the binary search for the least width
	narrow, wide := float32(0), width
	for range closer {
		middle := (narrow + wide) / 2
		lines, whole := fill(words, size, w, middle)
		if whole && len(lines) == len(filled) {
			filled, wide = lines, middle
		} else {
			narrow = middle
		}
	}
	return filled
}

// pieces returns the parts between which a line may end: the words, and for a word that does not fit into a line of
// its own the parts joined by hyphens.
func pieces(s string, fits func(word string) bool) []string {
	var all []string
	for _, word := range words(s) {
		for end := afterHyphen(word); end > 0 && !fits(word); end = afterHyphen(word) {
			all, word = append(all, word[:end]), word[end:]
		}
		all = append(all, word)
	}
	return all
}

// afterHyphen returns the index after the first hyphen between letters, or 0. A line may end there; it may not end at a
// hyphen in a telephone number.
func afterHyphen(word string) int {
	for i := 0; i < len(word); i++ {
		if word[i] != '-' {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(word[:i])
		after, _ := utf8.DecodeRuneInString(word[i+1:])
		if unicode.IsLetter(before) && unicode.IsLetter(after) {
			return i + 1
		}
	}
	return 0
}

// noBreak is the no-break space: no line ends at it, so «кабинет 231» stays together.
const noBreak = '\u00A0'

func breaks(r rune) bool { return unicode.IsSpace(r) && r != noBreak }

// words splits a text into words that a line may start with. A word of one letter («в», «с», "a") and the sign № are
// joined to the next word; a dash or a dot between words and a number («окна 1–4», «до 10:34») to the word before.
func words(s string) []string {
	var all []string
	short := ""
	for _, word := range strings.FieldsFunc(s, breaks) {
		r, n := utf8.DecodeRuneInString(word)
		switch {
		case n == len(word) && (unicode.IsLetter(r) || r == '№') && short == "":
			short = word + " "
			continue
		case unicode.IsDigit(r) && len(all) > 0 && short == "" && namesANumber(all[len(all)-1]) &&
			!strings.ContainsRune(word, noBreak):
			all[len(all)-1] += string(noBreak) + word
			continue
		case strings.ContainsAny(word, "·—–") && n == len(word) && len(all) > 0 && short == "":
			all[len(all)-1] += " " + word
			continue
		}
		all, short = append(all, short+word), ""
	}
	if short != "" {
		all = append(all, strings.TrimSuffix(short, " "))
	}
	return all
}

// namesANumber reports whether a number that follows the word belongs to it: the word ends with a letter, so there is
// no comma between them, and it has no number yet.
func namesANumber(word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	spaceOrDigit := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsDigit(r) }
	return unicode.IsLetter(last) && !strings.ContainsFunc(word, spaceOrDigit)
}

// longestStart returns the length in bytes of the longest proper prefix of a word that fits into the width, or 0 if
// not even the first letter does.
func longestStart(word string, size float32, w theme.Weight, width float32) int {
	fits := 0
	for i := range word {
		if i > 0 && measure(word[:i], size, w) > width {
			break
		}
		fits = i
	}
	return fits
}

// cutShort keeps n lines and ends the last with an ellipsis.
func cutShort(lines []string, n int, size float32, w theme.Weight, width float32) []string {
	lines = lines[:n]
	last := []rune(lines[n-1])
	for len(last) > 0 && measure(string(last)+"…", size, w) > width {
		last = last[:len(last)-1]
	}
	lines[n-1] = strings.TrimRight(string(last), " ,.") + "…"
	return lines
}

// line returns the object of one line of a text.
func line(s string, size float32, t Text, a Area) *canvas.Text {
	o := canvas.NewText(s, t.Color)
	o.TextSize, o.FontSource, o.Alignment = size, theme.Face(t.Weight), t.Align
	o.Move(fyne.NewPos(a.X, a.Y))
	o.Resize(fyne.NewSize(a.W, a.H))
	return o
}
