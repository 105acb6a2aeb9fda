package diag_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"infomat/kiosk/diag"
)

// The tone is a WAV file that a player accepts: 0.6 s of one channel of 16 bits, concert A, silent at both ends.
func TestTone(t *testing.T) {
	data := diag.Tone()
	var h struct {
		RIFF      [4]byte
		Size      uint32
		Wave      [8]byte
		Format    uint32
		Kind      uint16
		Channels  uint16
		Rate      uint32
		ByteRate  uint32
		Block     uint16
		Bits      uint16
		Data      [4]byte
		DataBytes uint32
	}
	if err := binary.Read(bytes.NewReader(data), binary.LittleEndian, &h); err != nil {
		t.Fatal(err)
	}
	if string(h.RIFF[:]) != "RIFF" || string(h.Wave[:]) != "WAVEfmt " || string(h.Data[:]) != "data" || h.Format != 16 ||
		h.Kind != 1 || h.Channels != 1 || h.Bits != 16 || h.Block != 2 || h.ByteRate != 2*h.Rate {
		t.Errorf("%+v", h)
	}
	if int(h.Size) != len(data)-8 || int(h.DataBytes) != len(data)-44 || h.DataBytes != h.Rate*2*6/10 {
		t.Errorf("%d bytes, %+v", len(data), h)
	}
	samples := make([]int16, h.DataBytes/2)
	if err := binary.Read(bytes.NewReader(data[44:]), binary.LittleEndian, samples); err != nil {
		t.Fatal(err)
	}
	loudest, rises := 0, 0
	for i, s := range samples {
		loudest = max(loudest, int(s), -int(s))
		if i > 0 && samples[i-1] < 0 && s >= 0 {
			rises++
		}
	}
	if loudest < 11000 || loudest > 12000 || rises < 262 || rises > 265 { // 440 Hz for 0.6 s
		t.Errorf("as loud as %d, %d waves", loudest, rises)
	}
	last := len(samples) - 1
	for i := range 40 {
		for _, s := range []int16{samples[i], samples[last-i]} {
			if s > 700 || s < -700 {
				t.Fatalf("a click: sample %d from an end is %d", i, s)
			}
		}
	}
}
