package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"infomat/kiosk"
)

// content is what was read of a journal.
type content struct {
	oldest, newest uint64   // segments
	size           int64    // bytes of records in the newest segment
	clean          bool     // the newest segment takes more
	spare          bool     // a segment of zeros follows it
	last           uint64   // number of the newest record that was read, or named by one that was
	records        int      // that were read
	lost           []string // damage of which no note of a quarantine tells
}

// list returns the segments in their order.
func list(name string) (segments []uint64, err error) {
	files, err := os.ReadDir(name)
	for _, f := range files {
		var segment uint64
		if _, err := fmt.Sscanf(f.Name(), "%d.seg", &segment); err == nil {
			segments = append(segments, segment)
		}
	}
	return segments, err
}

// scan calls give with the sound lines of a segment. It returns where the last of them ends and what follows it. A bad
// sector ends the segment. The error is fs.ErrNotExist where it was removed since it was listed.
func scan(name string, segment uint64, give func(line) error) (end int, rest []byte, err error) {
	data, err := os.ReadFile(path(name, segment))
	if err != nil && !errors.Is(err, syscall.EIO) {
		return 0, nil, err
	}
	at := 0
	for raw := range bytes.Lines(bytes.TrimRight(data, "\x00")) {
		at += len(raw)
		text, whole := bytes.CutSuffix(raw, []byte("\n"))
		if l, ok := decode(text); ok && whole {
			l.segment, end = segment, at
			if err := give(l); err != nil {
				return 0, nil, err
			}
		}
	}
	return end, data[end:], nil
}

// read calls give with every sound line. It takes no lock: a terminal may write meanwhile.
func read(name string, give func(line) error) (c content, err error) {
	closed := readOwner(name) // before the segments, to which a terminal may add
	segments, err := list(name)
	if err != nil {
		return c, err
	}
	if len(segments) == 0 {
		c.lost = []string{"every segment"}
	}
	chained := false // whether the record before the next one was read
	for i, s := range segments {
		switch {
		case i == 0:
			c.oldest, chained = s, s == 1
		case s != segments[i-1]+1:
			c.lost = append(c.lost, fmt.Sprintf("segments %d to %d", segments[i-1]+1, s-1))
		}
		end, rest, err := scan(name, s, func(l line) error {
			if chained {
				c.meet(l.previous)
			}
			chained, c.last = true, max(c.last, l.number)
			c.records++
			if l.subject == string(KindQuarantine) {
				c.lost = nil
			}
			return give(l)
		})
		if errors.Is(err, fs.ErrNotExist) {
			chained = false
			continue
		}
		if err != nil {
			return c, err
		}
		whole := int64(end+len(rest)) == segmentSize
		if !whole {
			c.lost = append(c.lost, fmt.Sprintf("a part of segment %d", s))
		}
		clean := whole && len(bytes.Trim(rest, "\x00\n")) == 0
		if c.spare = clean && end == 0 && c.clean; !c.spare {
			c.newest, c.size, c.clean = s, int64(end), clean
		}
	}
	c.meet(closed.Last)
	return c, nil
}

// meet notices that records up to a number that was written are missing.
func (c *content) meet(number uint64) {
	if number > c.last {
		c.lost = append(c.lost, fmt.Sprintf("records %d to %d", c.last+1, number))
		c.last = number
	}
}

// Read calls give with every record in the order in which they were written. Where records are missing and no note
// tells of them, it returns an error after the records that are there. An error of give ends it and is returned.
func Read(name string, give func(Entry) error) error {
	c, err := read(name, func(l line) error {
		e, err := l.entry()
		if err == nil {
			err = give(e)
		}
		return err
	})
	if err == nil && len(c.lost) > 0 {
		err = fmt.Errorf("journal: %s is damaged; lost: %s", name, strings.Join(c.lost, ", "))
	}
	return err
}

// ReadBack calls give with the transitions of bookings, the newest first, until give returns false. The operation has to
// begin with a prefix. It reads no more segments than that takes, and does not look for damage.
func ReadBack(name, prefix string, give func(kiosk.Record) bool) error {
	segments, err := list(name)
	for _, s := range slices.Backward(segments) {
		var lines []line
		_, _, err := scan(name, s, func(l line) error { lines = append(lines, l); return nil })
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, l := range slices.Backward(lines) {
			if l.stage == "-" || !strings.HasPrefix(l.subject, prefix) {
				continue
			}
			if e, err := l.entry(); err != nil || !give(*e.Record) {
				return err
			}
		}
	}
	return err
}
