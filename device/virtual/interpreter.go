package virtual

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"infomat/device/dots"
	"infomat/device/escpos"
)

// Paper is a piece of paper between two cuts.
type Paper struct {
	Items []Item
	Cut   bool     // cut off; otherwise still in the printer
	Fate  Fate     // of a printer with a presenter
	Notes []string // commands and values that the printer does not know
}

// Fate says where a piece of paper is in a printer with a presenter.
type Fate int

// The fates.
const (
	Held      Fate = iota // inside, or no presenter
	Presented             // at the mouth
	Taken                 // by the patient
	Retracted             // back into the housing
	Ejected               // thrown out of the mouth
)

// Item is one element of the paper, from top to bottom: a line of text, a QR code, a picture, or a feed.
type Item struct {
	Align  escpos.Align
	Runs   []Run // of a line of text
	QR     *QR
	Raster *dots.Bitmap
	W, H   int // scale of the raster's dots
	Feed   int // dots
}

// Run is a sequence of characters of the same style.
type Run struct {
	Gap   int // dots left blank before it: the printing position was moved (ESC $, ESC \\)
	Text  string
	Bold  bool
	Small bool // font B
	White bool // on black
	W, H  int  // scale
}

// QR is a QR code.
type QR struct {
	Data   string
	Module int  // dots
	Level  byte // '0' to '3': L, M, Q, H
}

// hooks connect the interpreter to a printer. Without a printer they are nil.
type hooks struct {
	answer func(b []byte)       // sends to the host
	status func() escpos.Status // of the printer
	asb    func(on bool)        // switches the automatic status
	reset  func()               // called by ESC @
	moved  func(dots int)       // called when the paper was fed
	fate   func(n int, f Fate)  // called when the presenter has moved paper n
}

// interpreter carries out commands in the order of the printer's buffer.
type interpreter struct {
	profile escpos.Profile
	page    escpos.CodePage
	papers  []Paper
	now     Paper // the piece being printed
	line    []Run
	gap     int          // dots between line and the printing position
	strip   *dots.Bitmap // of ESC *, before its line ends
	picture *Item        // stored by GS ( L
	align   escpos.Align
	bold    bool
	small   bool
	white   bool
	w, h    int
	spacing int // dots from line to line
	qr      QR
	stored  string
	macro   macro
	hooks   hooks
}

func newInterpreter(p escpos.Profile) *interpreter {
	i := &interpreter{profile: p}
	i.initialise()
	return i
}

// Interpret prints data on a printer of profile p and returns the pieces of paper. If data does not end
// with a cut, the last piece is not cut.
func Interpret(data []byte, p escpos.Profile) []Paper {
	i := newInterpreter(p)
	rest := i.feed(data)
	if len(rest) > 0 {
		i.note("%d bytes at the end are not a whole command", len(rest))
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
	if i.hooks.reset != nil {
		i.hooks.reset()
	}
}

func (i *interpreter) note(format string, args ...any) {
	if len(i.now.Notes) < 100 {
		i.now.Notes = append(i.now.Notes, fmt.Sprintf(format, args...))
	}
}

// feed carries out all whole commands and returns the bytes that are left.
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

// step carries out the first command of data and returns its length, or 0 if more bytes are needed. Within the
// definition of a macro it also records the command.
func (i *interpreter) step(data []byte) int {
	if i.macro.defining && i.macro.quiet && !macroCommand(data) {
		return i.macro.record(data[:1])
	}
	n := i.command(data)
	if i.macro.defining && !macroCommand(data) {
		i.macro.record(data[:n])
	}
	return n
}

// command carries out the first command of data and returns its length, or 0 if more bytes are needed.
func (i *interpreter) command(data []byte) int {
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

// escape carries out a command that begins with ESC.
func (i *interpreter) escape(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	switch data[1] {
	case '@': // also drops the line that is not printed yet
		i.line, i.strip, i.gap = nil, nil, 0
		i.initialise()
		return 2
	case 'i', 'm':
		i.cut()
		return 2
	case '2':
		i.spacing = lineDots
		return 2
	case 'v':
		i.answerStatus(escpos.ConfirmESCv)
		return 2
	case '*':
		return i.columns(data)
	case '$', '\\':
		return i.position(data)
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

// position carries out ESC $ nL nH, the printing position from the left, and ESC \ nL nH, from where it is. The line is
// not gone back.
func (i *interpreter) position(data []byte) int {
	if len(data) < 4 {
		return 0
	}
	n := int(int16(binary.LittleEndian.Uint16(data[2:])))
	if data[1] == '$' {
		n -= i.used()
	}
	i.gap = max(0, i.gap+n)
	return 4
}

// kanji carries out a command that begins with FS. FS . leaves the Chinese mode; underlining and spacing of Chinese
// characters (FS -, FS S) and the choice of their font (FS ( A) have no effect on others.
func (i *interpreter) kanji(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	size := 2
	switch data[1] {
	case '.':
	case '-', '!', 'W':
		size = 3
	case 'S':
		size = 4
	case '(':
		if len(data) < 5 {
			return 0
		}
		size = 5 + int(binary.LittleEndian.Uint16(data[3:]))
	default:
		i.note("FS %#02x", data[1])
	}
	if len(data) < size {
		return 0
	}
	return size
}

// group carries out a command that begins with GS.
func (i *interpreter) group(data []byte) int {
	if len(data) > 1 && data[1] == ':' && !i.macro.lacking {
		i.macro.toggle()
		return 2
	}
	if len(data) < 3 {
		return 0
	}
	n := data[2]
	switch data[1] {
	case '^':
		return i.executeMacro(data)
	case '!':
		i.w, i.h = 1+int(n>>4&7), 1+int(n&7)
		return 3
	case 'r': // does not print the line that is being set
		i.answerStatus(escpos.ConfirmGSr)
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
	case '8':
		return i.large(data)
	case 'v':
		return i.raster(data)
	case 'B':
		i.white = n&1 == 1
		return 3
	case 'I':
		i.identify(n)
		return 3
	case 'H', 'h', 'w', 'f':
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

// realTime skips a command that begins with DLE: real-time commands are carried out when they are received.
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
		i.endLine(true) // the line is full
	}
	run := Run{Gap: i.gap, Text: string(r), Bold: i.bold, Small: i.small, White: i.white, W: i.w, H: i.h}
	i.gap = 0
	if n := len(i.line); n > 0 && i.line[n-1].continues(run) {
		i.line[n-1].Text += run.Text
		return
	}
	i.line = append(i.line, run)
}

// continues reports whether another run follows at once, in the same style.
func (r Run) continues(other Run) bool {
	r.Text, other.Text, r.Gap = "", "", 0
	return r == other
}

// cell returns the width of a character in dots.
func cell(small bool, times int) int {
	if small {
		return dots.FontB.Width * times
	}
	return dots.FontA.Width * times
}

// used returns the printing position in dots from the beginning of the line.
func (i *interpreter) used() int {
	n := i.gap
	for _, r := range i.line {
		n += r.Gap + utf8.RuneCountInString(r.Text)*cell(r.Small, r.W)
	}
	return n
}

// endLine prints the current line. It prints an empty line only if asked is true.
func (i *interpreter) endLine(asked bool) {
	i.gap = 0
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

// text reports whether the item is a line of text, which may be empty.
func (it Item) text() bool { return it.QR == nil && it.Raster == nil && it.Feed == 0 }

// Text returns the paper's lines as plain text, with QR codes as [QR: …] and pictures as [picture W×H].
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
				b.WriteString(strings.Repeat(" ", r.Gap/dots.FontA.Width) + r.Text)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
