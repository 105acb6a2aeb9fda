package virtual

import "infomat/device/escpos"

// Fault is what can be wrong with the printer: a set of these.
type Fault uint16

// The faults. None is a sound printer.
const (
	PaperLow Fault = 1 << iota
	PaperOut
	CoverOpen
	Cutter        // stuck
	Jam           // of paper
	Offline       // by its button
	Silent        // takes everything, prints nothing, answers nothing
	Garbage       // on the line, in both directions
	None    Fault = 0
)

// Faults are all faults that can be switched, in the order in which a panel lists them.
var Faults = []Fault{PaperLow, PaperOut, CoverOpen, Cutter, Jam, Offline, Silent, Garbage}

var faultNames = map[Fault]string{
	PaperLow: "paper_low", PaperOut: "paper_out", CoverOpen: "cover_open", Cutter: "cutter", Jam: "jam", Offline: "offline", Silent: "silent", Garbage: "garbage",
}

// Name is the name of a single fault, as the texts of the panel are called.
func (f Fault) Name() string { return faultNames[f] }

// stops are the faults that stop the mechanism.
const stops = PaperOut | CoverOpen | Cutter | Jam | Offline

// states are what the printer says of its faults.
var states = map[Fault]escpos.Status{
	PaperLow: escpos.PaperLow, PaperOut: escpos.PaperOut | escpos.PaperLow, CoverOpen: escpos.CoverOpen, Cutter: escpos.Cutter, Jam: escpos.Jam | escpos.Fault,
}

// SetFault breaks or mends the printer: these are its faults from now on. What waits in the buffer goes on when it is mended.
func (p *Printer) SetFault(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = f
	p.changed()
}

// Fault tells what is wrong with the printer.
func (p *Printer) Fault() Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}

// LoadPaper puts a roll of a length in millimetres in; 0 is one that never ends. It mends that the paper is low or out.
func (p *Printer) LoadPaper(mm int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paper = mm * dotsPerMM
	p.endless = mm == 0
	p.faults &^= PaperLow | PaperOut
	p.changed()
}

// lowMM is how much is left of a roll when the sensor sees its end near.
const lowMM = 2000

// feed moves the paper, and sees its end. The caller holds the lock.
func (p *Printer) feed(dots int) {
	p.due += dots
	if p.endless {
		return
	}
	p.paper -= dots
	if p.paper < lowMM*dotsPerMM {
		p.faults |= PaperLow
	}
	if p.paper <= 0 {
		p.faults |= PaperOut
	}
}

// TakeTicket is the patient who takes what stands in the presenter's mouth; false: there is nothing.
func (p *Printer) TakeTicket() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.machine.papers) - 1
	if last < 0 || p.machine.papers[last].Fate != Presented {
		return false
	}
	p.machine.papers[last].Fate = Taken
	p.changed()
	return true
}

// state is what the printer knows of itself. The caller holds the lock.
func (p *Printer) state() escpos.Status {
	var s escpos.Status
	for f, said := range states {
		if p.faults&f != 0 {
			s |= said
		}
	}
	if p.faults&stops != 0 {
		s |= escpos.Offline
	}
	if last := len(p.machine.papers) - 1; last >= 0 && p.machine.papers[last].Fate == Presented {
		s |= escpos.AtMouth
	}
	if p.faults&stops == 0 && p.moving() {
		s |= escpos.Moving
	}
	if len(p.buffer)+len(p.command) > 0 {
		s |= escpos.Busy
	}
	return s
}
