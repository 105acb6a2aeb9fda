package scanner

import (
	"errors"
	"fmt"
	"time"
)

// Suffix is what a scanner sends behind each code.
type Suffix string

// The suffixes. Scanners are delivered with CR, or CR and LF; both are SuffixCR. One that sends nothing ends a code by
// its silence.
const (
	SuffixCR   Suffix = "cr"
	SuffixLF   Suffix = "lf"
	SuffixTab  Suffix = "tab"
	SuffixNone Suffix = "none"
)

// ErrSuffix is the error of a suffix that there is not.
var ErrSuffix = errors.New("suffix has to be cr, lf, tab or none")

// ParseSuffix returns the suffix that s names.
func ParseSuffix(s string) (Suffix, error) {
	switch x := Suffix(s); x {
	case SuffixCR, SuffixLF, SuffixTab, SuffixNone:
		return x, nil
	}
	return "", fmt.Errorf("%q: %w", s, ErrSuffix)
}

// ends returns the byte that ends a code.
func (s Suffix) ends() (end byte, ok bool) {
	switch s {
	case SuffixCR:
		return '\r', true
	case SuffixLF:
		return '\n', true
	case SuffixTab:
		return '\t', true
	case SuffixNone:
	}
	return 0, false
}

// The times of a code.
const (
	silence = 150 * time.Millisecond // in the middle of a code: it was cut off; without a suffix: it has ended
	apart   = 500 * time.Millisecond // from one code to the next: nobody shows codes faster
)

// frame collects the bytes of one code. It holds at most one code of maxCode bytes.
type frame struct {
	suffix Suffix
	code   []byte
	length int       // of the code, also of what was not kept
	last   time.Time // when its last byte came
	ready  time.Time // no code counts before
}

// add takes one byte, and returns the code that it ends.
func (f *frame) add(b byte, now time.Time) (s Scan, ended bool) {
	end, has := f.suffix.ends()
	switch {
	case has && b == end:
		return f.end(now)
	case f.length == 0 && (b == '\n' || b == '\r'): // the rest of CR LF
		return s, false
	}
	f.last = now
	f.length++
	if len(f.code) < maxCode {
		f.code = append(f.code, b)
	}
	return s, false
}

// quiet is called while nothing comes. It returns the code that silence ends, or cuts.
func (f *frame) quiet(now time.Time) (s Scan, ended bool) {
	if f.length == 0 || now.Sub(f.last) < silence {
		return s, false
	}
	if _, has := f.suffix.ends(); has {
		s = Scan{Form: FormCut, Length: f.length}
		f.forget()
		return s, true
	}
	return f.end(now)
}

// end returns the code, and begins the next one.
func (f *frame) end(now time.Time) (s Scan, ended bool) {
	defer f.forget()
	switch {
	case f.length == 0:
		return s, false
	case f.length > maxCode:
		s = Scan{Form: FormTooLong, Length: f.length}
	case now.Before(f.ready):
		s = Scan{Form: FormTooFast, Length: f.length}
	default:
		s = Read(f.code)
		f.ready = now.Add(apart)
	}
	return s, true
}

// forget overwrites what is there of a code.
func (f *frame) forget() {
	clear(f.code)
	f.code, f.length = f.code[:0], 0
}
