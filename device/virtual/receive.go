package virtual

import (
	"bytes"
	"slices"
	"time"

	"infomat/device/escpos"
)

// goOn is DLE ENQ 1: continue after an error. It has no effect, as the printer continues when the fault is gone.
var goOn = []byte{0x10, 0x05, 0x01}

// The characters of software flow control.
const (
	xon  = 0x11
	xoff = 0x13
)

// receive takes bytes from a line. It returns false if the line is unplugged.
func (p *Printer) receive(l *line, data []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.line != l {
		return false
	}
	most, cut := p.cutWithin(data)
	p.receiveUntil(data[:most])
	if cut {
		_ = p.unplug() // the host sees a hang-up even if this fails
	}
	return p.line == l
}

// cutWithin returns how many of the bytes arrive before Options.CutAt unplugs the cable, and whether it
// does within data.
func (p *Printer) cutWithin(data []byte) (most int, cut bool) {
	if p.options.CutAt == 0 {
		return len(data), false
	}
	all := append(slices.Clone(p.received), data...)
	begin := firstJob(all)
	if begin < 0 || len(all) < begin+p.options.CutAt {
		return len(data), false
	}
	most = max(0, begin+p.options.CutAt-len(p.received)) // its second byte tells a job from the marker's trial
	p.options.CutAt = 0
	return most, true
}

// take receives bytes: it carries out real-time commands and puts the rest into the buffer. The caller
// holds the lock.
func (p *Printer) take(data []byte) {
	p.received = append(p.received, data...)
	if p.faults&Silent != 0 {
		return
	}
	if p.faults&NoPower != 0 {
		p.lost += len(data)
		return
	}
	if p.garbled() {
		p.sendNoise(len(data))
		p.rng.Read(data)
	}
	p.busy = false
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

// takeByte receives a byte. Bytes that may become a real-time command wait until the command is whole or
// impossible. The caller holds the lock.
func (p *Printer) takeByte(b byte) {
	if len(p.buffer) >= p.capacity {
		p.lost++ // silently; real-time commands too
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

// realTime returns the real-time command that seq is, or reports that seq may become one.
func (p *Printer) realTime(seq []byte) (run func(), maybe bool) {
	stopped := p.faults&(stops&^Offline) != 0
	at := func(command []byte, f func()) {
		switch {
		case len(command) == 0 || command[0] != dle && !stopped: // real-time only while an error stops the mechanism
		case bytes.Equal(seq, command):
			run = f
		case bytes.HasPrefix(command, seq):
			maybe = true
		}
	}
	for _, q := range p.options.Profile.Ask {
		at(q.Ask, func() { p.answerAtOnce(q) })
	}
	at(p.options.Profile.Clear, p.clear)
	at(goOn, func() {})
	return run, maybe
}

// answerAtOnce answers a real-time question. The caller holds the lock.
func (p *Printer) answerAtOnce(q escpos.Question) {
	if p.options.Hasty && p.busy {
		return
	}
	p.busy = true
	p.answer(q.Answer(p.status()))
}

// clear drops the buffer and the line that is not printed yet. The caller holds the lock.
func (p *Printer) clear() {
	p.buffer, p.command = nil, nil
	p.interp.line, p.interp.strip = nil, nil
}

// handshake stops the host when the buffer is nearly full, and releases it when there is room. The caller
// holds the lock.
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

// answer sends an answer, or noise instead if the line is garbled. The caller holds the lock.
func (p *Printer) answer(b []byte) {
	if p.garbled() {
		b = slices.Clone(b)
		p.rng.Read(b)
	}
	if asb := p.options.Profile.ASB; p.options.Chatty && asb != nil {
		p.send(asb.Answer(p.status()))
	}
	if p.options.Twice {
		b = append(slices.Clone(b), b...)
	}
	p.send(b)
	if p.options.Again > 0 {
		p.sendAfter(p.options.Late+p.options.Again, b)
	}
}

// sendNoise sends noise in answer to n bytes of noise, as a line at the wrong speed does. The caller holds the lock.
func (p *Printer) sendNoise(n int) {
	b := make([]byte, 1+n/8)
	p.rng.Read(b)
	p.send(b)
}

// garbled reports whether bytes are not received as they were sent: because of the fault Garbage, or
// because the host uses another speed. The caller holds the lock.
func (p *Printer) garbled() bool {
	if p.faults&Garbage != 0 {
		return true
	}
	return p.options.Baud > 0 && p.line != nil && !sameSpeed(p.line.master, p.options.Baud)
}

// lateAnswer is an answer that is sent at a time.
type lateAnswer struct {
	at    time.Time
	bytes []byte
}

// maxLate is how many answers may be on their way; more are dropped.
const maxLate = 1000

// send sends bytes to the host, now or as late as Options.Late says. The caller holds the lock.
func (p *Printer) send(b []byte) {
	if p.options.Late == 0 {
		p.sendNow(b)
		return
	}
	p.sendAfter(p.options.Late, b)
}

// sendAfter sends bytes to the host after a time. The caller holds the lock.
func (p *Printer) sendAfter(wait time.Duration, b []byte) {
	select {
	case p.late <- lateAnswer{time.Now().Add(wait), slices.Clone(b)}:
	default:
		p.lost++
	}
}

// deliver sends late answers in their order until the printer is switched off.
func (p *Printer) deliver() {
	for {
		select {
		case <-p.closed:
			return
		case a := <-p.late:
			select {
			case <-p.closed:
				return
			case <-time.After(time.Until(a.at)):
			}
			p.mu.Lock()
			p.sendNow(a.bytes)
			p.mu.Unlock()
		}
	}
}

// sendNow sends bytes to the host. They are dropped if the cable is unplugged or the host does not read. The
// caller holds the lock.
func (p *Printer) sendNow(b []byte) {
	if p.line == nil || p.options.Deaf || p.options.OneWay || p.faults&(Silent|NoPower) != 0 {
		return
	}
	_ = p.line.master.SetWriteDeadline(time.Now().Add(sendWithin)) // a pseudo-terminal has deadlines
	if _, err := p.line.master.Write(b); err != nil {
		p.lost++
	}
}

// Hear puts in the wire back to the host that Options.Deaf leaves out.
func (p *Printer) Hear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.options.Deaf = false
}

// sendWithin is how long send waits for a host that does not read. It is long, as the time also passes while a busy
// machine runs something else between setting the deadline and writing.
const sendWithin = 2 * time.Second

// changed sends the automatic status if it has changed, and wakes the mechanism. The caller holds the lock.
func (p *Printer) changed() {
	if asb := p.options.Profile.ASB; p.asb && asb != nil {
		if now := asb.Answer(p.status()); !bytes.Equal(now, p.reported) {
			p.reported = now
			p.answer(now)
		}
	}
	p.wake()
}

// switchASB switches the automatic status on, which sends it at once, or off. The caller holds the lock.
func (p *Printer) switchASB(on bool) {
	p.asb, p.reported = on, nil
	p.changed()
}
