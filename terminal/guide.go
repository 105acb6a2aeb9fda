package terminal

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"infomat/apiclient/schedule"
	"infomat/device/ticket"
	"infomat/kiosk/guide"
)

// guides keeps the clinic's own knowledge: the newest file that could be used. One that is broken changes nothing; the
// check of the files says what is wrong with it.
type guides struct {
	file string // "": there is none
	log  *slog.Logger

	now  atomic.Pointer[guide.Guide]
	seen os.FileInfo // of the file that was read last; nil: none
	told string      // the last error that was logged
}

// newGuides reads the file for the first time.
func newGuides(file string, log *slog.Logger) *guides {
	g := &guides{file: file, log: log}
	g.look()
	return g
}

// inUse returns the knowledge in use; nil: there is none.
func (g *guides) inUse() *guide.Guide { return g.now.Load() }

// run looks for another file until ctx ends.
func (g *guides) run(ctx context.Context) {
	for g.file != "" {
		select {
		case <-ctx.Done():
			return
		case <-time.After(readAgain):
		}
		g.look()
	}
}

// look reads the file where it has changed since the last look, or could not be used then.
func (g *guides) look() {
	if g.file == "" {
		return
	}
	info, err := os.Stat(g.file)
	if err == nil && g.seen != nil && g.told == "" && os.SameFile(info, g.seen) &&
		info.ModTime().Equal(g.seen.ModTime()) && info.Size() == g.seen.Size() {
		return
	}
	next, err := guide.Read(g.file)
	if err != nil {
		if g.told != err.Error() {
			g.log.Warn("the clinic's guide cannot be used; the one before stays", "error", err)
			g.told = err.Error()
		}
		return
	}
	g.seen, g.told = info, ""
	g.now.Store(next)
	g.log.Info("the clinic's guide is in use", "file", g.file)
}

// offered is the part of a timetable that this terminal offers, as the guide says. It is safe for concurrent use.
type offered struct {
	mu   sync.Mutex
	of   *schedule.Catalogue
	by   *guide.Guide
	part *schedule.Catalogue
}

// offer returns the part of c. It is made anew when the timetable or the guide is another one.
func (o *offered) offer(c *schedule.Catalogue, g *guide.Guide) *schedule.Catalogue {
	if c == nil || !g.Restricts() {
		return c
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of != c || o.by != g {
		o.of, o.by, o.part = c, g, c.Only(offers(g))
	}
	return o.part
}

// offers returns whether a guide offers a room as the timetable writes it. Each text is looked at once.
func offers(g *guide.Guide) func(room string, floor int) bool {
	type place struct {
		room  string
		floor int
	}
	known := map[place]bool{}
	return func(room string, floor int) bool {
		p := place{room, floor}
		if is, ok := known[p]; ok {
			return is
		}
		known[p] = g.Offers(ticket.Room(room, floor))
		return known[p]
	}
}
