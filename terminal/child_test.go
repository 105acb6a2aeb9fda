package terminal

import (
	"encoding/json"
	"os"
)

// planOf is the plan that this test's own program was started once more to carry out; ok tells whether it was. The
// plan comes in an environment variable.
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
