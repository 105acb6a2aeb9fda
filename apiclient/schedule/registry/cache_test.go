package registry

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"infomat/apiclient/schedule/schedtest"
)

// keys returns the keys of the kept pages.
func keys(p *pageCache) []string { return slices.Sorted(maps.Keys(p.kept)) }

// The pages of a reading replace those of the one before; those of a reading that fails are not kept.
func TestPagesAreKeptForOneReading(t *testing.T) {
	var p pageCache
	first := p.begin()
	first.use("a", page{value: 1})
	first.use("b", page{value: 2})
	first.end()
	if got := keys(&p); !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("%v", got)
	}
	failed := p.begin()
	failed.use("c", page{value: 3})
	second := p.begin()
	if last, ok := second.last("a"); !ok || last.value != 1 {
		t.Errorf("%+v", last)
	}
	second.use("a", page{value: 4})
	second.end()
	if got := keys(&p); !reflect.DeepEqual(got, []string{"a"}) {
		t.Errorf("%v", got)
	}
	if last, _ := p.find("a"); last.value != 4 {
		t.Errorf("%+v", last)
	}
}

// A doctor who is read again during a reading keeps the newer reading; one who is not of the timetable is not
// kept.
func TestAPageThatIsReadAgainMeanwhile(t *testing.T) {
	var p pageCache
	now := schedtest.LargeNow
	first := p.begin()
	first.use("a", page{value: 1, read: now})
	first.end()
	second := p.begin()
	second.use("a", page{value: 2, read: now.Add(time.Second)})
	p.replace("a", page{value: 3, read: now.Add(2 * time.Second)})
	if p.replace("stranger", page{value: 4, read: now}); len(p.kept) != 1 {
		t.Errorf("kept %v", keys(&p))
	}
	if last, _ := second.last("a"); last.value != 1 {
		t.Errorf("a running reading sees %+v", last)
	}
	second.end()
	if last, _ := p.find("a"); last.value != 3 || len(p.kept) != 1 {
		t.Errorf("%+v, kept %v", last, keys(&p))
	}
}
