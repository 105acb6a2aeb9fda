//go:build race

package registry_test

// The race detector multiplies memory and time.
const withRace = true
