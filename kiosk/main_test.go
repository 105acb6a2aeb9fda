package kiosk

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the model-based tests look at far more visits than rapid's default of 100; a flag on the command line
// still wins.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "3000"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}
