package ui

import (
	"slices"

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
	if s.mayRead() {
		s.say(says)
	}
}

// help does what the key Help asks for: it reads the page aloud and says what the keys do, also to somebody who cannot see
// how to switch the voice on. While that is being read it stops it. Without a voice it opens the settings of the view.
func (s *Shell) help() {
	switch view := s.state.View; {
	case s.mayRead() && s.opts.Speaker.Speaking():
		s.hush()
	case s.mayRead():
		texts := append(slices.Clone(s.page.Said), s.focusText()...)
		s.say(append(texts, s.opts.Language(view.Language).Text("speech.keys", nil))...)
	case s.voiced():
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
