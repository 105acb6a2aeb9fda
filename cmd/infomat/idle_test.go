package main

import (
	"testing"

	"infomat/kiosk"
	"infomat/terminal"
)

// TestIdleTellsOfAVisit checks what programs that restart the computer ask a running terminal.
func TestIdleTellsOfAVisit(t *testing.T) {
	world := newWorld(t)
	see := func(when string, want bool) {
		t.Helper()
		if got, err := terminal.Visiting(t.Context(), world.Config); err != nil || got != want {
			t.Errorf("%s: visiting is %v (%v), want %v", when, got, err, want)
		}
	}
	see("no terminal runs", false)
	v := visitIn(t, world, nil)
	see("nobody is there", false)
	v.walk(kiosk.StepSpeciality)
	see("a patient chooses", true)
	v.tap("nav.home")
	v.at(kiosk.StepWelcome)
	see("the patient has gone", false)
}
