package main

import (
	"image"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"infomat/kiosk"
	"infomat/kiosk/pin"
)

// keysyms of keys that have no character (X11/keysymdef.h).
const (
	keyBackspace = 0xff08
	keyReturn    = 0xff0d
	keyEscape    = 0xff1b
	keyTab       = 0xff09
	keySpace     = 0x0020
	keyLeft      = 0xff51
	keyUp        = 0xff52
	keyRight     = 0xff53
	keyDown      = 0xff54
	keyEnter     = 0xff8d // of the numeric keypad
	keyF1        = 0xffbe
	keyKeypad0   = 0xffb0
	keyF12       = 0xffc9
)

// keyboard types on the display's keyboard.
type keyboard struct {
	t    *testing.T
	conn *xgb.Conn
	root xproto.Window
	code map[xproto.Keysym]byte
}

func newKeyboard(t *testing.T) *keyboard {
	t.Helper()
	c, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := xtest.Init(c); err != nil {
		t.Fatal(err)
	}
	setup := xproto.Setup(c)
	first := byte(setup.MinKeycode)
	m, err := xproto.GetKeyboardMapping(c, setup.MinKeycode, byte(setup.MaxKeycode)-first+1).Reply()
	if err != nil {
		t.Fatal(err)
	}
	k := &keyboard{t: t, conn: c, root: setup.DefaultScreen(c).Root, code: map[xproto.Keysym]byte{}}
	for i, sym := range m.Keysyms {
		if _, known := k.code[sym]; !known {
			k.code[sym] = first + byte(i/int(m.KeysymsPerKeycode))
		}
	}
	return k
}

// press presses and releases keys, one after another.
func (k *keyboard) press(syms ...xproto.Keysym) {
	k.t.Helper()
	for _, sym := range syms {
		k.hold(sym)()
		time.Sleep(20 * time.Millisecond)
	}
}

// hold presses a key. The display repeats it until release is called.
func (k *keyboard) hold(sym xproto.Keysym) (release func()) {
	k.t.Helper()
	code, ok := k.code[sym]
	if !ok {
		k.t.Fatalf("the keyboard has no key %#x", sym)
	}
	k.send(xproto.KeyPress, code, image.Point{})
	return func() { k.t.Helper(); k.send(xproto.KeyRelease, code, image.Point{}) }
}

// send lets the display believe that something of its keyboard or its pointer has moved.
func (k *keyboard) send(kind, detail byte, at image.Point) {
	k.t.Helper()
	err := xtest.FakeInputChecked(k.conn, kind, detail, 0, k.root, int16(at.X), int16(at.Y), 0).Check()
	if err != nil {
		k.t.Fatal(err)
	}
}

// digits are the keys of digits in the upper row of a keyboard, whose keysyms are their characters.
func digits(text string) (syms []xproto.Keysym) {
	for _, d := range text {
		syms = append(syms, xproto.Keysym(d))
	}
	return syms
}

// onPage waits until the diagnostics mode shows a page. It is blank while the mode is closed.
func (v *visitor) onPage(id string) {
	v.t.Helper()
	var page string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		fyne.DoAndWait(func() { page = v.screen.mode.Page() })
		if page == id {
			return
		}
	}
	v.t.Fatalf("the page is %q, want %q", page, id)
}

// TestWindowKeyboardTypesPIN checks that a technician with a keyboard needs no touch: F12 opens the keypad, digits of
// either block type, Backspace corrects, Enter after the PIN does no harm, and Escape leaves.
func TestWindowKeyboardTypesPIN(t *testing.T) {
	world := newWorld(t)
	secret := pin.Random()
	if err := pin.Set(world.Config.Service.PINFile, secret); err != nil {
		t.Fatal(err)
	}
	v := visitIn(t, world, nil)
	k := newKeyboard(t)
	k.press(digits(secret)...) // without the keypad they mean nothing
	k.press(keyF12)
	v.onPage("keypad")
	k.press(digits("12")...)
	k.press(keyEscape)
	v.onPage("")
	k.press(keyF12)
	v.onPage("keypad")
	k.press(keyBackspace) // there is nothing to take away yet
	k.press(digits(secret[:3] + "9")...)
	k.press(keyBackspace, keyReturn) // Enter before the last digit starts nothing
	for _, d := range secret[3:] {
		k.press(keyKeypad0 + xproto.Keysym(d-'0'))
	}
	k.press(keyReturn)
	v.onPage("menu")
	k.press(digits("1")...)
	k.press(keyReturn, keyEscape, keyBackspace)
	time.Sleep(300 * time.Millisecond)
	v.onPage("menu")
	fyne.DoAndWait(v.screen.mode.Close)
	v.at(kiosk.StepWelcome)
}
