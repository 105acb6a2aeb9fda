package terminal

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"

	"infomat/kiosk"
)

// What is known of a patient is overwritten where the program keeps it (kiosk.Person, apiclient.PatientToken). But
// net/http, resty and encoding/json copy what they send and receive, and Go's collector frees memory without
// overwriting it. So after the visit of a patient who has said who he is, the free memory of the heap is overwritten:
// two collections, of which the second also takes what pools still hold; then the free places of each size are
// allocated, which fills them with zeros; then the rest is given back to the system.

// Sizes of the places that scrub fills: the size classes of Go's allocator are among them or between two of them.
const (
	smallestPlace = 8
	greatestPlace = 32 << 10
	spareSpans    = 4       // further places of each size, in units of a span
	spanSize      = 8 << 10 // the least memory that the allocator takes for places of one size
)

// scrub overwrites the memory that nothing uses any more.
func scrub() {
	runtime.GC()
	runtime.GC()
	var free runtime.MemStats
	runtime.ReadMemStats(&free)
	var plain [][]byte
	var pointers [][]*byte
	for _, class := range free.BySize {
		size := int(class.Size)
		if size < smallestPlace || size > greatestPlace {
			continue
		}
		// How many places are free is not told: the heap as a whole tells the most.
		places := spareSpans * max(1, spanSize/size)
		places += int(free.HeapInuse-free.HeapAlloc) / size / len(free.BySize) * 2
		for range places {
			plain = append(plain, make([]byte, size))
			pointers = append(pointers, make([]*byte, size/smallestPlace))
		}
	}
	runtime.KeepAlive(plain)
	runtime.KeepAlive(pointers)
	plain, pointers = nil, nil
	debug.FreeOSMemory()
}

// scrubAfter lets the requests of a visit leave what they hold, before the memory is overwritten.
const scrubAfter = time.Second

// scrubber overwrites the free memory after each visit of a patient who has said who he is.
type scrubber struct {
	person *kiosk.Person // of the state before; owned by the state machine's goroutine
	wanted chan struct{}
}

func newScrubber() *scrubber { return &scrubber{wanted: make(chan struct{}, 1)} }

// seen notices that somebody has left.
func (c *scrubber) seen(s kiosk.State) {
	if c.person != nil && c.person != s.Person {
		select {
		case c.wanted <- struct{}{}:
		default: // it is wanted already
		}
	}
	c.person = s.Person
}

// run overwrites until ctx ends.
func (c *scrubber) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wanted:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(scrubAfter):
			scrub()
		}
	}
}
