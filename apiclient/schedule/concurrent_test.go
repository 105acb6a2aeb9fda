package schedule_test

import (
	"sync"
	"testing"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/schedtest"
)

// A catalogue and the ones that are made of it answer at the same time: run with -race.
func TestFirstQuestionsAtTheSameTime(t *testing.T) {
	p := schedtest.Large()
	c := schedule.NewCatalogue(schedtest.LargeWindow, p)
	const all = schedtest.LargeDoctors * schedtest.LargeDays * schedtest.LargeCells
	var questions sync.WaitGroup
	for i := range 4 {
		questions.Go(func() {
			c.Specialities(apiclient.Adult, schedtest.LargeNow)
			c.Nearest(schedtest.LargeNow)
			next := c.WithDoctor(p.Doctors[i].GUID, schedule.Reading{})
			_, before := c.Count(schedtest.LargeNow)
			_, after := next.Count(schedtest.LargeNow)
			if before != all || after != all-schedtest.LargeDays*schedtest.LargeCells {
				t.Errorf("%d cells, then %d", before, after)
			}
		})
	}
	questions.Wait()
}
