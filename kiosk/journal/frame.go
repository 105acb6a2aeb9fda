package journal

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
)

// A frame is an entry as it stands in the file: magic, length of the body (4 bytes), sequence number, number of the entry before it, number up to
// which entries have been trimmed (8 bytes each), CRC-32C of all but magic and itself (4 bytes), body as JSON. Numbers are big-endian. bbolt keeps a
// value in one piece, so frames are found wherever its pages lie, also those that are free and not yet used again.
const (
	frameMagic  = "\xf1IJ\x01"
	frameHeader = len(frameMagic) + 4 + 8 + 8 + 8 + 4
	maxBody     = 1 << 16
)

// A mark is the number of the newest entry, in a page that the newest entry is not in, so that the loss of that entry shows: magic, number (8 bytes),
// CRC-32C of the number (4 bytes).
const (
	markMagic = "\xf1IJ\x02"
	markSize  = len(markMagic) + 8 + 4
)

func encodeMark(seq uint64) []byte {
	number := binary.BigEndian.AppendUint64(nil, seq)
	return binary.BigEndian.AppendUint32(append([]byte(markMagic), number...), crc32.Checksum(number, castagnoli))
}

// newestMark is the greatest number of a sound mark; 0: there is none.
func newestMark(data []byte) (newest uint64) {
	for {
		i := bytes.Index(data, []byte(markMagic))
		if i < 0 || len(data)-i < markSize {
			return newest
		}
		data = data[i+len(markMagic):]
		if crc32.Checksum(data[:8], castagnoli) == binary.BigEndian.Uint32(data[8:]) {
			newest = max(newest, binary.BigEndian.Uint64(data))
		}
	}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// frame is an entry and its place in the chain.
type frame struct {
	entry   Entry
	before  uint64 // number of the entry before it; 0: it is the first of all
	trimmed uint64 // entries up to this one had been trimmed when it was written
	size    int    // bytes of the frame
}

func (f frame) encode() ([]byte, error) {
	body, err := json.Marshal(f.entry)
	if err != nil {
		return nil, err
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("an entry of %d bytes; %d is the most", len(body), maxBody)
	}
	data := make([]byte, 0, frameHeader+len(body))
	data = append(data, frameMagic...)
	data = binary.BigEndian.AppendUint32(data, uint32(len(body)))
	data = binary.BigEndian.AppendUint64(data, f.entry.Seq)
	data = binary.BigEndian.AppendUint64(data, f.before)
	data = binary.BigEndian.AppendUint64(data, f.trimmed)
	data = binary.BigEndian.AppendUint32(data, frameSum(data[len(frameMagic):], body))
	return append(data, body...), nil
}

func frameSum(header, body []byte) uint32 {
	return crc32.Update(crc32.Checksum(header, castagnoli), castagnoli, body)
}

// decodeFrame reads the frame at the beginning of data, where there is a sound one.
func decodeFrame(data []byte) (f frame, ok bool) {
	if len(data) < frameHeader || string(data[:len(frameMagic)]) != frameMagic {
		return f, false
	}
	header := data[len(frameMagic):frameHeader]
	length := int(binary.BigEndian.Uint32(header))
	if length > maxBody || len(data) < frameHeader+length {
		return f, false
	}
	body := data[frameHeader : frameHeader+length]
	if frameSum(header[:28], body) != binary.BigEndian.Uint32(header[28:]) || json.Unmarshal(body, &f.entry) != nil {
		return f, false
	}
	f.entry.Seq = binary.BigEndian.Uint64(header[4:])
	f.before, f.trimmed = binary.BigEndian.Uint64(header[12:]), binary.BigEndian.Uint64(header[20:])
	f.size = frameHeader + length
	f.entry.complete()
	return f, true
}

// content is what was found in a file.
type content struct {
	frames  []frame // in their order, without what was trimmed
	trimmed uint64
	gaps    []gap
	newest  uint64 // number of the newest entry, also where it is missing
}

// gap is a place in the chain where entries are missing.
type gap struct{ after, before uint64 }

func (g gap) String() string { return fmt.Sprintf("%d to %d", g.after+1, g.before) }

// last is the number of the newest entry, also where it is missing: no number is used twice.
func (c content) last() uint64 {
	last := max(c.newest, c.trimmed)
	if len(c.frames) > 0 {
		last = max(last, c.frames[len(c.frames)-1].entry.Seq)
	}
	return last
}

// scan finds every entry in a file's bytes, whatever bbolt would say of them. An entry whose transaction was cut short before its end is found too:
// it was on disk, and what it says had happened.
func scan(data []byte) content {
	c := content{newest: newestMark(data)}
	found := map[uint64]frame{}
	for {
		i := bytes.Index(data, []byte(frameMagic))
		if i < 0 {
			break
		}
		data = data[i:]
		f, ok := decodeFrame(data)
		if !ok {
			data = data[1:]
			continue
		}
		found[f.entry.Seq] = f
		c.trimmed = max(c.trimmed, f.trimmed)
		data = data[f.size:]
	}
	c.frames = slices.SortedFunc(maps.Values(found), func(a, b frame) int { return cmp.Compare(a.entry.Seq, b.entry.Seq) })
	c.frames = slices.DeleteFunc(c.frames, func(f frame) bool { return f.entry.Seq <= c.trimmed })
	last := c.trimmed
	for _, f := range c.frames {
		if f.before > last {
			c.gaps = append(c.gaps, gap{last, f.before})
		}
		last = f.entry.Seq
	}
	if c.newest > last {
		c.gaps = append(c.gaps, gap{last, c.newest})
	}
	return c
}
