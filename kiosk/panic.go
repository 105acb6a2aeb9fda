package kiosk

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// Panic is a failure that the program did not foresee, as the journal may keep it: what it was and where, without a
// value that could be a person's.
type Panic struct {
	Where string   // which edge of the program caught it
	What  string   // the runtime's own message, or the type of what was thrown
	Stack []string // the newest call first: function, file and line
}

// deepestStack is how many calls of a stack are kept.
const deepestStack = 40

// NewPanic describes what recover has given. It has to be called in the deferred function that recovered, where the
// stack still stands.
func NewPanic(where string, value any) Panic {
	// its text can hold anything: only the runtime's own is known not to
	p := Panic{Where: where, What: fmt.Sprintf("%T", value)}
	if e, ok := value.(runtime.Error); ok {
		p.What = e.Error()
	}
	calls := make([]uintptr, deepestStack)
	frames := runtime.CallersFrames(calls[:runtime.Callers(2, calls)])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			p.Stack = append(p.Stack, fmt.Sprintf("%s %s:%d", f.Function, filepath.Base(f.File), f.Line))
		}
		if !more {
			return p
		}
	}
}
