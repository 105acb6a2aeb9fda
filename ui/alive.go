package ui

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
)

// beatEvery is the rhythm of the signs of a progress; the first comes after as long, so that what is quick shows none.
const beatEvery = 500 * time.Millisecond

// beat keeps a page that waits for something in motion, as long as it is the page that was drawn as the nth.
func (s *Shell) beat(nth int) {
	if s.page.Beat == nil {
		return
	}
	time.AfterFunc(beatEvery, func() {
		fyne.Do(func() {
			if s.drawn != nth {
				return
			}
			s.page.Beat(int(time.Since(s.changed)/beatEvery) - 1)
			s.beat(nth)
		})
	})
}

// takeRing has the countdown of a page that was drawn painted in the pane, where there is one. The pane goes first,
// and comes again with the next second: the page has its own ring, maybe in another place, and the pane must not
// cover it with the last one's.
func (s *Shell) takeRing() {
	s.hidePane()
	ring := s.page.Ring
	if ring == nil {
		return
	}
	ring.Repaint = func() bool {
		if !s.openPane() {
			return false
		}
		if err := s.pane.Show(ring.Place(), ring.Picture()); err != nil {
			s.opts.Log.Warn("the countdown's pane is lost; the whole page is painted instead", "error", err)
			s.pane, s.noPane = nil, true
			return false
		}
		return true
	}
}

func (s *Shell) hidePane() {
	if s.pane == nil {
		return
	}
	if err := s.pane.Hide(); err != nil {
		s.opts.Log.Warn("the countdown's pane does not go", "error", err)
		s.pane, s.noPane = nil, true
	}
}

// Cover is called when something else lies over the pages, or lies there no longer: the pane would shine through it. It
// has to be called on the screen's thread.
func (s *Shell) Cover(covered bool) {
	s.covered = covered
	if !covered {
		s.draw()
		return
	}
	s.hidePane()
	if s.opts.Speaker != nil {
		s.opts.Speaker.Stop()
	}
}

// openPane makes the pane the first time that it is needed, and reports whether there is one.
func (s *Shell) openPane() bool {
	if s.covered {
		return false
	}
	if s.pane != nil || s.noPane || s.opts.Pane == nil {
		return s.pane != nil
	}
	pane, err := s.opts.Pane()
	if err != nil {
		s.noPane = true
		s.opts.Log.Info("the countdown has no pane of its own; the whole page is painted each second", "error", err)
		return false
	}
	s.pane = pane // nil as long as the window is not there
	return pane != nil
}

// readAloud reads a page that has come, where the patient wants it read. The same words are not said twice: a page is
// also drawn again when a number on it has changed.
func (s *Shell) readAloud() {
	if s.opts.Speaker == nil {
		return
	}
	words := strings.Join(s.page.Said, "\n")
	switch {
	case !s.state.View.Aloud && s.said != "":
		s.opts.Speaker.Stop()
		s.said = ""
	case s.state.View.Aloud && !s.sameWords(words):
		s.said = words
		s.opts.Speaker.Say(s.state.View.Language, s.page.Said)
	}
}

// sameWords reports whether a text was the last that was read, numbers aside: seconds that are counted in a sentence do
// not begin it again.
func (s *Shell) sameWords(words string) bool {
	digits := func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}
	return strings.Map(digits, words) == strings.Map(digits, s.said) && s.said != ""
}

// speak reads the page once more.
func (s *Shell) speak() { s.opts.Speaker.Say(s.state.View.Language, slices.Clone(s.page.Said)) }
