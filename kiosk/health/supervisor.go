package health

import (
	"context"
	"slices"
	"sync"
	"time"

	"infomat/kiosk"
)

// Watched is a part that is watched.
type Watched struct {
	Part  Part
	Check func(ctx context.Context) Finding // should return within Within, at the latest when ctx ends
	Every time.Duration                     // between two looks, unless the supervisor is poked
	// how long a look may take; one that takes longer is a finding of KindNoAnswer
	Within   time.Duration
	Tolerate int     // how many bad looks in a row are believed; 0 is 1
	Unasked  Finding // what holds until the first look; zero: New(Part, KindUnchecked)
}

// Supervisor looks at all parts, each at its own interval, and reports changes. It is the only owner of what works
// for patients: code that meets a failure at work reports it.
//
// At most one look at a part is in flight at any time. One that does not come to its end in time is told as
// KindNoAnswer, and no other is begun until it has returned; what it returns then counts as any other look.
//
// Its methods are safe for concurrent use, also before Run. The fields must not be changed after the first call.
type Supervisor struct {
	Parts []Watched
	// called after each change of a part, one call at a time; must not block, nor call the supervisor
	Changed  func(now Snapshot, part Status)
	Panicked func(kiosk.Panic) // told of a look that panicked; nil: panics are not caught

	once  sync.Once
	pokes []chan struct{}

	tells sync.Mutex // held from a change until Changed has returned, so that changes are told in their order
	mu    sync.Mutex // guards what follows
	damp  []*damper
	now   Snapshot
}

func (s *Supervisor) init() {
	s.once.Do(func() {
		now := time.Now()
		for _, p := range s.Parts {
			unasked := p.Unasked
			if unasked.Kind == "" {
				unasked = New(p.Part, KindUnchecked)
			}
			unasked.Part = p.Part
			s.damp = append(s.damp, &damper{tolerate: max(1, p.Tolerate), status: Status{Finding: unasked, Since: now}})
			s.pokes = append(s.pokes, make(chan struct{}, 1))
		}
		s.now.Since = now
		s.judge(now)
	})
}

// judge derives the snapshot from the parts. The caller holds mu, or is init.
func (s *Supervisor) judge(now time.Time) {
	parts := make([]Status, 0, len(s.damp))
	findings := make([]Finding, 0, len(s.damp))
	for _, d := range s.damp {
		parts, findings = append(parts, d.status), append(findings, d.status.Finding)
	}
	service := ServiceOf(findings...)
	if mode := modeOf(service); mode != s.now.Mode {
		s.now.Mode, s.now.Since = mode, now
	}
	s.now.Parts, s.now.Service = parts, service
}

// Snapshot returns what is believed now.
func (s *Supervisor) Snapshot() Snapshot {
	s.init()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now
	now.Parts = slices.Clone(now.Parts)
	return now
}

// Poke asks for a look at these parts now, or at all where none is named. It does not block.
func (s *Supervisor) Poke(parts ...Part) {
	s.init()
	for i, p := range s.Parts {
		if len(parts) == 0 || slices.Contains(parts, p.Part) {
			s.poke(i)
		}
	}
}

func (s *Supervisor) poke(i int) {
	select {
	case s.pokes[i] <- struct{}{}:
	default: // it was asked already
	}
}

// Report takes what somebody met at work: a record that could not be written, a refused access, a dead printer. It
// counts at once, also for a part that was not looked at yet, and stays until a good look that began after the
// report. A look is asked for at once. A report that is better than what is believed is ignored, as is one of a part
// that is not watched.
func (s *Supervisor) Report(f Finding) {
	s.init()
	for i, p := range s.Parts {
		if p.Part == f.Part {
			s.change(i, func(d *damper) bool { return d.report(f, time.Now()) })
			s.poke(i)
		}
	}
}

// change changes what is believed of a part, and reports that if it is news.
func (s *Supervisor) change(i int, how func(*damper) (changed bool)) {
	s.tells.Lock()
	defer s.tells.Unlock()
	s.mu.Lock()
	changed := how(s.damp[i])
	s.judge(time.Now())
	now := s.now
	now.Parts = slices.Clone(now.Parts)
	s.mu.Unlock()
	if changed {
		s.Changed(now, now.Parts[i])
	}
}

// Run watches until ctx ends. It does not wait for looks that hang.
func (s *Supervisor) Run(ctx context.Context) {
	s.init()
	var all sync.WaitGroup
	for i := range s.Parts {
		all.Go(func() { s.watch(ctx, i) })
	}
	all.Wait()
}

// watch looks at one part again and again.
func (s *Supervisor) watch(ctx context.Context, i int) {
	every := s.Parts[i].Every
	for ctx.Err() == nil {
		again := s.look(ctx, i)
		if again <= 0 || again > every {
			again = every
		}
		select {
		case <-ctx.Done():
		case <-s.pokes[i]:
		case <-time.After(again):
		}
	}
}

// grace is how much longer than its time a look may take, so that one that obeys its context says itself what was
// the matter.
const grace = time.Second

// look looks at a part once and takes in what was found. It returns when the look has, or ctx has ended, and in how
// long to look again at the latest; 0: as usual.
func (s *Supervisor) look(ctx context.Context, i int) (again time.Duration) {
	p := s.Parts[i]
	bounded, cancel := context.WithTimeout(ctx, p.Within)
	defer cancel()
	began := time.Now()
	answer := make(chan Finding, 1)
	go func() { answer <- s.safely(bounded, p) }() // ends with the look; the next is begun only after that
	hear := func(f Finding) {
		if ctx.Err() == nil { // a look that was cut short tells nothing
			s.change(i, func(d *damper) (changed bool) {
				changed, again = d.hear(f, began, time.Now())
				return changed
			})
		}
	}
	late := time.NewTimer(p.Within + grace)
	defer late.Stop()
	for {
		select {
		case f := <-answer:
			hear(f)
			return again
		case <-late.C:
			f := New(p.Part, KindNoAnswer)
			f.Detail = "a look takes longer than " + p.Within.String()
			hear(f)
		case <-ctx.Done():
			return 0
		}
	}
}

// safely looks at a part. A panic is told and becomes a finding.
func (s *Supervisor) safely(ctx context.Context, p Watched) (f Finding) {
	if s.Panicked != nil {
		defer func() {
			if v := recover(); v != nil {
				s.Panicked(kiosk.NewPanic("watch over "+string(p.Part), v))
				f = New(p.Part, KindPanic)
			}
		}()
	}
	return p.Check(ctx)
}
