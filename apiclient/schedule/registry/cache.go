package registry

import (
	"maps"
	"sync"
	"time"

	"infomat/apiclient"
)

// pageCache holds the last good value of each document that the last whole reading has used. A document with
// a version that has not changed is not sent again. A document that cannot be read again keeps its value for
// a while.
type pageCache struct {
	mu     sync.Mutex
	kept   map[string]page
	failed map[string]bool // keys of the pages that did not come when they were last asked for
}

// page is a converted document. Its value is shared by catalogues and must not be changed.
type page struct {
	address string // path and query, which the version belongs to
	version apiclient.Version
	value   any
	read    time.Time
}

// round is one reading of many documents. Its pages replace those of the cache when the whole reading is
// good, so that pages of past doctors do not stay, and those of a reading that fails do not pile up.
type round struct {
	cache  *pageCache
	before map[string]page // immutable
	failed map[string]bool // up to the round before; immutable

	mu   sync.Mutex
	used map[string]page
}

func (p *pageCache) begin() *round {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := &round{cache: p, before: p.kept, failed: p.failed, used: make(map[string]page, len(p.kept))}
	p.failed = map[string]bool{}
	return r
}

// fail notes that a page did not come when it was last asked for. The next round knows it, however this one ends.
func (r *round) fail(key string) {
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	r.cache.failed[key] = true
}

// last returns the last good value under a key.
func (r *round) last(key string) (page, bool) {
	last, ok := r.before[key]
	return last, ok
}

// use keeps a page for the next round.
func (r *round) use(key string, p page) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used[key] = p
}

// end replaces the pages of the cache by those of the round, unless a page was read again meanwhile.
func (r *round) end() {
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	for key, now := range r.used {
		if other, ok := r.cache.kept[key]; ok && other.read.After(now.read) {
			r.used[key] = other
		}
	}
	r.cache.kept = r.used
}

// find returns the last good value under a key.
func (p *pageCache) find(key string) (page, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	last, ok := p.kept[key]
	return last, ok
}

// replace replaces a page, if the last round has used it.
func (p *pageCache) replace(key string, fresh page) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.kept[key]; !ok {
		return
	}
	kept := maps.Clone(p.kept) // a round may be reading the other
	kept[key] = fresh
	p.kept = kept
}
