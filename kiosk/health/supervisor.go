package health

import (
	"context"
	"slices"
	"sync"
	"time"

	"infomat/kiosk"
)

// Part is something that is watched.
type Part struct {
	Name     string
	Check    func(ctx context.Context) Finding // ends within Within, at the latest when ctx does
	Every    time.Duration                     // between two looks, unless the supervisor is poked
	Within   time.Duration                     // how long a look may take; one that takes longer counts as Down
	Tolerate int                               // how many bad looks in a row are believed; 0 is 1
	Unasked  Finding                           // what holds until the first look: its State stays Unknown
}

// Supervisor looks at all parts, each in its own time, and tells of changes.
type Supervisor struct {
	Parts    []Part
	Changed  func(now Snapshot, part Status) // called when a part has changed, one call at a time; must not block; first for each part's first look
	Panicked func(kiosk.Panic)               // told of a look that panicked; the part counts as Down; nil: panics are not caught

	once  sync.Once
	pokes []chan struct{}

	mu    sync.Mutex
	now   Snapshot
	tells sync.Mutex // held while Changed is called
}

func (s *Supervisor) init() {
	s.once.Do(func() {
		for _, p := range s.Parts {
			p.Unasked.State = Unknown
			s.now.Parts = append(s.now.Parts, Status{Part: p.Name, Finding: p.Unasked, Since: time.Now()})
			s.pokes = append(s.pokes, make(chan struct{}, 1))
		}
		s.now.Level, s.now.Service = judge(s.now.Parts)
		s.now.Since = time.Now()
	})
}

// Snapshot is what is believed now. It may be asked from anywhere, also before Run.
func (s *Supervisor) Snapshot() Snapshot {
	s.init()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.copied()
}

func (s *Supervisor) copied() Snapshot {
	now := s.now
	now.Parts = slices.Clone(now.Parts)
	return now
}

// Poke asks for a look at the parts with these names now, or at all where none is named. It never blocks.
func (s *Supervisor) Poke(names ...string) {
	s.init()
	for i, p := range s.Parts {
		if len(names) > 0 && !slices.Contains(names, p.Name) {
			continue
		}
		select {
		case s.pokes[i] <- struct{}{}:
		default: // it was asked already
		}
	}
}

// Run lives until ctx ends.
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
	p := s.Parts[i]
	d := damper{tolerate: max(1, p.Tolerate), status: Status{Part: p.Name, Finding: p.Unasked}}
	d.status.State = Unknown
	for ctx.Err() == nil {
		f := s.look(ctx, p)
		if ctx.Err() != nil {
			return // a look that was cut short tells nothing
		}
		changed, again := d.hear(f, time.Now())
		s.tell(i, d.status, changed)
		if again <= 0 || again > p.Every {
			again = p.Every
		}
		select {
		case <-ctx.Done():
		case <-s.pokes[i]:
		case <-time.After(again):
		}
	}
}

// look asks a part once. One that does not end in time is Down, and is asked again when it has ended.
func (s *Supervisor) look(ctx context.Context, p Part) Finding {
	bounded, cancel := context.WithTimeout(ctx, p.Within)
	defer cancel()
	answer := make(chan Finding, 1)
	go func() { answer <- s.safely(bounded, p) }() // ends with the look, which ends with its context
	select {
	case f := <-answer:
		return f
	case <-time.After(p.Within + time.Second):
		f := p.Unasked
		f.State, f.Reason, f.Detail = Down, "no answer", "a look at it takes longer than "+p.Within.String()
		return f
	}
}

func (s *Supervisor) safely(ctx context.Context, p Part) (f Finding) {
	if s.Panicked == nil {
		return p.Check(ctx)
	}
	defer func() {
		if v := recover(); v != nil {
			s.Panicked(kiosk.NewPanic("watch over "+p.Name, v))
			f = p.Unasked
			f.State, f.Reason = Down, "panic"
		}
	}()
	return p.Check(ctx)
}

// tell takes a part's newest status in, and tells of a change.
func (s *Supervisor) tell(i int, status Status, changed bool) {
	s.tells.Lock()
	defer s.tells.Unlock()
	s.mu.Lock()
	s.now.Parts[i] = status
	level, service := judge(s.now.Parts)
	if level != s.now.Level {
		s.now.Since = time.Now()
	}
	s.now.Level, s.now.Service = level, service
	now := s.copied()
	s.mu.Unlock()
	if changed {
		s.Changed(now, status)
	}
}
