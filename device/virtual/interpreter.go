package virtual

import (
	"fmt"
	"unicode/utf8"

	"infomat/device/dots"
	"infomat/device/escpos"
)

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
	if i.macro.defining && i.macro.kind == MacroQuiet && !macroCommand(data) {
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
	i.macro.lose(MacroMoved)
	if i.hooks.moved != nil {
		i.hooks.moved(itemHeight(it))
	}
}
