//go:build !race

package registry_test

const withRace = false
