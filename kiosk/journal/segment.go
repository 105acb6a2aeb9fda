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
	"strconv"
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
	sum := crc32.Checksum(bytes.TrimSuffix(text.Bytes(), []byte("\n")), castagnoli)
	return fmt.Appendf(nil, "%08x %s", sum, text.Bytes()), err
}

// decode reports whether the line is sound.
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

func (l line) entry() (e Entry, err error) {
	if err = json.Unmarshal(l.body, &e); err != nil {
		return e, fmt.Errorf("record %d: %w", l.number, err)
	}
	if e.Record != nil {
		e.Record.At = e.At // JSON keeps it beside the record
	}
	return e, nil
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

// drop closes the newest segment. One without a record is made anew.
func (j *Journal) drop() {
	if j.file != nil {
		_ = j.file.Close() // what it holds is synced
		j.file = nil
		if j.size == 0 {
			j.newest, j.spare = j.newest-1, false
		}
	}
}

// makeSpare makes the spare segment where there is none, and removes the oldest ones that it would drive beyond the cap.
// It is there as a whole, with its room on the disk, or not at all.
func (j *Journal) makeSpare() error {
	if j.spare {
		return nil
	}
	needed := j.newest
	for _, b := range j.open {
		needed = min(needed, b.segment)
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
