package schedule

import (
	"context"
	"errors"
	"net/url"
	"sync"

	"infomat/apiclient"
)

// pageCache holds the documents that have a version, as they were converted. A document that has not
// changed is not sent again.
type pageCache struct {
	mu    sync.Mutex
	known map[string]*cachedPage
	round int
}

// cachedPage is a converted document. Its value is shared by catalogues and must not be changed.
type cachedPage struct {
	version apiclient.Version
	value   any
	round   int // the last round in which it was read
}

// readCached reads and converts a document. If the document has not changed, it returns the cached value.
func readCached[T any](
	ctx context.Context, p *pageCache, c *apiclient.Client, path string, query url.Values, convert func([]byte) (T, error),
) (T, error) {
	var none T
	key := path + "?" + query.Encode()
	before := p.find(key)
	data, version, err := c.Read(ctx, path, query, before.version)
	if errors.Is(err, apiclient.ErrNotModified) {
		if value, ok := before.value.(T); ok {
			return value, nil
		}
	}
	if err != nil {
		return none, err
	}
	value, err := convert(data)
	if err != nil {
		return none, err
	}
	p.keep(key, cachedPage{version: version, value: value})
	return value, nil
}

func (p *pageCache) find(key string) cachedPage {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.known[key]; known != nil {
		known.round = p.round
		return *known
	}
	return cachedPage{}
}

func (p *pageCache) keep(key string, fresh cachedPage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if fresh.version == (apiclient.Version{}) {
		delete(p.known, key)
		return
	}
	if p.known == nil {
		p.known = map[string]*cachedPage{}
	}
	fresh.round = p.round
	p.known[key] = &fresh
}

// nextRound removes what was not read in this round, such as the pages of past days.
func (p *pageCache) nextRound() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, known := range p.known {
		if known.round < p.round {
			delete(p.known, key)
		}
	}
	p.round++
}
