package ui

import (
	"time"

	"fyne.io/fyne/v2"
)

// beatInterval is the time between two steps of a page's progress animation. The first step comes after one
// interval, so that a quick answer shows no animation.
const beatInterval = 500 * time.Millisecond

// beat schedules the next step of the progress animation of the page with number nth. It does nothing if the page
// has no animation, and stops when another page has been drawn.
func (s *Shell) beat(nth int) {
	if s.page.Beat == nil {
		return
	}
	time.AfterFunc(beatInterval, func() {
		fyne.Do(func() {
			if s.drawn != nth {
				return
			}
			s.page.Beat(int(time.Since(s.changed)/beatInterval) - 1)
			s.beat(nth)
		})
	})
}

// attachRing makes the pane draw the countdown ring of a new page, if there is a pane. The pane is hidden until
// the next second, because the ring of the new page may be in another place.
func (s *Shell) attachRing() {
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
			s.opts.Log.Warn("showing the countdown pane failed; repainting the whole page instead", "error", err)
			s.closePane()
			return false
		}
		return true
	}
}

// hidePane hides the pane, if there is one. If that fails, the shell no longer uses a pane.
func (s *Shell) hidePane() {
	if s.pane == nil {
		return
	}
	if err := s.pane.Hide(); err != nil {
		s.opts.Log.Warn("hiding the countdown pane failed", "error", err)
		s.closePane()
	}
}

// closePane removes a pane that has failed, so that what it showed last does not stay over the page. The shell no
// longer uses one.
func (s *Shell) closePane() {
	s.pane.Close()
	s.pane, s.noPane = nil, true
}

// Cover tells the shell whether other content covers its pages. While covered, the pane is hidden, because it
// would be visible on top of that content, and nothing is read aloud. Cover must be called on the screen's thread.
func (s *Shell) Cover(covered bool) {
	s.covered = covered
	s.glass.Forget()
	if !covered {
		s.draw()
		return
	}
	s.hidePane()
	s.hush()
}

// openPane creates the pane on first use. It reports whether there is a pane that can be shown.
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
		s.opts.Log.Info("opening the countdown pane failed; repainting the whole page every second", "error", err)
		return false
	}
	s.pane = pane // nil while the window is not shown yet
	return pane != nil
}
