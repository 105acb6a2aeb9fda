package service

import (
	"time"

	"infomat/ui/widgets"
)

// redrawLater draws the page again after a second. It is used by pages that show time.
func (m *Mode) redrawLater() { m.redrawAfter(time.Second) }

func (m *Mode) redrawAfter(d time.Duration) {
	if m.tick != nil {
		m.tick.Stop()
	}
	m.tick = time.AfterFunc(d, func() { m.opts.Do(m.redraw) })
}

// redraw draws the page again for a change that no finger has made. It waits while one is on a button: a new button
// would not get the release, and the press would be lost.
func (m *Mode) redraw() {
	if widgets.Touched(m.root) {
		m.redrawAfter(widgets.PressPoll)
		return
	}
	m.draw()
}

// clockText is the time of day.
func clockText() string { return time.Now().Format("15:04") }

// wind keeps the clock of the page going until the mode closes.
func (m *Mode) wind() {
	m.wound = time.AfterFunc(time.Second, func() {
		m.opts.Do(func() {
			if !m.open {
				return
			}
			if now := clockText(); m.clock != nil && m.clock.Text != now {
				m.clock.Text = now
				m.clock.Refresh()
			}
			m.wind()
		})
	})
}
