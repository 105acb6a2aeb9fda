package press

import "time"

// Strikes knows which presses of keys count: the same key again within the time After of having come up was struck
// twice by a trembling hand, and counts once. Of different keys each counts, however fast they follow. It is not safe
// for concurrent use.
type Strikes struct {
	After time.Duration

	last    string    // the key that counted last
	ended   time.Time // when it came up
	pressed bool      // it has not come up yet
}

// Down reports whether a key counts that goes down at an instant.
func (s *Strikes) Down(key string, at time.Time) bool {
	if key == s.last && !s.pressed && at.Sub(s.ended) < s.After {
		return false
	}
	s.last, s.pressed = key, true
	return true
}

// Up notes that a key comes up.
func (s *Strikes) Up(key string, at time.Time) {
	if s.pressed && key == s.last {
		s.pressed, s.ended = false, at
	}
}
