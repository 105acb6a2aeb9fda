package virtual

import "time"

// Restart is a loss of power in the middle of receiving.
type Restart struct {
	After int           // bytes received from now on until the power is lost; at least 1
	Away  time.Duration // how long the printer is off; 0: it is back before the next byte
	Noise []byte        // what it sends when it is back, as the line of a printer that starts does
}

// restart is a restart that is to come.
type restart struct {
	Restart
	left int // bytes until the power is lost
}

// RestartAfter lets the printer lose its power once, after a number of bytes.
func (p *Printer) RestartAfter(r Restart) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.restart = &restart{Restart: r, left: max(1, r.After)}
}

// Restarted reports whether the restart that RestartAfter has asked for has begun.
func (p *Printer) Restarted() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.restart == nil
}

// takeRestarting receives bytes, and loses the power between them if that is asked for. The caller holds the lock.
func (p *Printer) takeRestarting(data []byte) {
	r := p.restart
	if r == nil || r.left > len(data) {
		if r != nil {
			r.left -= len(data)
		}
		p.take(data)
		return
	}
	p.take(data[:r.left])
	p.restart = nil
	p.forget()
	if r.Away == 0 {
		p.send(r.Noise)
	} else {
		p.faults |= NoPower
		p.running.Go(func() { p.back(r.Restart) })
	}
	if rest := data[r.left:]; len(rest) > 0 {
		p.take(rest)
	}
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
