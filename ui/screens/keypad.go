package screens

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"infomat/kiosk"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// The keypad with which patients type digits. Its targets are the same whatever was typed, so that each stays on the
// glass for as long as the page is, and digits can be typed as fast as fingers go: see widgets.Glass.

// keypadColumns are the widths of the keypad to be tried, in keys.
var keypadColumns = []int{3, 6}

// mostKeyMM is the greatest width and height of a key in millimetres.
const (
	mostKeyMM     = 62
	mostKeyHighMM = 34
)

// entry draws digits in groups of four, each in a place of its own, and the keypad. It hides what has to be hidden as
// time passes: now returns the digits as they are to be seen, without the blanks between groups.
func (f *frame) entry(now func() []string, caption string, notices map[kiosk.Notice]string) {
	l := f.Look
	room := f.display(1.3, caption, notices)
	f.Box(room, l.Card, l.Accent)
	room = room.Inset(l.MM(4), l.MM(1))
	digits := now()
	cell := room.W / float32(len(digits)+(len(digits)-1)/groupDigits) // a group and the blank behind it
	cell = min(cell, l.MM(12))
	room.CutLeft((room.W - cell*float32(len(digits)+(len(digits)-1)/groupDigits)) / 2)
	var lines []*canvas.Text
	for i, d := range digits {
		if i > 0 && i%groupDigits == 0 {
			room.CutLeft(cell)
		}
		lines = append(lines, f.Line(room.CutLeft(cell), widgets.Text{
			String: d, Role: theme.Title, Weight: theme.SemiBold, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 1,
		}))
	}
	f.live = append(f.live, func(at time.Time) {
		f.Now = at
		for i, d := range now() {
			if lines[i].Text != d {
				lines[i].Text = d
				lines[i].Refresh()
			}
		}
	})
	f.keypad()
}

// entryParts draws digits in boxes side by side, and the keypad.
func (f *frame) entryParts(parts []string, caption string, notices map[kiosk.Notice]string) {
	l := f.Look
	room := f.display(1.3, caption, notices)
	gap := l.MM(4)
	total := 0
	for _, p := range parts {
		total += len([]rune(p))
	}
	share := (room.W - gap*float32(len(parts)-1)) / float32(total)
	for _, p := range parts {
		box := room.CutLeft(share * float32(len([]rune(p))))
		room.CutLeft(gap)
		f.Box(box, l.Card, l.Accent)
		f.Line(box.Inset(l.MM(2), l.MM(1)), widgets.Text{
			String: p, Role: theme.Title, Weight: theme.SemiBold, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 1,
		})
	}
	f.keypad()
}

// display cuts the place of the digits, and draws the line below them. That is as high as the longest that can stand
// there, so that nothing moves when it changes.
func (f *frame) display(lines float32, caption string, notices map[kiosk.Notice]string) widgets.Area {
	l := f.Look
	if l.Low {
		defer f.skipUpperHalf()
	}
	set := func(s string) widgets.Text {
		return widgets.Text{String: s, Role: theme.Body, Color: l.SoftInk, Align: fyne.TextAlignCenter}
	}
	high := f.Height(f.body.W, set(caption))
	for _, id := range notices {
		high = max(high, f.Height(f.body.W, set(f.t(id))))
	}
	a := f.take(max(l.Size(theme.Title)*lines+l.MM(4), f.spacing(14, 24)))
	f.body.CutTop(l.MM(1))
	f.Text(f.take(high), set(caption))
	f.body.CutTop(f.spacing(2, 5))
	return a
}

// keypad draws the keys: 1 to 9, 0, the key that takes the last digit away, and the one that goes on.
func (f *frame) keypad() {
	l, gap := f.Look, f.gap()
	least := l.MM(theme.TargetMM)
	high := max(least, f.Height(f.body.W, widgets.Text{String: "8", Role: theme.Title, Weight: theme.SemiBold}))
	for i, columns := range keypadColumns {
		rows := float32(12 / columns)
		w := min(l.MM(mostKeyMM), (f.body.W-gap*float32(columns-1))/float32(columns))
		h := min(l.MM(mostKeyHighMM), (f.body.H-gap*(rows-1))/rows)
		if h < high && i < len(keypadColumns)-1 {
			continue
		}
		f.tight = f.tight || h < high || w < least
		pad := f.take(h*rows + gap*(rows-1))
		pad.X, pad.W = pad.X+(pad.W-w*float32(columns)-gap*float32(columns-1))/2, w*float32(columns)+gap*float32(columns-1)
		f.drawKeys(pad, columns, w, h)
		return
	}
}

// keyOrder are the keys row by row, by the number of columns. "<" takes away, ">" goes on.
var keyOrder = map[int]string{3: "123456789<0>", 6: "12345<67890>"}

func (f *frame) drawKeys(pad widgets.Area, columns int, w, h float32) {
	gap := f.gap()
	for i, key := range []byte(keyOrder[columns]) {
		at := widgets.Area{
			X: pad.X + float32(i%columns)*(w+gap), Y: pad.Y + float32(i/columns)*(h+gap), W: w, H: h,
		}
		switch key {
		case '<':
			f.wordKey(at, widgets.Target{ID: "key.erase", OnTap: f.tap(kiosk.Erase{})}, "back", "keypad.erase")
		case '>':
			f.wordKey(at, widgets.Target{
				ID: "key.next", Style: widgets.Filled, OnTap: f.tap(kiosk.Entered{}),
			}, "next", "keypad.next")
		default:
			f.Tile(at, widgets.Target{ID: "key." + string(key), Style: widgets.Plain, OnTap: f.tap(kiosk.Digit{Digit: key})},
				widgets.Text{String: string(key), Role: theme.Title, Weight: theme.SemiBold})
		}
	}
}

// wordKey draws a key with a word and a picture, with the word alone, or, where there is no room for it, with the
// picture alone.
func (f *frame) wordKey(a widgets.Area, t widgets.Target, icon, id string) {
	t.Says = f.t(id)
	switch {
	case f.ButtonWidth(icon, t.Says) <= a.W:
		f.Button(a, t, icon, t.Says)
	case f.ButtonWidth("", t.Says) <= a.W:
		f.Button(a, t, "", t.Says)
	default:
		f.Button(a, t, icon, "")
	}
}
