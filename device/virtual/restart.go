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
	gap  int // bytes lost from then on
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

// FaultAtItem sets the faults of the printer, once, as soon as a piece of paper has so many items: lines, pictures and
// feeds. Of a fault that is set from outside nobody knows how much was printed meanwhile.
func (p *Printer) FaultAtItem(items int, f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.atItem = func() {
		if len(p.interp.now.Items) < items {
			return
		}
		p.atItem = nil
		p.faults = f
		p.changed()
	}
}

// LoseAfter lets the line lose a number of bytes, once, after a number of bytes received from now on: neither end
// notices. Bytes lost count as received.
func (p *Printer) LoseAfter(bytes, lost int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = &event{left: max(0, bytes), gap: lost, do: func() {}}
}

// UnplugAfter unplugs the cable after a number of bytes received from now on.
func (p *Printer) UnplugAfter(bytes int) {
	p.after(bytes, func() { _ = p.unplug() }) // the host sees a hang-up even if this fails
}

// Happened reports whether what was asked for to happen after a number of bytes has happened.
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
	e.do()
	rest := data[e.left:]
	lost := min(e.gap, len(rest))
	p.received = append(p.received, rest[:lost]...)
	p.lost += lost
	e.left, e.gap, e.do = 0, e.gap-lost, func() {}
	if e.gap == 0 {
		p.next = nil
	}
	if rest = rest[lost:]; len(rest) > 0 && p.line != nil {
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

// body is what another printer at the same line has of its own.
type body struct {
	interp  *interpreter
	buffer  []byte
	command []byte
}

// SwapAfter puts another printer in the place of this one, after a number of bytes received from now on: one that has
// never been used, or the one that was swapped before. Neither end of the line notices. Papers and Unfinished are those
// of the printer in place.
func (p *Printer) SwapAfter(bytes int) { p.after(bytes, p.swap) }

// Swap does so at once.
func (p *Printer) Swap() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.swap()
}

// swap exchanges the printers. The caller holds the lock.
func (p *Printer) swap() {
	mine, other := &body{p.interp, p.buffer, p.command}, p.other
	if other == nil {
		other = &body{interp: newInterpreter(p.options.Profile)}
	}
	p.interp, p.buffer, p.command, p.other = other.interp, other.buffer, other.command, mine
	p.connect()
	p.early, p.asb, p.reported, p.still = nil, p.options.ASB, nil, time.Time{}
	p.wake()
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
