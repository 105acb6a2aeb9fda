package schedule

import (
	"context"
	"errors"
	"net/url"
	"sync"

	"infomat/apiclient"
)

// pages are the documents that a server gave a version to, as they were read: asked again with that version, it need not send what is known.
type pages struct {
	mu    sync.Mutex
	known map[string]*page
	round int
}

// page is a document as it was read. Its value is read only: catalogues share it.
type page struct {
	version apiclient.Version
	value   any
	round   int // the last in which it was asked for
}

// remembered reads a document and converts it, or gives what it was converted to before where it has not changed.
func remembered[T any](ctx context.Context, p *pages, c *apiclient.Client, path string, query url.Values, convert func([]byte) (T, error)) (T, error) {
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
	p.keep(key, page{version: version, value: value})
	return value, nil
}

func (p *pages) find(key string) page {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.known[key]; known != nil {
		known.round = p.round
		return *known
	}
	return page{}
}

func (p *pages) keep(key string, fresh page) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if fresh.version == (apiclient.Version{}) {
		delete(p.known, key)
		return
	}
	if p.known == nil {
		p.known = map[string]*page{}
	}
	fresh.round = p.round
	p.known[key] = &fresh
}

// nextRound forgets what was not asked for in this round, such as the pages of days that are over.
func (p *pages) nextRound() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, known := range p.known {
		if known.round < p.round {
			delete(p.known, key)
		}
	}
	p.round++
}
