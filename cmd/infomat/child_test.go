package main

import (
	"encoding/json"
	"os"
)

// planOf returns the plan in an environment variable. The test binary that a test starts as its child process
// finds its task there; ok is false in any other process.
func planOf[P any](variable string) (plan P, ok bool) {
	text := os.Getenv(variable)
	if text == "" {
		return plan, false
	}
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		panic(err)
	}
	return plan, true
}
