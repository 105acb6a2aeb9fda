package schedule

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"reflect"
	"slices"
	"testing"
	"time"

	"infomat/apiclient"
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
	now := benchNow
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

// An answer of whatever kind says that the line works; a busy registry and a line that is down are not asked
// further; what concerns all ends the reading.
func TestWhatAFailureMeansToTheRest(t *testing.T) {
	down := fmt.Errorf("read: %w", &net.OpError{Op: "dial", Err: io.ErrNoProgress})
	answer := errors.New("HTTP 500")
	denied := &apiclient.RefusalError{HTTPStatus: 403, Meaning: apiclient.AccessDenied}
	busy := &apiclient.BusyError{HTTPStatus: 429, RetryAfter: time.Second}
	five := func(err error) []error { return []error{err, err, err, err, err} }
	for name, c := range map[string]struct {
		errs           []error
		stopped, fatal bool
	}{
		"nothing":                  {nil, false, false},
		"four failures":            {five(down)[:4], false, false},
		"five failures":            {five(down), true, false},
		"an answer between them":   {append(five(down)[:4], answer, down), false, false},
		"a page between them":      {append(five(down)[:4], nil, down), false, false},
		"no answers in time":       {five(context.DeadlineExceeded), true, false},
		"no name":                  {five(&net.DNSError{}), true, false},
		"cut answers":              {five(io.ErrUnexpectedEOF), true, false},
		"a stranger's certificate": {five(&apiclient.NotSentError{Err: x509.UnknownAuthorityError{}}), true, false},
		"many answers":             {append(five(answer), five(answer)...), false, false},
		"many refusals":            {five(&apiclient.RefusalError{HTTPStatus: 404}), false, false},
		"busy":                     {[]error{busy}, true, false},
		"busy, then an answer":     {[]error{busy, nil}, true, false},
		"no access":                {[]error{denied}, true, true},
		"no token":                 {[]error{fmt.Errorf("%w: x", apiclient.ErrCredentials)}, true, true},
		"a limit":                  {[]error{errors.Join(nil, &LimitError{"cells", 1})}, true, true},
		"another refusal":          {[]error{&apiclient.RefusalError{HTTPStatus: 403, Code: "1"}}, false, false},
	} {
		var b breaker
		for _, err := range c.errs {
			b.judge(t.Context(), err)
		}
		if stopped, fatal := b.state(); stopped != nil != c.stopped || fatal != nil != c.fatal {
			t.Errorf("%s: stopped %v, fatal %v", name, stopped, fatal)
		}
	}
}

// A reading whose time is over has no timetable.
func TestAReadingWhoseTimeIsOver(t *testing.T) {
	over := errors.New("over")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(over)
	var b breaker
	b.judge(ctx, context.Canceled)
	if _, fatal := b.state(); !errors.Is(fatal, over) {
		t.Errorf("%v", fatal)
	}
}

// A place is written only while it is kept.
func TestPlacesOfWhatIsDropped(t *testing.T) {
	var slots, all tally
	for i := range 5 {
		slots.addf(CellNoGUID, "slots[%d]", i)
	}
	slots.addError(DoctorUnread, "", errors.New("HTTP 500"))
	all.addAt("doctors[1]", slots.dropped())
	all.addAt("doctors[2]", slots.dropped())
	want := []Dropped{
		{CellNoGUID, 10, []string{"doctors[1].slots[0]", "doctors[1].slots[1]", "doctors[1].slots[2]"}, ""},
		{DoctorUnread, 2, nil, "HTTP 500"},
	}
	if got := all.dropped(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	text := (&NothingLeftError{want}).Error()
	const says = "schedule: nothing of the timetable can be offered: cell_no_guid ×10 (first at doctors[1].slots[0]), " +
		"doctor_unread ×2: HTTP 500"
	if text != says {
		t.Errorf("%q", text)
	}
}
