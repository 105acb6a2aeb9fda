package scanner

import "time"

// Key is a key by its place on the keyboard: the code of Linux's input system (KEY_1 is 2, KEY_A is 30), which no
// layout changes. X11's key codes, and so the scan codes of a window, are 8 more.
type Key int

// The keys that are more than a character.
const (
	keyEnter      Key = 28
	keyPadEnter   Key = 96
	keyLeftShift  Key = 42
	keyRightShift Key = 54
)

// X11 is how much higher X11's key codes are.
const X11 Key = 8

// What tells a scanner from fingers. A scanner sends a key every 1 to 20 ms, the fastest hand some every 60 ms.
const (
	burstGap  = 45 * time.Millisecond  // between two keys, on the average
	stall     = 250 * time.Millisecond // between two keys, at most: a window that is being painted tells of keys late
	certain   = 3                      // keys after which one gap may be as long as a stall
	leastKeys = 8                      // of a burst: fewer may be a hand that slid over the keys
)

// Wedge recognises codes among keys: a burst that is too fast for fingers, ended by Enter. The zero Wedge is ready. It
// belongs to one goroutine. It asks no layout of the system: a scanner is set to the American one, where digits are
// what they are in any other, and letters only have to be told from digits.
type Wedge struct {
	code   []byte
	length int
	first  time.Time // when the first key went down
	last   time.Time // when the last key went down
	held   Key       // that went down last and is not up yet
	shift  bool
	ready  time.Time // no code counts before
}

// Down takes a key that goes down. It returns the code that the key has ended, and whether the key belongs to a burst:
// such a key means nothing else, least of all the Enter that would press a button. The first key of a burst cannot be
// told from a finger's.
func (w *Wedge) Down(k Key, now time.Time) (s Scan, ended, taken bool) {
	if k == keyLeftShift || k == keyRightShift {
		w.shift = true
		return s, false, false
	}
	if k == w.held { // a key that is held is repeated as fast as a scanner types
		return s, false, false
	}
	w.held = k
	fast := w.goesOn(now.Sub(w.last))
	w.last = now
	if k == keyEnter || k == keyPadEnter {
		return w.end(now, fast)
	}
	if !fast {
		w.forget()
		w.first = now
	}
	w.length++
	if w.code == nil {
		w.code = make([]byte, 0, maxCode) // never copied to a larger place
	}
	if len(w.code) < maxCode {
		w.code = append(w.code, w.character(k))
	}
	return s, false, fast
}

// goesOn reports whether a key that comes after a pause may belong to the burst before it.
func (w *Wedge) goesOn(pause time.Duration) bool {
	switch {
	case w.length == 0, pause < 0, pause > stall:
		return false
	case w.length < certain:
		return pause <= burstGap
	}
	return true
}

// Up takes a key that comes up.
func (w *Wedge) Up(k Key) {
	if k == keyLeftShift || k == keyRightShift {
		w.shift = false
	}
	if k == w.held {
		w.held = 0
	}
}

// Reset forgets what was begun: nobody waits for a code any more.
func (w *Wedge) Reset() {
	w.forget()
	w.shift, w.held = false, 0
}

// end ends a code by Enter.
func (w *Wedge) end(now time.Time, fast bool) (s Scan, ended, taken bool) {
	defer w.forget()
	switch {
	case !fast || w.length < leastKeys || now.Sub(w.first) > time.Duration(w.length)*burstGap:
		return s, false, false
	case w.length > maxCode:
		return Scan{Form: FormTooLong, Length: w.length}, true, true
	case now.Before(w.ready):
		return Scan{Form: FormTooFast, Length: w.length}, true, true
	}
	w.ready = now.Add(apart)
	return Read(w.code), true, true
}

func (w *Wedge) forget() {
	clear(w.code)
	w.code, w.length = w.code[:0], 0
}

// character returns what a key types on the American layout; a key without a character is a space, so that the digits
// around it stay apart.
func (w *Wedge) character(k Key) byte {
	row := 0
	if w.shift {
		row = 1
	}
	for _, part := range keyboard {
		if i := int(k - part.from); i >= 0 && i < len(part.rows[row]) {
			return part.rows[row][i]
		}
	}
	if i := int(k - keyPad); i >= 0 && i < len(pad) {
		return pad[i]
	}
	return ' '
}

// keyboard is the American layout by places, plain and with Shift.
var keyboard = []struct {
	from Key
	rows [2]string
}{
	{2, [2]string{"1234567890-=", "!@#$%^&*()_+"}},
	{16, [2]string{"qwertyuiop[]", "QWERTYUIOP{}"}},
	{30, [2]string{"asdfghjkl;'`", "ASDFGHJKL:\"~"}},
	{43, [2]string{"\\zxcvbnm,./", "|ZXCVBNM<>?"}},
}

// keyPad is the first key of the number pad's digits.
const keyPad Key = 71

const pad = "789-456+1230."
