package kiosk

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// recovered sorts what a crash left unfinished. Nothing is printed and nothing is sent by itself: what was only
// intended ends as not sent; what was sent without an answer is unknown, and its cell is re-read; so is the fate of a
// print that had begun; a booking that is still held and has no certain ticket is offered on the screen; what has run
// out is done.
func recovered(s *State, now time.Time, e Recovered) []Command {
	var commands []Command
	for _, r := range e.Records {
		var end Stage
		if r, end = sortUnfinished(r); end != "" {
			commands = append(commands, WriteRecord{Record{
				Operation: r.Operation, Stage: end, Job: r.Job, Copy: r.Copy && end == StagePrintUnknown, Visit: r.Visit,
			}})
		}
		switch {
		case end.Ends():
		case r.Num != "":
			more := judge(s, now, r, e)
			commands = append(commands, more...)
		case isReprint(r):
			commands = append(commands, done(r.Operation, ""))
		default:
			s.Reconciling = append(slices.Clip(s.Reconciling), lookAt(r, now.Add(s.Settings.Hold)))
		}
	}
	showOffers(s)
	return commands
}

// isReprint reports whether all that is left of a booking is a technician's copy of its ticket: the booking was
// confirmed and has ended, so there is nothing to find out about its cell.
func isReprint(r Record) bool { return r.Copy && isNil(r.Cell) }

// sortUnfinished returns the record with the stage that it has to take, and that stage where it is another, else "".
func sortUnfinished(r Record) (Record, Stage) {
	was := r.Stage
	switch {
	case was == StageIntent:
		r.Stage = StageUnreachable
	case was == StageSent:
		r.Stage = StageUnknown
	case was == StageVisitIntent:
		r.Stage = StageVisitRefused
	case was == StageVisitSent:
		r.Stage = StageVisitUnknown
	case was == StagePrinting:
		r.Stage = StagePrintUnknown
	case was == StagePrinted && (r.Num != "" || isReprint(r)):
		r.Stage = StageDone
	}
	if visitOf(r.Stage) != VisitNone {
		r.Visit = r.Stage
	}
	if r.Stage == was {
		return r, ""
	}
	return r, r.Stage
}

// Reconciling is a booking of an earlier life of the program whose end is unknown, while its cell is re-read.
type Reconciling struct {
	Operation uuid.UUID
	cell      Cell
	until     time.Time // from then on the registry cannot hold the cell any more
	next      time.Time // when to look; zero: at once
	looking   bool
}

func lookAt(r Record, until time.Time) Reconciling {
	cell := Cell{GUID: r.Cell, Doctor: r.Doctor, Begin: r.Begin}
	return Reconciling{Operation: r.Operation, cell: cell, until: until}
}

// lookAgainAfter is the pause after a look that has shown nothing.
const lookAgainAfter = 15 * time.Second

// reconcilingOf returns the index of an operation in State.Reconciling, or -1.
func reconcilingOf(s *State, operation uuid.UUID) int {
	return slices.IndexFunc(s.Reconciling, func(r Reconciling) bool { return r.Operation == operation })
}

// reconcile has the cells re-read whose turn it is. Of a cell whose doctor is not known nothing can be found out. A
// program that is about to end leaves them to its next life.
func reconcile(s *State, now time.Time) []Command {
	if len(s.Reconciling) == 0 || s.Stopping {
		return nil
	}
	var commands []Command
	var rest []Reconciling
	for _, r := range s.Reconciling {
		if isNil(r.cell.Doctor) {
			commands = append(commands, done(r.Operation, CellUnread))
			continue
		}
		if !r.looking && !now.Before(r.next) {
			r.looking = true
			commands = append(commands, Recheck{Operation: r.Operation, Cell: r.cell})
		}
		rest = append(rest, r)
	}
	s.Reconciling = rest
	return commands
}

// reread hands what a cell has shown to the booking of an earlier life of the program that it belongs to, or to the one
// on the screen.
func reread(s *State, now time.Time, e Rechecked) []Command {
	if i := reconcilingOf(s, e.Operation); i >= 0 {
		return reconciled(s, now, i, e.State)
	}
	return on(s, now, e)
}

// reconciled writes to disk what the re-read of a cell has shown. One that has shown nothing is repeated for as long
// as the registry can hold the cell.
func reconciled(s *State, now time.Time, i int, c CellState) []Command {
	r := s.Reconciling[i]
	s.Reconciling = slices.Clone(s.Reconciling)
	if c.told() == CellUnread && now.Before(r.until) {
		s.Reconciling[i].looking, s.Reconciling[i].next = false, now.Add(lookAgainAfter)
		return nil
	}
	s.Reconciling = slices.Delete(s.Reconciling, i, i+1)
	return []Command{done(r.Operation, c.told())}
}
