package ui

import (
	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/ui/widgets"
)

// place is a page as far as the focus is concerned: on another one it begins anew.
type place struct {
	step    kiosk.Step
	warning bool
	sheet   bool // the settings of the view are over it
}

// Keys returns what the window's keys do; nil if the site has no keypad.
func (s *Shell) Keys() *widgets.Keys { return s.keys }

// sayFocus reads a button aloud that a key has moved the focus to.
func (s *Shell) sayFocus(says string) {
	if s.opts.Speaker != nil && s.state.View.Aloud {
		s.opts.Speaker.Say(s.state.View.Language, []string{says})
	}
}

// help does what the key Help asks for: it reads the page aloud, also to somebody who cannot see how to switch that on.
// Without a voice it opens the settings of the view.
func (s *Shell) help() {
	switch view := s.state.View; {
	case s.opts.Speaker != nil && view.Aloud:
		s.speak()
	case s.opts.Speaker != nil:
		view.Aloud = true
		s.opts.Send(kiosk.SetView{View: view})
	default:
		s.buttons(func(b *widgets.Button, _ fyne.Position) {
			if b.ID == "view.open" {
				b.OnTap()
			}
		})
	}
}
