package journal

import "testing"

// SetSegmentSize makes the segments of a test smaller.
func SetSegmentSize(t testing.TB, size int64) {
	before := segmentSize
	segmentSize = size
	t.Cleanup(func() { segmentSize = before })
}

// SegmentSize returns the size of a segment in bytes.
func SegmentSize() int { return int(segmentSize) }
