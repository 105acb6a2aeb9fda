//go:build race

package schedule_test

// The race detector multiplies memory and time.
const withRace = true
