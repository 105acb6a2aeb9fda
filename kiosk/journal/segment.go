package journal

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"infomat/kiosk"
)

// A segment is a file of lines. Its name is the number of its first record. A line is
//
//	checksum number previous kind stage operation JSON
//
// The checksum is the CRC-32C of all that follows it, in eight hexadecimal digits. Previous is the number of the record
// that was written before: where a reader has not met it, records are missing. Stage and operation are those of a
// booking, "-" in a note. Empty lines, and lines with a wrong checksum, are skipped.
//
// The file "newest" has one more line: the number of the newest record, and as previous that of the oldest segment. It
// is written when the record is on disk, and synced rarely: after a power cut it may be too old, never too new.
const (
	suffix     = ".seg"
	newestFile = "newest"
	maxSegment = 1 << 20 // bytes, from which on a new segment is begun
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type line struct {
	number, previous       uint64
	kind, stage, operation string
	body                   []byte
}

func newLine(e Entry, previous uint64) (line, error) {
	l := line{number: e.Seq, previous: previous, kind: string(e.Kind), stage: "-", operation: "-"}
	if e.Record != nil {
		l.stage, l.operation = string(e.Stage), e.Operation.String()
	}
	var err error
	l.body, err = json.Marshal(e)
	return l, err
}

func (l line) encode() []byte {
	text := fmt.Appendf(nil, "%d %d %s %s %s %s", l.number, l.previous, l.kind, l.stage, l.operation, l.body)
	return fmt.Appendf(nil, "%08x %s\n", crc32.Checksum(text, castagnoli), text)
}

// decode reports whether the line is sound.
func decode(raw []byte) (l line, ok bool) {
	f := bytes.SplitN(raw, []byte(" "), 7)
	sum, err := strconv.ParseUint(string(f[0]), 16, 32)
	if err != nil || len(f) < 7 || crc32.Checksum(raw[len(f[0])+1:], castagnoli) != uint32(sum) {
		return l, false
	}
	number, err := strconv.ParseUint(string(f[1]), 10, 64)
	previous, err2 := strconv.ParseUint(string(f[2]), 10, 64)
	return line{number, previous, string(f[3]), string(f[4]), string(f[5]), f[6]}, err == nil && err2 == nil
}

func (l line) entry() (e Entry, err error) {
	if err = json.Unmarshal(l.body, &e); err != nil {
		return e, fmt.Errorf("journal: record %d: %w", l.number, err)
	}
	e.complete()
	return e, nil
}

type segment struct {
	first uint64
	size  int64
}

func (s segment) path(name string) string {
	return filepath.Join(name, fmt.Sprintf("%020d%s", s.first, suffix))
}

// lines returns the sound lines of a segment, and whether it ends with a whole line. The error is fs.ErrNotExist where
// the segment was trimmed since it was listed. A bad sector ends the segment.
func (s segment) lines(name string) (all iter.Seq[line], whole bool, err error) {
	data, err := os.ReadFile(s.path(name))
	if errors.Is(err, syscall.EIO) {
		err = nil
	}
	return func(yield func(line) bool) {
		for raw := range bytes.Lines(data) {
			if l, ok := decode(bytes.TrimSuffix(raw, []byte("\n"))); ok && !yield(l) {
				return
			}
		}
	}, bytes.HasSuffix(data, []byte("\n")), err
}

// gap is a range of records that are missing: those after the first number, up to the second.
type gap struct{ after, before uint64 }

func (g gap) String() string { return fmt.Sprintf("%d to %d", g.after+1, g.before) }

// reader reads a journal without a lock, segment by segment, also while a terminal writes.
type reader struct {
	name     string
	segments []segment
	oldest   uint64 // number of the oldest segment, 0: not known
	newest   uint64 // number of the newest record
	last     uint64 // number of the newest record that was read, or that one that was read has named
	records  int    // that were read
	gaps     []gap  // that no note tells of
	whole    bool   // the newest segment ends with a whole line
}

// newReader lists the segments. A terminal may write meanwhile: what newestFile says of the newest record is read before
// the names of the segments, and what it says of the oldest after them.
func newReader(name string) (*reader, error) {
	r := &reader{name: name}
	_, r.newest = readNewest(name)
	files, err := os.ReadDir(name)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	for _, f := range files {
		base, ok := strings.CutSuffix(f.Name(), suffix)
		first, err := strconv.ParseUint(base, 10, 64)
		if info, err2 := f.Info(); ok && err == nil && err2 == nil {
			r.segments = append(r.segments, segment{first, info.Size()})
		}
	}
	slices.SortFunc(r.segments, func(a, b segment) int { return cmp.Compare(a.first, b.first) })
	r.oldest, _ = readNewest(name)
	return r, nil
}

// readNewest returns zeros where newestFile is missing or damaged.
func readNewest(name string) (oldest, newest uint64) {
	data, err := os.ReadFile(filepath.Join(name, newestFile))
	if err != nil {
		return 0, 0
	}
	raw, _, _ := bytes.Cut(data, []byte("\n"))
	l, _ := decode(raw)
	return l.previous, l.number
}

// walk calls give with every sound line. A note of a quarantine tells of the gaps before it.
func (r *reader) walk(give func(line) error) error {
	r.last = max(r.oldest, 1) - 1
	anew := len(r.segments) > 0 && (r.oldest == 0 || r.segments[0].first < r.oldest) // nothing is known of what was before
	for _, s := range r.segments {
		all, whole, err := s.lines(r.name)
		if errors.Is(err, fs.ErrNotExist) {
			anew = true
			continue
		}
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		if anew {
			r.last, r.gaps, anew = s.first-1, nil, false
		}
		for l := range all {
			r.note(l.previous)
			r.last = max(r.last, l.number)
			r.records++
			if l.kind == string(KindQuarantine) {
				r.gaps = nil
			}
			if err := give(l); err != nil {
				return err
			}
		}
		r.whole = whole
	}
	if !anew {
		r.note(r.newest)
	}
	return nil
}

// note notes a gap up to a number that is known to be in the journal.
func (r *reader) note(number uint64) {
	if number > r.last {
		r.gaps = append(r.gaps, gap{r.last, number})
		r.last = number
	}
}

// damage returns an error that names the first gap, or nil where there is none.
func (r *reader) damage() error {
	if len(r.gaps) == 0 {
		return nil
	}
	return fmt.Errorf("journal: %s is damaged: records are missing, the first are %s", r.name, r.gaps[0])
}

// Read calls give with every record in the order in which they were written. Where records are missing and no note
// tells of them, it returns an error after the records that are there. An error of give ends it and is returned.
func Read(name string, give func(Entry) error) error {
	r, err := newReader(name)
	if err != nil {
		return err
	}
	err = r.walk(func(l line) error {
		e, err := l.entry()
		if err != nil {
			return err
		}
		return give(e)
	})
	if err != nil {
		return err
	}
	return r.damage()
}

// ReadBack calls give with the transitions of bookings, the newest first, until give returns false. The operation has to
// begin with a prefix. It reads no more segments than that takes, and does not look for damage.
func ReadBack(name, prefix string, give func(kiosk.Record) bool) error {
	r, err := newReader(name)
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(r.segments) {
		all, _, err := s.lines(name)
		if ignore(err, fs.ErrNotExist) != nil {
			return fmt.Errorf("journal: %w", err)
		}
		for _, l := range slices.Backward(slices.Collect(all)) {
			if l.stage == "-" || !strings.HasPrefix(l.operation, prefix) {
				continue
			}
			if e, err := l.entry(); err != nil || !give(*e.Record) {
				return err
			}
		}
	}
	return nil
}

// Inspect verifies every record. It returns how many there are and how many bookings have not ended; the error is
// that of Read.
func Inspect(name string) (records, unfinished int, err error) {
	r, err := newReader(name)
	if err != nil {
		return 0, 0, err
	}
	t := newTail()
	if err := r.walk(t.add); err != nil {
		return r.records, len(t.open), err
	}
	return r.records, len(t.open), r.damage()
}
