package terminal

import (
	"fmt"
	"testing"
	"time"

	"infomat/kiosk/metrics"
)

// Whatever strangers do, the log gets one line in ten minutes, with the numbers since the line before.
func TestStrangersAreToldQuietly(t *testing.T) {
	var s strangers
	now := time.Now()
	if line := s.add(metrics.RefusedPassword, "", now); fmt.Sprint(line) != "[password 1]" {
		t.Errorf("the first: %v", line)
	}
	for n := range 5000 {
		if line := s.add(metrics.RefusedLimit, "", now.Add(time.Duration(n)*time.Millisecond)); line != nil {
			t.Fatalf("told after %d ms: %v", n, line)
		}
	}
	line := s.add(metrics.RefusedFault, "a detail", now.Add(betweenStrangers))
	if fmt.Sprint(line) != "[limit 5000 fault 1 detail a detail]" {
		t.Errorf("the second: %v", line)
	}
	if line := s.add(metrics.RefusedLimit, "", now.Add(2*betweenStrangers)); fmt.Sprint(line) != "[limit 1]" {
		t.Errorf("the third: %v", line)
	}
}
