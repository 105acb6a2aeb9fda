package diag

import (
	"bytes"
	"encoding/binary"
	"math"
)

// The tone: concert A, long enough to be heard and short enough for a hall.
const (
	toneHertz  = 440
	toneRate   = 22050 // samples a second
	toneLength = toneRate * 6 / 10
)

// Tone is a short tone as a WAV file: one channel of 16 bits (Multimedia Programming Interface and Data
// Specifications 1.0, IBM and Microsoft 1991).
func Tone() []byte {
	var b bytes.Buffer
	b.WriteString("RIFF")
	put := func(v any) { _ = binary.Write(&b, binary.LittleEndian, v) } // a buffer takes everything
	put(uint32(36 + 2*toneLength))
	b.WriteString("WAVEfmt ")
	put(uint32(16))
	put([2]uint16{1, 1})
	put([2]uint32{toneRate, 2 * toneRate})
	put([2]uint16{2, 16})
	b.WriteString("data")
	put(uint32(2 * toneLength))
	for i := range toneLength {
		fade := math.Min(1, math.Min(float64(i), float64(toneLength-i))/800) // no click at either end
		put(int16(12000 * fade * math.Sin(2*math.Pi*toneHertz*float64(i)/toneRate)))
	}
	return b.Bytes()
}
