package speech

import (
	"bytes"
	"encoding/binary"
	"math"
	"os/exec"
	"testing"
)

// db is how much louder one amplitude is than another.
func db(loud, soft float64) float64 { return 20 * math.Log10(loud/soft) }

// TestVolumeRange goes through the levels for every volume that a site can set: each is louder than the one before, or
// the volume is at its end; all of them span 18 dB, and one between is 12 dB above the softest.
func TestVolumeRange(t *testing.T) {
	for usual := 10; usual <= 100; usual++ {
		var all []int
		between := false
		for level := -2; level <= 2; level++ {
			v := volumeOf(usual, level)
			if n := len(all); n > 0 && v < all[n-1] {
				t.Errorf("usual %d: level %d is softer than the one before: %d", usual, level, v)
			}
			all = append(all, v)
		}
		for _, v := range all[1:4] {
			between = between || v < all[4] && db(float64(v), float64(all[0])) >= 12
		}
		if db(float64(all[4]), float64(all[0])) < 18 || !between || all[2] != usual || all[4] > 100 {
			t.Errorf("usual %d: the levels are %v", usual, all)
		}
	}
}

// TestVolumeOfEspeak measures what espeak-ng makes of the levels of a site that has set nothing.
func TestVolumeOfEspeak(t *testing.T) {
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("espeak-ng is not installed")
	}
	var heard [5]float64
	for i := range heard {
		r := reading{"ru", usualRate, volumeOf(50, i-2), nil}
		c := exec.CommandContext(t.Context(), "espeak-ng", append(programs[1].say(r), "--stdout")...)
		c.Stdin = bytes.NewBufferString(" Кабинет двести четырнадцать, третий этаж\n")
		wave, err := c.Output()
		if err != nil || len(wave) < 10000 {
			t.Fatalf("%d bytes, %v", len(wave), err)
		}
		samples := make([]int16, (len(wave)-44)/2)
		if _, err := binary.Decode(wave[44:], binary.LittleEndian, samples); err != nil {
			t.Fatal(err)
		}
		for _, s := range samples {
			heard[i] += float64(s) * float64(s)
			if s == math.MaxInt16 || s == math.MinInt16 {
				t.Fatalf("level %d is distorted", i-2)
			}
		}
		heard[i] = math.Sqrt(heard[i] / float64(len(samples)))
	}
	t.Logf("above the softest: %.1f, %.1f, %.1f, %.1f dB", db(heard[1], heard[0]), db(heard[2], heard[0]),
		db(heard[3], heard[0]), db(heard[4], heard[0]))
	if db(heard[4], heard[0]) < 18 || db(heard[2], heard[0]) < 12 {
		t.Error("the range is 18 dB, with a step at 12 dB")
	}
}
