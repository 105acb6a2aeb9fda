package escpos

import (
	"encoding/binary"
	"slices"
)

// perQuestion is how many bytes of a job there are for each byte of the questions within it: a ticket of 480 bytes gets
// five questions of three bytes.
const perQuestion = 26

// WithQuestions returns a job with a question between its parts, and how many there are. A printer that has lost a part
// with a question in it, or the size of a picture or some of its dots, answers fewer of them. They are asked in the
// order of the buffer, each behind a line or a picture. A job without a known end of a part in it gets none.
func (p Profile) WithQuestions(job []byte, q Question) (data []byte, asked int) {
	every, from := perQuestion*len(q.Ask), 0
	for _, at := range p.breaks(job) {
		size, left := at-from, len(job)-at
		if size < every || left < every/2 && size < 2*every { // the last one stands behind the job
			continue
		}
		data = append(append(data, job[from:at]...), q.Ask...)
		from = at
		asked++
	}
	return append(data, job[from:]...), asked
}

// Body returns how many bytes of a job stand before what lets go of the paper: the last feeds, the cut, the presenter's
// commands. Commands that are not known belong to neither: what is behind them is no part of the body.
func (p Profile) Body(job []byte) int {
	all := p.breaks(job)
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1]
}

// breaks returns the places behind the lines and pictures of a job. A picture that has lost dots takes what stands
// behind it for the rest: a question there is not answered, but only if nothing stands between them. breaks ends at
// the first command that an Encoder does not write.
func (p Profile) breaks(job []byte) (places []int) {
	for at := 0; at < len(job); {
		n, prints := command(job[at:])
		if n == 0 || n > len(job)-at {
			break
		}
		at += n
		if prints {
			places = append(places, at)
		}
	}
	return places
}

// command returns the length of the first command of data, and whether it prints a line or a picture; 0 if it is not
// known, or not whole.
func command(data []byte) (n int, prints bool) {
	switch b := data[0]; {
	case b == '\n':
		return 1, true
	case b >= ' ', b == '\r', b == 0:
		return 1, false
	case len(data) < 3:
		return 0, false
	case b == 0x1B:
		return escape(data), data[1] == '*'
	case b == 0x1C && data[1] == '.':
		return 2, false
	case b == 0x1D:
		return group(data)
	}
	return 0, false
}

// escape returns the length of a command that begins with ESC.
func escape(data []byte) int {
	switch c := data[1]; {
	case slices.Contains([]byte("@im2v"), c):
		return 2
	case slices.Contains([]byte("aEtdJM3!"), c):
		return 3
	case c == '*' && len(data) >= 5 && data[2] == 33:
		return 5 + 3*int(binary.LittleEndian.Uint16(data[3:]))
	}
	return 0
}

// group returns the length of a command that begins with GS, and whether it prints.
func group(data []byte) (n int, prints bool) {
	switch c := data[1]; {
	case c == ':':
		return 2, false
	case slices.Contains([]byte("!Bra"), c), c == 'V' && data[2] < 65, c == 'e' && data[2] != 3:
		return 3, false
	case c == 'V', c == 'e':
		return 4, false
	case c == '(' && len(data) >= 5:
		n := 5 + int(binary.LittleEndian.Uint16(data[3:]))
		return n, data[2] == 'k' && n == 8 && len(data) >= 7 && data[6] == 81
	case c == 'v' && len(data) >= 8:
		return 8 + int(binary.LittleEndian.Uint16(data[4:]))*int(binary.LittleEndian.Uint16(data[6:])), true
	}
	return 0, false
}
