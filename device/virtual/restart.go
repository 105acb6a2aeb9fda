package virtual

import "time"

// Restart is a loss of power in the middle of receiving.
type Restart struct {
	After int           // bytes received from now on until the power is lost; at least 1
	Away  time.Duration // how long the printer is off; 0: it is back before the next byte
	Noise []byte        // what it sends when it is back, as the line of a printer that starts does
}

// event is something that happens after a number of bytes.
type event struct {
	left int // bytes until then
	do   func()
}

// RestartAfter lets the printer lose its power once, after a number of bytes.
func (p *Printer) RestartAfter(r Restart) {
	p.after(r.After, func() { p.lose(r) })
}

// FaultAfter sets the faults of the printer after a number of bytes received from now on.
func (p *Printer) FaultAfter(bytes int, f Fault) {
	p.after(bytes, func() {
		p.faults = f
		p.changed()
	})
}

// Happened reports whether what RestartAfter or FaultAfter has asked for has happened.
func (p *Printer) Happened() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.next == nil
}

// after lets do happen, with the lock held, after a number of bytes, in place of what was to happen before.
func (p *Printer) after(bytes int, do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = &event{left: max(1, bytes), do: do}
}

// receiveUntil receives bytes, and lets the event happen between them if it is due. The caller holds the lock.
func (p *Printer) receiveUntil(data []byte) {
	e := p.next
	if e == nil || e.left > len(data) {
		if e != nil {
			e.left -= len(data)
		}
		p.take(data)
		return
	}
	p.take(data[:e.left])
	p.next = nil
	e.do()
	if rest := data[e.left:]; len(rest) > 0 {
		p.take(rest)
	}
}

// lose switches the printer off, and on again after a time. The caller holds the lock.
func (p *Printer) lose(r Restart) {
	if r.Away == 0 {
		p.forget()
		p.send(r.Noise)
		return
	}
	p.faults |= NoPower
	p.forget()
	p.running.Go(func() { p.back(r) })
}

// back switches the printer on again after its time off.
func (p *Printer) back(r Restart) {
	select {
	case <-p.closed:
		return
	case <-time.After(r.Away):
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults &^= NoPower
	p.send(r.Noise)
	p.changed()
}

// forget drops everything that is not on paper: buffer, half commands, the line being set, macro and settings. The
// caller holds the lock.
func (p *Printer) forget() {
	p.clear()
	p.early, p.held, p.still = nil, false, time.Time{}
	p.interp.macro.commands, p.interp.macro.defining = nil, false
	p.interp.stored = ""
	p.interp.initialise()
}
