package main

import (
	"fmt"
	"os"

	"fyne.io/fyne/v2"
)

// OnScreen runs the tests in a goroutine beside the toolkit, which needs the main goroutine, so that they can open
// windows. Without a display it only runs the tests.
func OnScreen(tests func() int) int {
	if os.Getenv("DISPLAY") == "" {
		return tests()
	}
	a, err := newApp()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	a.NewWindow("keeps the toolkit running between the tests' windows")
	code := 1
	a.Lifecycle().SetOnStarted(func() {
		go func() {
			defer fyne.Do(a.Quit)
			code = tests()
		}()
	})
	a.Run()
	return code
}
