package service

import (
	"context"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"infomat/kiosk/pin"
	"infomat/ui/theme"
	"infomat/ui/widgets"
)

// keypad is the state of the keypad.
type keypad struct {
	digits  string
	trying  bool // the PIN is being checked
	asking  bool // the condition of the lock is being read
	verdict pin.Verdict
}

// off reports whether no PIN is taken now.
func (k *keypad) off() bool {
	v := k.verdict.Status
	return v != pin.Ready && v != pin.Uncounted && v != pin.Wrong || k.trying
}

var keypadPage = page{id: idKeypad, draw: drawKeypad, enter: (*Mode).askLock}

// askLock reads the condition of the PIN lock from the disk.
func (m *Mode) askLock() {
	k := &m.keypad
	if k.asking || k.trying {
		return
	}
	k.asking = true
	m.start(func(context.Context) func() {
		v := m.opts.Lock.Status()
		return func() {
			if k.asking && !k.trying { // otherwise a PIN was tried meanwhile, and its verdict is newer
				k.verdict = v
			}
			k.asking = false
		}
	})
}

// drawKeypad draws the places of the digits, the keys, and the condition of the PIN lock.
func drawKeypad(m *Mode, s *sheet) {
	l := s.look
	k := &m.keypad
	side := min(s.body.W, s.mm(150))
	column := widgets.Area{X: s.body.X + (s.body.W-side)/2, Y: s.body.Y, W: side, H: s.body.H}
	column.CutTop(max(0, (column.H-s.mm(190))/2))
	textArea := column.CutTop(s.mm(26))
	s.Middle(
		textArea,
		widgets.Text{String: m.verdictText(), Role: theme.Body, Color: l.Ink, Align: fyne.TextAlignCenter, Lines: 4},
	)
	s.dots(column.CutTop(s.mm(14)), len(k.digits))
	column.CutTop(s.mm(6))
	gap := s.mm(4)
	h := min((column.H-3*gap)/4, s.mm(30))
	style := widgets.Plain
	if k.off() {
		style = widgets.Off
	}
	for i, cell := range column.Grid(3, h, gap)[:12] {
		switch i {
		case 9:
			continue
		case 11:
			s.button(cell, "key.erase", "back", "", style, func() { m.erase() })
		default:
			digit := fmt.Sprint((i + 1) % 11) // 1 to 9, and 0 in the last row
			s.key(cell, digit, style)
		}
	}
	if k.verdict.Status == pin.Waiting {
		m.redrawLater()
	}
}

func (s *sheet) key(a widgets.Area, digit string, style widgets.Style) {
	m := s.mode
	id := "key." + digit
	s.Tile(
		a,
		widgets.Target{ID: id, Style: style, OnTap: func() { m.digit(digit) }},
		widgets.Text{String: digit, Role: theme.Title, Weight: theme.SemiBold},
	)
}

// dots shows the number of digits typed.
func (s *sheet) dots(a widgets.Area, typed int) {
	side, gap := s.mm(6), s.mm(6)
	x := a.X + (a.W-side*pin.Digits-gap*(pin.Digits-1))/2
	for i := range pin.Digits {
		fill := s.look.Card
		if i < typed {
			fill = s.look.Accent
		}
		dot := widgets.Area{X: x + float32(i)*(side+gap), Y: a.Y + (a.H-side)/2, W: side, H: side}
		s.Box(dot, fill, s.look.Accent).CornerRadius = side / 2
	}
}

// verdictText describes the condition of the PIN lock and what to do.
func (m *Mode) verdictText() string {
	v := m.keypad.verdict
	switch v.Status {
	case pin.Wrong:
		return m.opts.Lang.Plural("service.pin.wrong", v.Left, nil)
	case pin.Waiting:
		left := time.Until(v.Until).Round(time.Second)
		if left <= 0 {
			m.askLock()
			return m.t("pin.ask")
		}
		id := "pin.waiting"
		if v.Err != nil {
			id = "pin.uncounted_waiting"
		}
		return m.say(id, map[string]any{"Left": fmt.Sprintf("%d:%02d", int(left.Minutes()), int(left.Seconds())%60)})
	case pin.Locked:
		return m.t("pin.locked")
	case pin.NoFile:
		return m.t("pin.none")
	case pin.Uncounted:
		return m.t("pin.uncounted")
	case pin.Unreadable:
		return m.t("pin.unreadable") + " " + fmt.Sprint(v.Err)
	case pin.Open, pin.Ready:
	}
	return m.t("pin.ask")
}

// typed takes a key of a keyboard on the keypad's page. Keys have their names whatever the layout and Num Lock are.
// Enter needs no action: the last digit starts the check.
func (m *Mode) typed(key fyne.KeyName) {
	if m.page.id != idKeypad {
		return
	}
	if m.keypad.off() && key != fyne.KeyEscape {
		return // a key that is held down must not keep the page open
	}
	switch key {
	case fyne.Key0, fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8, fyne.Key9:
		m.digit(string(key))
	case fyne.KeyBackspace, fyne.KeyDelete:
		m.erase()
	case fyne.KeyReturn, fyne.KeyEnter:
		m.touched()
	case fyne.KeyEscape:
		m.Close()
	default: // a key that means nothing here
	}
}

// erase removes the last digit.
func (m *Mode) erase() {
	m.touched()
	k := &m.keypad
	if k.trying {
		return
	}
	k.digits = strings.TrimSuffix(k.digits, k.digits[max(0, len(k.digits)-1):])
	m.draw()
}

// digit appends a digit. The last digit starts the check of the PIN; digits during the check are ignored.
func (m *Mode) digit(d string) {
	m.touched()
	k := &m.keypad
	if k.trying || len(k.digits) >= pin.Digits {
		return
	}
	k.digits += d
	if len(k.digits) < pin.Digits {
		m.draw()
		return
	}
	k.trying = true
	m.draw()
	typed := k.digits
	m.start(func(context.Context) func() {
		v := m.opts.Lock.Try(typed)
		return func() { m.pinTried(v) }
	})
}

// pinTried shows the result of the check, or the menu if the PIN was right.
func (m *Mode) pinTried(v pin.Verdict) {
	m.keypad = keypad{verdict: v}
	if v.Status == pin.Open {
		m.show(idMenu)
	}
}
