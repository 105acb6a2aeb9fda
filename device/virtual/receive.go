package virtual

import (
	"bytes"
	"slices"
	"time"
)

// goOn is DLE ENQ 1: go on after an error. The printer goes on by itself when the fault is gone.
var goOn = []byte{0x10, 0x05, 0x01}

// The handshake's characters.
const (
	xon  = 0x11
	xoff = 0x13
)

// take takes bytes from the line: answers what has to be answered at once, and puts the rest into the buffer. The caller holds the lock.
func (p *Printer) take(data []byte) {
	p.received = append(p.received, data...)
	if p.faults&Silent != 0 {
		return
	}
	if p.deaf() {
		p.babble(len(data))
		p.rng.Read(data)
	}
	for _, b := range data {
		p.takeByte(b)
		if len(p.buffer) == p.capacity {
			p.catchUp()
		}
	}
	p.catchUp()
	p.handshake()
	p.wake()
}

// takeByte takes a byte. Bytes that may become a command that is obeyed at once wait until it is known. The caller holds the lock.
func (p *Printer) takeByte(b byte) {
	if len(p.buffer) >= p.capacity {
		p.lost++ // without a word, real-time commands too
		return
	}
	p.early = append(p.early, b)
	for len(p.early) > 0 {
		run, maybe := p.realTime(p.early)
		if run != nil {
			p.early = nil
			run()
			return
		}
		if maybe {
			return
		}
		p.buffer = append(p.buffer, p.early[0])
		p.last = time.Now()
		p.early = p.early[1:]
	}
}

// realTime finds the command that is obeyed at once, or tells that the bytes may become one.
func (p *Printer) realTime(seq []byte) (run func(), maybe bool) {
	stopped := p.faults&(stops&^Offline) != 0
	at := func(command []byte, f func()) {
		switch {
		case len(command) == 0 || command[0] != 0x10 && !stopped: // others are obeyed in their order, but by a printer in an error
		case bytes.Equal(seq, command):
			run = f
		case bytes.HasPrefix(command, seq):
			maybe = true
		}
	}
	for _, q := range p.options.Profile.Ask {
		at(q.Ask, func() { p.answer(q.Answer(p.state())) })
	}
	at(p.options.Profile.Clear, p.clear)
	at(goOn, func() {})
	return run, maybe
}

// clear drops what came in and the line that is not printed yet. The caller holds the lock.
func (p *Printer) clear() {
	p.buffer, p.command = nil, nil
	p.machine.line, p.machine.strip = nil, nil
}

// handshake tells the host to wait, or to go on, as the buffer fills and empties. The caller holds the lock.
func (p *Printer) handshake() {
	if !p.options.XonXoff {
		return
	}
	free := p.capacity - len(p.buffer)
	switch {
	case !p.held && free < min(128, 2*p.capacity/3):
		p.held = true
		p.send([]byte{xoff})
	case p.held && free > min(256, 3*p.capacity/4):
		p.held = false
		p.send([]byte{xon})
	}
}

// answer sends an answer, unless nobody could understand it. The caller holds the lock.
func (p *Printer) answer(b []byte) {
	if p.deaf() {
		b = slices.Clone(b)
		p.rng.Read(b)
	}
	p.send(b)
}

// babble answers noise with noise, as a line at the wrong speed does. The caller holds the lock.
func (p *Printer) babble(n int) {
	b := make([]byte, 1+n/8)
	p.rng.Read(b)
	p.send(b)
}

// deaf tells whether what goes over the line is not what was sent: by a fault, or because the host has set another speed. The caller holds the lock.
func (p *Printer) deaf() bool {
	if p.faults&Garbage != 0 {
		return true
	}
	return p.options.Baud > 0 && p.line != nil && !sameSpeed(p.line.master, p.options.Baud)
}

// send puts bytes on the line; without one, or with nobody who reads them, they are gone. The caller holds the lock.
func (p *Printer) send(b []byte) {
	if p.line == nil || p.faults&Silent != 0 {
		return
	}
	_ = p.line.master.SetWriteDeadline(time.Now().Add(sendWithin)) // a pseudo-terminal has deadlines
	if _, err := p.line.master.Write(b); err != nil {
		p.lost++
	}
}

// sendWithin bounds how long a host that does not read can hold the printer up.
const sendWithin = 100 * time.Millisecond

// changed tells a change of the state by the automatic status, and lets the mechanism look. The caller holds the lock.
func (p *Printer) changed() {
	if asb := p.options.Profile.ASB; p.asb && asb != nil {
		if now := asb.Answer(p.state()); !bytes.Equal(now, p.told) {
			p.told = now
			p.answer(now)
		}
	}
	p.wake()
}

// switchASB switches the automatic status; switched on it is sent at once. The caller holds the lock.
func (p *Printer) switchASB(on bool) {
	p.asb, p.told = on, nil
	p.changed()
}
