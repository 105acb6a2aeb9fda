package schedule

import (
	"fmt"
	"sync/atomic"
)

// The limits of one reading, in case a server never ends. A clinic of 500 doctors has 280 000 cells in two
// weeks, in about 100 MB of answers.
const (
	maxRequests     = 6000
	maxBytes        = 512 << 20
	maxSpecialities = 500
	maxDoctors      = 3000
	maxCells        = 300_000
	maxTextBytes    = 16 << 20 // of names, posts and rooms
)

// LimitError is returned if a timetable is larger than one reading may be.
type LimitError struct {
	What  string // requests, bytes, specialities, doctors, cells, bytes of text
	Limit int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("schedule: the timetable has more than %d %s", e.Limit, e.What)
}

// Budget counts what one reading has used. Its methods return a *LimitError beyond a limit. The zero value is a
// reading that begins. It is safe for concurrent use.
type Budget struct {
	requests, bytes, specialities, doctors, cells, text atomic.Int64
}

// spend adds to a count and returns a *LimitError if that exceeds its limit.
func spend(count *atomic.Int64, n int, limit int64, what string) error {
	if count.Add(int64(n)) > limit {
		return &LimitError{what, limit}
	}
	return nil
}

// Request counts a request that is about to be sent.
func (b *Budget) Request() error { return spend(&b.requests, 1, maxRequests, "requests") }

// Read counts the bytes of an answer.
func (b *Budget) Read(n int) error { return spend(&b.bytes, n, maxBytes, "bytes") }

// AddSpeciality counts a speciality.
func (b *Budget) AddSpeciality() error {
	return spend(&b.specialities, 1, maxSpecialities, "specialities")
}

// AddDoctors counts doctors.
func (b *Budget) AddDoctors(n int) error { return spend(&b.doctors, n, maxDoctors, "doctors") }

// AddCells counts cells.
func (b *Budget) AddCells(n int) error { return spend(&b.cells, n, maxCells, "cells") }

// AddText counts the bytes of texts that are kept: names, posts and rooms.
func (b *Budget) AddText(n int) error { return spend(&b.text, n, maxTextBytes, "bytes of text") }
