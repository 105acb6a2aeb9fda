package widgets

import (
	"sync"

	"infomat/ui/theme"
)

// fitting is all that the setting of a text depends on.
type fitting struct {
	text        string
	size, least float32 // the font size that is wanted, and the smallest
	weight      theme.Weight
	lines       int
	width       float32
}

// mostFitted bounds the settings that are kept: a page needs some hundreds in all the layouts that are tried for it.
const mostFitted = 4096

// fitted keeps the settings of texts. A page measures each of its texts several times, and is often drawn again with
// the same texts.
var fitted = struct {
	sync.Mutex
	settings map[fitting]setting
}{settings: map[fitting]setting{}}

// fit returns what [fitting.fit] does. The lines are shared: they must not be changed.
func fit(l theme.Look, t Text, width float32) setting {
	f := fitting{t.String, l.Size(t.Role), l.Size(theme.Small), t.Weight, t.Lines, width}
	fitted.Lock()
	defer fitted.Unlock()
	if s, ok := fitted.settings[f]; ok {
		return s
	}
	if len(fitted.settings) >= mostFitted {
		clear(fitted.settings)
	}
	s := f.fit()
	fitted.settings[f] = s
	return s
}

// Forget drops the texts that were kept to be set faster, and returns how many settings they had. What was on a
// patient's pages does not outlive the visit.
func Forget() int {
	fitted.Lock()
	defer fitted.Unlock()
	n := len(fitted.settings)
	clear(fitted.settings)
	return n
}
