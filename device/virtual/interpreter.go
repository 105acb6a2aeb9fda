package virtual

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	"infomat/device/dots"
	"infomat/device/escpos"
)

// Paper is a piece of paper from one cut to the next.
type Paper struct {
	Items []Item
	Cut   bool     // cut off; else still in the printer
	Fate  Fate     // of a printer with a presenter
	Notes []string // what the printer was sent and does not know
}

// Fate is where a presenter has a piece of paper.
type Fate int

// The fates.
const (
	Held      Fate = iota // inside, or there is no presenter
	Presented             // at the mouth
	Taken                 // by the patient
	Retracted             // back into the housing
	Ejected               // thrown out of the mouth
)

// Item is something on the paper, from the top down: a line of text, a QR code, a picture, or a feed.
type Item struct {
	Align  escpos.Align
	Runs   []Run // of a line of text
	QR     *QR
	Raster *dots.Bitmap
	W, H   int // how many times the raster's dots are as wide and high
	Feed   int // dots
}

// Run is characters of one look.
type Run struct {
	Text  string
	Bold  bool
	Small bool // font B
	White bool // on black
	W, H  int  // how many times as wide and high
}

// QR is a QR code.
type QR struct {
	Data   string
	Module int  // dots
	Level  byte // '0' to '3': L, M, Q, H
}

// hooks are what the interpreter asks of the printer around it; on its own it has none.
type hooks struct {
	answer func(b []byte)       // sends to the host
	state  func() escpos.Status // of the printer
	asb    func(on bool)        // switches the automatic status
	moved  func(dots int)       // the paper was fed
	fate   func(n int, f Fate)  // the presenter has moved paper n
}

// interpreter takes bytes in the order of the printer's buffer.
type interpreter struct {
	profile escpos.Profile
	page    escpos.CodePage
	papers  []Paper
	now     Paper // the piece being printed
	line    []Run
	strip   *dots.Bitmap // of ESC *, before its line ends
	align   escpos.Align
	bold    bool
	small   bool
	white   bool
	w, h    int
	spacing int // dots from line to line
	qr      QR
	stored  string
	hooks   hooks
}

func newInterpreter(p escpos.Profile) *interpreter {
	i := &interpreter{profile: p}
	i.initialise()
	return i
}

// Interpret prints bytes and gives the pieces of paper. The last is not cut where the bytes end before a cut.
func Interpret(data []byte, p escpos.Profile) []Paper {
	i := newInterpreter(p)
	rest := i.feed(data)
	if len(rest) > 0 {
		i.note("%d bytes at the end are no whole command", len(rest))
	}
	i.endLine(false)
	papers := i.papers
	if len(i.now.Items) > 0 || len(i.now.Notes) > 0 {
		papers = append(papers, i.now)
	}
	return papers
}

func (i *interpreter) initialise() {
	i.page = escpos.CodePage{}
	if len(i.profile.Pages) > 0 {
		i.page = i.profile.Page
	}
	i.align, i.bold, i.small, i.white, i.w, i.h = escpos.Left, false, false, false, 1, 1
	i.spacing = lineDots
	i.qr = QR{Module: 3, Level: '0'}
	if i.hooks.asb != nil {
		i.hooks.asb(false)
	}
}

func (i *interpreter) note(format string, args ...any) {
	if len(i.now.Notes) < 100 {
		i.now.Notes = append(i.now.Notes, fmt.Sprintf(format, args...))
	}
}

// feed carries out whole commands and gives back what is not whole yet.
func (i *interpreter) feed(data []byte) []byte {
	for len(data) > 0 {
		n := i.step(data)
		if n == 0 {
			return data
		}
		data = data[n:]
	}
	return nil
}

// step carries out the first command of data and tells its length; 0: more bytes are needed.
func (i *interpreter) step(data []byte) int {
	switch b := data[0]; {
	case b == '\n':
		i.endLine(true)
		return 1
	case b == 0x1B:
		return i.escape(data)
	case b == 0x1D:
		return i.group(data)
	case b == 0x1C:
		return i.kanji(data)
	case b == 0x10:
		return i.realTime(data)
	case b < 0x20:
		if b != '\r' && b != 0 {
			i.note("control byte %#02x", b)
		}
		return 1
	default:
		i.character(b)
		return 1
	}
}

// escape is ESC …
func (i *interpreter) escape(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	switch data[1] {
	case '@': // drops the line that is not printed yet
		i.line, i.strip = nil, nil
		i.initialise()
		return 2
	case 'i', 'm':
		i.cut()
		return 2
	case '2':
		i.spacing = lineDots
		return 2
	case 'v':
		i.answerState(escpos.ConfirmESCv)
		return 2
	case '*':
		return i.columns(data)
	}
	if len(data) < 3 {
		return 0
	}
	n := data[2]
	switch data[1] {
	case 'a':
		i.align = escpos.Align(n % 48 % 3)
	case 'E':
		i.bold = n&1 == 1
	case 't':
		i.selectPage(n)
	case 'd':
		i.endLine(false)
		i.item(Item{Feed: int(n) * lineDots})
	case 'J':
		i.endLine(false)
		i.item(Item{Feed: int(n)})
	case 'M':
		i.small = n&1 == 1
	case '3':
		i.spacing = int(n)
	case 'R', '-', ' ', 'G', '{', 'S':
	case '!':
		i.small, i.bold, i.h, i.w = n&1 != 0, n&8 != 0, 1+int(n>>4&1), 1+int(n>>5&1)
	default:
		i.note("ESC %#02x", data[1])
		return 2
	}
	return 3
}

func (i *interpreter) selectPage(n byte) {
	k := slices.IndexFunc(i.profile.Pages, func(p escpos.CodePage) bool { return p.Number == n })
	if k < 0 {
		i.note("code page %d is not in the profile %s", n, i.profile.Name)
		i.page = escpos.CodePage{}
		return
	}
	i.page = i.profile.Pages[k]
}

// kanji is FS …: leaving the Chinese mode.
func (i *interpreter) kanji(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	if data[1] != '.' {
		i.note("FS %#02x", data[1])
	}
	return 2
}

// group is GS …
func (i *interpreter) group(data []byte) int {
	if len(data) < 3 {
		return 0
	}
	n := data[2]
	switch data[1] {
	case '!':
		i.w, i.h = 1+int(n>>4&7), 1+int(n&7)
		return 3
	case 'r':
		i.endLine(false)
		i.answerState(escpos.ConfirmGSr)
		return 3
	case 'a':
		if i.hooks.asb != nil {
			i.hooks.asb(n != 0)
		}
		return 3
	case 'e':
		return i.presenter(data)
	case 'V':
		return i.cutCommand(data)
	case '(':
		return i.extended(data)
	case 'v':
		return i.raster(data)
	case 'B':
		i.white = n&1 == 1
		return 3
	case 'H', 'h', 'w', 'f', 'I':
		return 3
	case 'L', 'W':
		if len(data) < 4 {
			return 0
		}
		return 4
	}
	i.note("GS %#02x", data[1])
	return 2
}

func (i *interpreter) cutCommand(data []byte) int {
	n := 3
	if m := data[2]; m >= 65 {
		n = 4
	}
	if len(data) < n {
		return 0
	}
	if n == 4 {
		i.endLine(false)
		i.item(Item{Feed: cutterDots + int(data[3])})
	}
	i.cut()
	return n
}

func (i *interpreter) cut() {
	i.endLine(false)
	i.now.Cut = true
	i.papers = append(i.papers, i.now)
	i.now = Paper{}
}

// realTime is DLE …: carried out when it came in; in the buffer it is passed over.
func (i *interpreter) realTime(data []byte) int {
	if len(data) < 3 {
		return 0
	}
	return 3
}

func (i *interpreter) character(b byte) {
	r := rune(b)
	if b >= 0x80 {
		r = '□'
		if i.page.Map != nil {
			r = i.page.Map.DecodeByte(b)
		}
	}
	if i.used()+cell(i.small, i.w) > i.profile.Dots {
		i.endLine(true) // the print head has come to the end of its line
	}
	run := Run{Text: string(r), Bold: i.bold, Small: i.small, White: i.white, W: i.w, H: i.h}
	if n := len(i.line); n > 0 && i.line[n-1].looksLike(run) {
		i.line[n-1].Text += run.Text
		return
	}
	i.line = append(i.line, run)
}

func (r Run) looksLike(other Run) bool {
	r.Text, other.Text = "", ""
	return r == other
}

// cell is the width of a character in dots.
func cell(small bool, times int) int {
	if small {
		return dots.FontB.Width * times
	}
	return dots.FontA.Width * times
}

// used is how many dots of the line are printed.
func (i *interpreter) used() int {
	n := 0
	for _, r := range i.line {
		n += utf8.RuneCountInString(r.Text) * cell(r.Small, r.W)
	}
	return n
}

// endLine prints the line; an empty one only where the host asked for it.
func (i *interpreter) endLine(asked bool) {
	switch {
	case i.strip != nil:
		i.item(Item{Align: i.align, Raster: i.strip, W: 1, H: 1})
		if rest := i.spacing - i.strip.Height; rest > 0 {
			i.item(Item{Feed: rest})
		}
		i.strip = nil
	case len(i.line) > 0 || asked:
		i.item(Item{Align: i.align, Runs: i.line})
		i.line = nil
	}
}

func (i *interpreter) item(it Item) {
	i.now.Items = append(i.now.Items, it)
	if i.hooks.moved != nil {
		i.hooks.moved(itemHeight(it))
	}
}

// text tells whether the item is a line of text, be it an empty one.
func (it Item) text() bool { return it.QR == nil && it.Raster == nil && it.Feed == 0 }

// Text is the paper's lines as plain text, with QR codes as [QR: …].
func (p Paper) Text() string {
	var b bytes.Buffer
	for _, it := range p.Items {
		switch {
		case it.QR != nil:
			fmt.Fprintf(&b, "[QR: %s]\n", it.QR.Data)
		case it.Raster != nil:
			fmt.Fprintf(&b, "[picture %d×%d]\n", it.Raster.Width, it.Raster.Height)
		case it.text():
			for _, r := range it.Runs {
				b.WriteString(r.Text)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
