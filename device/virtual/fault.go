package virtual

import "infomat/device/escpos"

// Fault is a set of faults of the printer.
type Fault uint16

// The faults. None is a printer without a fault.
const (
	PaperLow Fault = 1 << iota
	PaperOut
	CoverOpen
	Cutter        // stuck
	Jam           // of paper
	Offline       // by its button
	Silent        // accepts all bytes, prints nothing, answers nothing
	Garbage       // noise on the line in both directions
	NoPower       // switched off: buffer, macro and settings are forgotten, bytes are lost
	None    Fault = 0
)

// Faults lists all single faults in the order of a panel.
var Faults = []Fault{PaperLow, PaperOut, CoverOpen, Cutter, Jam, Offline, Silent, Garbage, NoPower}

var faultNames = map[Fault]string{
	PaperLow: "paper_low", PaperOut: "paper_out", CoverOpen: "cover_open", Cutter: "cutter", Jam: "jam",
	Offline: "offline", Silent: "silent", Garbage: "garbage",
	NoPower: "no_power",
}

// Name returns the name of a single fault, which is also the id of its text on the panel.
func (f Fault) Name() string { return faultNames[f] }

// stops are the faults that stop the mechanism.
const stops = PaperOut | CoverOpen | Cutter | Jam | Offline

// statuses are the status bits of each fault.
var statuses = map[Fault]escpos.Status{
	PaperLow: escpos.PaperLow, PaperOut: escpos.PaperOut | escpos.PaperLow, CoverOpen: escpos.CoverOpen,
	Cutter: escpos.Cutter, Jam: escpos.Jam | escpos.Fault,
}

// SetFault sets the faults of the printer. When no fault stops the mechanism any more, it carries on with its buffer;
// after NoPower it begins anew.
func (p *Printer) SetFault(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = f
	if f&NoPower != 0 {
		p.forget()
	}
	p.changed()
}

// Fault returns the faults of the printer.
func (p *Printer) Fault() Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}

// LoadPaper loads a roll of mm millimetres, or one that never ends if mm is 0. It removes the faults
// PaperLow and PaperOut.
func (p *Printer) LoadPaper(mm int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paper = mm * dotsPerMM
	p.endless = mm == 0
	p.faults &^= PaperLow | PaperOut
	p.changed()
}

// lowMM is the length in millimetres below which the sensor reports that paper is low.
const lowMM = 2000

// feed moves the paper by dots and updates the paper sensors. The caller holds the lock.
func (p *Printer) feed(dots int) {
	p.due += dots
	if p.atItem != nil {
		defer p.atItem()
	}
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

// TakeTicket takes the ticket out of the presenter's mouth, as a patient does. It returns false if there is none.
func (p *Printer) TakeTicket() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.interp.papers) - 1
	if last < 0 || p.interp.papers[last].Fate != Presented {
		return false
	}
	p.interp.papers[last].Fate = Taken
	p.changed()
	return true
}

// status returns the status of the printer. The caller holds the lock.
func (p *Printer) status() escpos.Status {
	var s escpos.Status
	for f, bits := range statuses {
		if p.faults&f != 0 {
			s |= bits
		}
	}
	if p.faults&stops != 0 {
		s |= escpos.Offline
	}
	if last := len(p.interp.papers) - 1; last >= 0 && p.interp.papers[last].Fate == Presented {
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
