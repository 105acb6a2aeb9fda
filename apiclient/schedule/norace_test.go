//go:build !race

package schedule_test

const withRace = false
