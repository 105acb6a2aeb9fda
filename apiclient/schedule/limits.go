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
	maxDoctorCells  = 8000     // of one doctor: two weeks of 24 hours have 4032 cells of 5 minutes
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

// budget counts what one reading has used. It is safe for concurrent use.
type budget struct {
	requests, bytes, specialities, doctors, cells, text atomic.Int64
}

// spend adds to a count and returns a *LimitError if that exceeds its limit.
func spend(count *atomic.Int64, n int, limit int64, what string) error {
	if count.Add(int64(n)) > limit {
		return &LimitError{what, limit}
	}
	return nil
}

func (b *budget) request() error   { return spend(&b.requests, 1, maxRequests, "requests") }
func (b *budget) read(n int) error { return spend(&b.bytes, n, maxBytes, "bytes") }
func (b *budget) speciality() error {
	return spend(&b.specialities, 1, maxSpecialities, "specialities")
}
func (b *budget) addDoctors(n int) error { return spend(&b.doctors, n, maxDoctors, "doctors") }
func (b *budget) addCells(n int) error   { return spend(&b.cells, n, maxCells, "cells") }
func (b *budget) addText(n int) error    { return spend(&b.text, n, maxTextBytes, "bytes of text") }
