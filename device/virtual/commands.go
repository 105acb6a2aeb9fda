package virtual

import (
	"encoding/binary"
	"slices"

	"infomat/device/escpos"
)

// escape carries out a command that begins with ESC.
func (i *interpreter) escape(data []byte) int {
	if len(data) < 2 {
		return 0
	}
	switch data[1] {
	case '@': // also drops the line that is not printed yet
		i.line, i.strip, i.gap = nil, nil, 0
		i.macro.lose(MacroReset)
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
	if len(data) > 1 && data[1] == ':' && i.macro.kind != MacroLacking {
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
		if n%48 == 1 { // the paper; other numbers are not answered
			i.answerStatus(escpos.ConfirmGSr)
		}
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
	i.macro.lose(MacroCut)
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
