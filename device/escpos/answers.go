package escpos

import "slices"

// Answers takes what a printer sends apart, byte by byte, by the shapes of all that this kind of printer may send: the
// answer that is waited for, the automatic status, answers to other questions that come late or twice, and the
// characters of flow control. Anything else is an error: it is noise, an echo, or comes from another kind of printer.
//
// Shapes overlap. The answer that is waited for comes first, then what has several bytes and so more fixed bits.
type Answers struct {
	want   []Pattern
	others [][]Pattern // the longest first
	asb    *Question   // nil: the printer has no automatic status; its shape is one of others
	held   []byte      // received, and not a whole answer yet
	strays int         // answers to other questions
	stray  []byte      // and their bytes
	status Status
	told   bool
	stops  int // XOFF came
}

// maxStrays bounds the answers to other questions that may come before the one that is waited for. More of them are no
// late answers, but noise that looks like them.
const maxStrays = 8

// The characters of software flow control. They may stand between answers if the system does not remove them.
const (
	xon  = 0x11
	xoff = 0x13
)

// Answers returns the parser for an answer of the shape want.
func (p Profile) Answers(want []Pattern) *Answers {
	a := &Answers{want: want, asb: p.ASB}
	for _, q := range p.Ask {
		a.others = append(a.others, q.Shape)
	}
	if p.ASB != nil {
		a.others = append(a.others, p.ASB.Shape)
	}
	if p.Confirm != ConfirmNone {
		a.others = append(a.others, PaperSensor.Shape)
	}
	if p.Confirm == ConfirmGSH {
		a.others = append(a.others, anyProcessID)
	}
	slices.SortStableFunc(a.others, func(x, y []Pattern) int { return len(y) - len(x) })
	return a
}

// anyProcessID is the shape of the answer to GS ( H with any characters.
var anyProcessID = []Pattern{{0xFF, 0x37}, {0xFF, 0x22}, {0x80, 0}, {0x80, 0}, {0x80, 0}, {0x80, 0}, {0xFF, 0}}

// Add takes the next byte that was received. It returns the answer once it is whole, nil before, and *BadStatusError if
// the bytes are nothing that this kind of printer sends.
func (a *Answers) Add(b byte) ([]byte, error) {
	a.held = append(a.held, b)
	return a.parse(false)
}

// Next returns the answer after the last one if it has been received whole already, and what Add returns otherwise.
func (a *Answers) Next() ([]byte, error) { return a.parse(false) }

// End says that no more bytes come for now. It returns the answer if the last byte may be one and may be flow control,
// and *BadStatusError if other bytes have come than flow control and automatic status.
func (a *Answers) End() ([]byte, error) {
	answer, err := a.parse(true)
	if answer == nil && err == nil && len(a.stray) > 0 {
		err = &BadStatusError{Bytes: a.stray}
	}
	return answer, err
}

// Automatic returns the newest automatic status that came in between, and whether one came.
func (a *Answers) Automatic() (Status, bool) { return a.status, a.told }

// Stops returns how often the printer has told the host to stop (XOFF) so far. If the system has let that through, the
// host does not obey, and the printer may have had no room for what came next.
func (a *Answers) Stops() int { return a.stops }

// flowControl takes the first held byte as a character of flow control.
func (a *Answers) flowControl() {
	if a.held[0] == xoff {
		a.stops++
	}
	a.held = slices.Clone(a.held[1:])
}

// parse takes whole answers from the held bytes. ended says that no answer becomes longer.
func (a *Answers) parse(ended bool) ([]byte, error) {
	for len(a.held) > 0 {
		if n := len(a.want); fits(a.held, a.want) && (len(a.held) >= n || !ended) {
			if len(a.held) < n || a.ambiguous() && len(a.held) == 1 && !ended {
				return nil, nil
			}
			if a.ambiguous() && len(a.held) > 1 {
				a.flowControl()
				continue
			}
			answer := slices.Clone(a.held[:n])
			a.held = slices.Clone(a.held[n:])
			return answer, nil
		}
		if a.held[0] == xon || a.held[0] == xoff {
			a.flowControl()
			continue
		}
		n, wait := a.other(ended)
		if wait {
			return nil, nil
		}
		if n == 0 {
			return nil, a.bad()
		}
		a.held = slices.Clone(a.held[n:])
	}
	return nil, nil
}

// ambiguous reports whether the first held byte may be flow control as well as the answer, which is one byte with
// hardly a fixed bit. It is flow control if more follows.
func (a *Answers) ambiguous() bool {
	return len(a.want) == 1 && (a.held[0] == xon || a.held[0] == xoff)
}

// other returns the length of what the held bytes begin with, other than the answer that is waited for; or wait if it
// is not whole yet. Both are zero if the bytes are nothing known.
func (a *Answers) other(ended bool) (n int, wait bool) {
	for _, shape := range a.others {
		switch {
		case !fits(a.held, shape):
		case len(a.held) < len(shape):
			if !ended {
				return 0, true
			}
		case a.automatic(shape):
			return len(shape), false
		case a.strays < maxStrays:
			a.strays++
			a.stray = append(a.stray, a.held[:len(shape)]...)
			return len(shape), false
		}
	}
	return 0, false
}

// automatic takes the held bytes as an automatic status if shape is its shape.
func (a *Answers) automatic(shape []Pattern) bool {
	if a.asb == nil || &shape[0] != &a.asb.Shape[0] {
		return false
	}
	s, err := a.asb.Read(a.held[:len(shape)])
	a.status, a.told = s, err == nil
	return true
}

// bad returns the error for the held bytes, and drops them.
func (a *Answers) bad() error {
	err := &BadStatusError{Bytes: a.held}
	a.held = nil
	return err
}

// fits reports whether bytes are the beginning of an answer of a shape, or begin with a whole one.
func fits(b []byte, shape []Pattern) bool {
	if len(shape) == 0 {
		return false
	}
	for i := range min(len(b), len(shape)) {
		if b[i]&shape[i].Mask != shape[i].Value {
			return false
		}
	}
	return true
}
