package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"infomat/kiosk"
)

// segmentSize is a segment's size in bytes: room for some 400 transitions. Tests set it before they open a journal.
var segmentSize int64 = 256 << 10

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// line is a record as it stands in a segment: see the package's comment.
type line struct {
	segment, number, previous uint64
	stage, subject            string
	body                      []byte
}

func encode(e Entry, previous uint64) ([]byte, error) {
	stage, subject := "-", string(e.Kind)
	if e.Record != nil {
		stage, subject = string(e.Stage), e.Operation.String()
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%d %d %s %s ", e.Seq, previous, stage, subject)
	body := json.NewEncoder(&text)
	body.SetEscapeHTML(false) // it would make some texts six times as long
	err := body.Encode(e)
	return fmt.Appendf(nil, "%08x %s", crc32.Checksum(text.Bytes(), castagnoli), text.Bytes()), err
}

// decode reports whether the line is sound, with its end.
func decode(raw []byte) (l line, ok bool) {
	sum, text, _ := bytes.Cut(raw, []byte(" "))
	f := bytes.SplitN(text, []byte(" "), 5)
	want, err := strconv.ParseUint(string(sum), 16, 32)
	if err != nil || len(f) < 5 || crc32.Checksum(text, castagnoli) != uint32(want) {
		return l, false
	}
	l = line{stage: string(f[2]), subject: string(f[3]), body: f[4]}
	l.number, err = strconv.ParseUint(string(f[0]), 10, 64)
	l.previous, _ = strconv.ParseUint(string(f[1]), 10, 64)
	return l, err == nil
}

func (l line) entry() (e Entry) {
	if e.Record = new(kiosk.Record); l.stage == "-" {
		e.Record, e.Note = nil, new(Note)
	}
	_ = json.Unmarshal(l.body, &e) // by the checksum it is what was written
	if e.Record != nil {
		e.Record.At = e.At // JSON keeps it beside the record
	}
	return e
}

// tail is what a start needs of a journal: by subject the lines of each booking that has not ended, and the newest note
// of each kind.
type tail map[string][]line

func (t tail) add(l line) {
	ends := kiosk.Stage(l.stage).Ends()
	if ends || l.stage == "-" {
		delete(t, l.subject)
	}
	if !ends {
		l.body = bytes.Clone(l.body)
		t[l.subject] = append(t[l.subject], l)
	}
}

func path(name string, segment uint64) string {
	return filepath.Join(name, fmt.Sprintf("%08d.seg", segment))
}

// fit makes sure that the newest segment takes so many bytes more.
func (j *Journal) fit(size int64) error {
	if j.file != nil && j.size+size <= segmentSize {
		return nil
	}
	j.drop()
	if size > segmentSize {
		return fmt.Errorf("%d bytes are too many for a record", size)
	}
	if err := j.makeSpare(); err != nil {
		return err
	}
	file, err := os.OpenFile(path(j.name, j.newest+1), os.O_WRONLY, 0)
	if err == nil {
		j.file, j.newest, j.size, j.spare = file, j.newest+1, 0, false
	}
	return err
}

// drop closes the newest segment. One without a record is made again.
func (j *Journal) drop() {
	if j.file != nil && j.size == 0 {
		j.newest, j.spare = j.newest-1, false
	}
	_ = j.file.Close() // what it holds is synced
	j.file = nil
}

// makeSpare makes the spare segment where there is none, as a whole, with its room on the disk, or not at all. It first
// removes the oldest segments that are beyond the cap then, but none since the oldest booking that has not ended began.
func (j *Journal) makeSpare() error {
	if j.spare {
		return nil
	}
	needed := j.newest
	for _, lines := range j.tail {
		if lines[0].stage != "-" {
			needed = min(needed, lines[0].segment)
		}
	}
	for ; j.oldest < needed && int64(j.newest-j.oldest+2)*segmentSize > j.max; j.oldest++ {
		err := errors.Join(os.Remove(path(j.name, j.oldest)), j.syncDir(j.name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			break // it is tried again with the next segment
		}
	}
	temporary := filepath.Join(j.name, "new")
	f, err := os.OpenFile(temporary, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, segmentSize))
	if err = errors.Join(err, j.sync(f), f.Close()); err == nil {
		err = os.Rename(temporary, path(j.name, j.newest+1))
	}
	if err == nil {
		err = j.syncDir(j.name)
	}
	if j.spare = err == nil; !j.spare {
		_ = os.Remove(temporary) // a part of it would only take room
	}
	return err
}

// syncDir syncs the names in a directory. Windows cannot, and does not need to.
func (j *Journal) syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" {
		err = j.sync(d)
	}
	return errors.Join(err, d.Close())
}

// content is what was read of a journal.
type content struct {
	oldest, newest uint64   // segments
	size           int64    // bytes of records in the newest segment
	clean          bool     // the newest segment takes more
	spare          bool     // a segment of zeros follows it
	last           uint64   // number of the newest record, or what another says of it
	tail           tail     // bookings that have not ended, and notes
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
		if l, ok := decode(raw); ok {
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
	owner, closed := readOwner(name) // before the segments, to which a terminal may add
	segments, err := list(name)
	c.tail = tail{}
	if len(segments) == 0 && (owner != "" || closed > 0) { // otherwise the first segment has not been made yet
		c.lost = []string{"every segment"}
	}
	chained := false // whether the record before the next one was read
	for i, s := range segments {
		if i == 0 {
			c.oldest, chained = s, s == 1
		} else if s != segments[i-1]+1 {
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
			c.tail.add(l)
			return give(l)
		})
		if chained = chained && err == nil; errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
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
	c.meet(closed)
	return c, err
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
	c, err := read(name, func(l line) error { return give(l.entry()) })
	if err == nil && len(c.lost) > 0 {
		err = fmt.Errorf("journal: %s is damaged; lost: %s", name, strings.Join(c.lost, ", "))
	}
	return err
}

// ReadBack calls give with the transitions of bookings whose operation begins with prefix, the newest first, until give
// returns false. It reads no more segments than that takes, and does not look for damage.
func ReadBack(name, prefix string, give func(kiosk.Record) bool) error {
	segments, err := list(name)
	for _, s := range slices.Backward(segments) {
		var lines []line
		_, _, err := scan(name, s, func(l line) error { lines = append(lines, l); return nil })
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, l := range slices.Backward(lines) {
			if l.stage != "-" && strings.HasPrefix(l.subject, prefix) && !give(*l.entry().Record) {
				return nil
			}
		}
	}
	return err
}
