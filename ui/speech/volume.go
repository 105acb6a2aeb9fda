package speech

import "math"

// The softest and the loudest volume, of 100. They are 18 dB apart, and there always is a step between them that is
// 12 dB above the softest (EN 301 549, 8.2.1.1 and 8.2.1.2). How loud the loudest is, the amplifier decides.
const softest, loudest = 12, 100

// volumeOf returns the volume of a level, where usual is what the site has set: 2 is the loudest, -2 the softest.
func volumeOf(usual, level int) int {
	between := func(a, b int) int { return int(math.Round(math.Sqrt(float64(a * b)))) }
	switch {
	case level >= 2:
		return loudest
	case level == 1:
		return max(between(usual, loudest), loudest/2)
	case level == 0:
		return usual
	case level == -1:
		return min(usual, max(between(softest, usual), usual/2))
	}
	return min(usual, softest)
}
