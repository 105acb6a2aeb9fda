package virtual

import "time"

// runOut is how long the paper motor runs on after the last movement, so that a host can observe it.
const runOut = 200 * time.Millisecond

// moving reports whether the paper motor runs. The caller holds the lock.
func (p *Printer) moving() bool { return time.Now().Before(p.still) }

// wake wakes the mechanism. It does not block. The caller holds the lock.
func (p *Printer) wake() {
	select {
	case p.work <- struct{}{}:
	default: // a wake-up is pending
	}
}

// print carries out commands one after the other until the printer is switched off.
func (p *Printer) print() {
	for {
		p.mu.Lock()
		took, more := p.step()
		p.mu.Unlock()
		if !more {
			select {
			case <-p.work:
			case <-p.closed:
				return
			}
			continue
		}
		if took > 0 {
			select {
			case <-time.After(took):
			case <-p.closed:
				return
			}
		}
	}
}

// catchUp carries out all received commands if printing takes no time. The caller holds the lock.
func (p *Printer) catchUp() {
	for more := p.options.Speed == 0; more; {
		_, more = p.step()
	}
}

// step carries out the next command, and returns how long the mechanism needs for it. more is false if
// there is no whole command. The caller holds the lock.
func (p *Printer) step() (took time.Duration, more bool) {
	if p.faults&(stops|Silent|NoPower) != 0 {
		return 0, false
	}
	p.due = 0
	n := 0
	if len(p.command) > 0 {
		n = p.interp.step(p.command)
	}
	if n == 0 { // the command is not whole
		if len(p.buffer) == 0 {
			return 0, false
		}
		take := min(len(p.buffer), commandPart)
		p.command = append(p.command, p.buffer[:take]...)
		p.buffer = append(p.buffer[:0], p.buffer[take:]...)
		p.handshake()
		return 0, true
	}
	p.command = append(p.command[:0], p.command[n:]...)
	if p.due == 0 {
		return 0, true
	}
	if p.options.Speed > 0 {
		took = time.Duration(p.due) * time.Second / time.Duration(dotsPerMM*p.options.Speed)
	}
	p.still = time.Now().Add(took + runOut)
	p.changed()
	return took, true
}

// commandPart is the number of bytes that step takes from the buffer at a time.
const commandPart = 16
