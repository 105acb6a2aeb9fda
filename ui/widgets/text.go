package widgets

import (
	"image/color"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/ui/theme"
)

// lineHeight is the distance of base lines in parts of the font size.
const lineHeight = 1.22

// Text is a text to be set.
type Text struct {
	String string
	Role   theme.Role
	Weight theme.Weight
	Color  color.Color
	Align  fyne.TextAlign
	Lines  int // at most; 0: as many as it takes
}

// setting is a text that has been fitted: its lines and the size they are set in.
type setting struct {
	lines  []string
	size   float32
	broken bool // a word was broken, or something left out
}

func (s setting) height() float32 { return float32(len(s.lines)) * s.size * lineHeight }

// measure is the width of a line in pixels.
func measure(s string, size float32, w theme.Weight) float32 {
	sz, _ := fyne.CurrentApp().Driver().RenderedTextSize(s, size, fyne.TextStyle{}, theme.Face(w))
	return sz.Width
}

// fit wraps a text at its words into a width. Where its lines or a word of it are too many or too long it gives way in size, never below the
// look's smallest, and only then breaks a word.
func fit(l theme.Look, t Text, width float32) setting {
	least := l.Size(theme.Small)
	if t.String == "" {
		return setting{size: l.Size(t.Role)} // no text takes no room
	}
	for size := l.Size(t.Role); ; size *= 0.94 {
		size = max(size, least)
		lines, whole := wrap(t.String, size, t.Weight, width)
		if whole && (t.Lines == 0 || len(lines) <= t.Lines) {
			return setting{lines: lines, size: size}
		}
		if size > least {
			continue
		}
		if t.Lines > 0 && len(lines) > t.Lines {
			lines = cutShort(lines, t.Lines, size, t.Weight, width)
		}
		return setting{lines, size, true}
	}
}

// wrap breaks a text into lines, paragraph by paragraph. Whole tells that no word had to be broken.
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

// fill puts as many words into each line as it takes.
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
			if n == 0 {
				break
			}
			whole = false
			lines, line = append(lines, line[:n]), line[n:]
		}
	}
	return append(lines, line), whole
}

// orphaned tells whether the last line is so short that it looks left behind.
func orphaned(lines []string, size float32, w theme.Weight, width float32) bool {
	const short = 0.4
	last := len(lines) - 1
	return last > 0 && measure(lines[last], size, w) < short*width
}

// even shares the words out among as many lines as were filled, of about equal length: no word is left behind alone.
func even(filled, words []string, size float32, w theme.Weight, width float32) []string {
	const closer = 6 // times that the width is halved towards the least
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

// hyphen is a hyphen between letters, where a double-barrelled name may be parted; a telephone number may not.
var hyphen = regexp.MustCompile(`\pL-\pL`)

// pieces are the parts between which a line may end: words, and of a word that has no line to itself the parts joined by hyphens.
func pieces(s string, fits func(word string) bool) []string {
	var all []string
	for _, word := range words(s) {
		for at := hyphen.FindStringIndex(word); at != nil && !fits(word); at = hyphen.FindStringIndex(word) {
			end := at[0] + strings.Index(word[at[0]:], "-") + 1
			all, word = append(all, word[:end]), word[end:]
		}
		all = append(all, word)
	}
	return all
}

// noBreak is the space at which no line ends: «кабинет 231» stays together.
const noBreak = '\u00A0'

func breaks(r rune) bool { return unicode.IsSpace(r) && r != noBreak }

// words are a text's words as an editor would part them: one of a single letter («в», «с», "a") and the sign № stay with the next, a dash or a dot
// between words with the one before, and so does a number («окна 1–4», «до 10:34»).
func words(s string) []string {
	var all []string
	short := ""
	for _, word := range strings.FieldsFunc(s, breaks) {
		r, n := utf8.DecodeRuneInString(word)
		switch {
		case n == len(word) && (unicode.IsLetter(r) || r == '№') && short == "":
			short = word + " "
			continue
		case unicode.IsDigit(r) && len(all) > 0 && short == "" && namesANumber(all[len(all)-1]) && !strings.ContainsRune(word, noBreak):
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

// namesANumber tells whether a number after a word belongs to it: no comma is between them, and it has none yet.
func namesANumber(word string) bool {
	last, _ := utf8.DecodeLastRuneInString(word)
	return unicode.IsLetter(last) && !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsDigit(r) })
}

// longestStart is the length in bytes of the longest start of a word that fits, or 0 where not even a second letter does.
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

// cutShort keeps n lines and marks that there was more.
func cutShort(lines []string, n int, size float32, w theme.Weight, width float32) []string {
	lines = lines[:n]
	last := []rune(lines[n-1])
	for len(last) > 0 && measure(string(last)+"…", size, w) > width {
		last = last[:len(last)-1]
	}
	lines[n-1] = strings.TrimRight(string(last), " ,.") + "…"
	return lines
}

// object is one set line.
func line(s string, size float32, t Text, a Area) *canvas.Text {
	o := canvas.NewText(s, t.Color)
	o.TextSize, o.FontSource, o.Alignment = size, theme.Face(t.Weight), t.Align
	o.Move(fyne.NewPos(a.X, a.Y))
	o.Resize(fyne.NewSize(a.W, a.H))
	return o
}
