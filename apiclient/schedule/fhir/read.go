package fhir

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"infomat/apiclient"
)

// Bounds of reading single resources. A server that lacks includes needs a request for each doctor and room.
const (
	readsAtOnce   = 4
	maxReads      = 2000
	failuresOfOne = 3 // so many failures of a type without a success: the rest of the type is not asked for
	maxRounds     = 4 + maxNesting
)

// complete reads the resources that slots lead to and that the server has not sent with them. One that
// cannot be read costs the doctor who needs it. A server that is busy ends the reading.
func (f *Source) complete(ctx context.Context, b *bundle) error {
	left := maxReads
	failures := map[string]int{}
	for range maxRounds {
		missing := b.missing()
		if len(missing) == 0 {
			return nil
		}
		for batch := range slices.Chunk(missing, readsAtOnce) {
			var ask []string
			for _, key := range batch {
				b.asked[key] = true
				if kind, _, _ := strings.Cut(key, "/"); failures[kind] < failuresOfOne && left > 0 {
					ask = append(ask, key)
					left--
				}
			}
			for _, key := range batch {
				b.failed[key] = !slices.Contains(ask, key)
			}
			if err := f.readSome(ctx, b, ask, failures); err != nil {
				return err
			}
		}
	}
	return nil
}

// readSome reads some resources at the same time and adds them.
func (f *Source) readSome(ctx context.Context, b *bundle, keys []string, failures map[string]int) error {
	type answer struct {
		data []byte
		err  error
	}
	answers := make([]answer, len(keys))
	var all sync.WaitGroup
	for i, key := range keys {
		if err := b.used.Request(); err != nil {
			return err
		}
		all.Go(func() { answers[i].data, _, answers[i].err = f.client.Read(ctx, "/"+key, nil, apiclient.Version{}) })
	}
	all.Wait()
	for i, key := range keys {
		kind, _, _ := strings.Cut(key, "/")
		if err := b.used.Read(len(answers[i].data)); err != nil {
			return err
		}
		var busy *apiclient.BusyError
		switch err := answers[i].err; {
		case ctx.Err() != nil:
			return fmt.Errorf("schedule: fhir: %w", ctx.Err())
		case errors.As(err, &busy):
			return fmt.Errorf("schedule: fhir: reading a %s: %w", kind, busy)
		case err != nil && isGone(err):
			continue
		case err != nil || !isA(kind, answers[i].data):
			b.failed[key] = true
			failures[kind]++
			continue
		}
		failures[kind] = -maxReads // the server has this type
		if err := b.addResource(answers[i].data, key, origin{container: key}, place{}); err != nil {
			return err
		}
	}
	return nil
}

// isGone reports whether the server has no such resource.
func isGone(err error) bool {
	var refusal *apiclient.RefusalError
	return errors.As(err, &refusal) &&
		(refusal.HTTPStatus == http.StatusNotFound || refusal.HTTPStatus == http.StatusGone)
}

// isA reports whether a document is a resource of a type.
func isA(kind string, data []byte) bool {
	var head struct{ ResourceType string }
	return json.Unmarshal(data, &head) == nil && head.ResourceType == kind
}

// missing returns the keys of resources that slots lead to, that this server should have, and that were
// neither sent nor asked for.
func (b *bundle) missing() (keys []string) {
	queue := slices.Clone(b.schedules.list)
	visited := map[string]bool{}
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		found := b.find(r)
		switch {
		case found == nil && b.readable(r) && !visited[r.key]:
			visited[r.key] = true
			keys = append(keys, r.key)
		case found != nil && !visited[found.key]:
			visited[found.key] = true
			queue = append(queue, found.needs()...)
		}
	}
	return keys
}

// readable reports whether a resource can be asked for.
func (b *bundle) readable(r reference) bool {
	kind, id, _ := strings.Cut(r.key, "/")
	return knownKinds[kind] && kind != kindOrganization && id != "" && !strings.ContainsAny(id, "#/? ") && !b.asked[r.key]
}

// needs returns the references by which names, rooms and specialities are found.
func (r *resource) needs() []reference {
	return slices.Concat(
		r.actors, r.serviceType.services, r.services, r.locations, []reference{r.practitioner, r.partOf},
	)
}
