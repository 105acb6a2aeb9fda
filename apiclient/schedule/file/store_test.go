package file_test

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/file"
	"infomat/apiclient/schedule/schedtest"
)

func TestABrokenFileNeverReplacesAGoodOne(t *testing.T) {
	path := schedtest.Written(t, example(t))
	now := morning
	s := &schedule.Store{
		Source:  file.New(path, window(func() time.Time { return now })),
		Refresh: time.Minute, MaxAge: time.Hour, Log: slog.New(slog.DiscardHandler),
	}
	free := func() int {
		c, err := s.Snapshot(now)
		if err != nil {
			t.Fatal(err)
		}
		return c.Doctors("27", apiclient.Adult, now)[0].Free
	}
	if err := s.Load(t.Context()); err != nil || free() != 2 {
		t.Fatal(err)
	}
	rewrite(t, path, example(t)[:700])
	if err := s.Load(t.Context()); err == nil || s.Err() == nil || free() != 2 {
		t.Errorf("half a document: %v, %d free", err, free())
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context()); !errors.Is(err, fs.ErrNotExist) || free() != 2 {
		t.Errorf("no document: %v, %d free", err, free())
	}
	fewer := strings.Replace(
		example(t),
		`{"guid": "12d4329b-cbe3-4ca3-8cdc-0e7a8f23e0d5", "begin": "2026-11-26T08:45:00+03:00",`+
			` "end": "2026-11-26T09:00:00+03:00"},`,
		"",
		1,
	)
	rewrite(t, path, fewer)
	if err := s.Load(t.Context()); err != nil || s.Err() != nil || free() != 1 {
		t.Errorf("a fresh document: %v, %d free", err, free())
	}
	now = morning.Add(31 * time.Minute) // an hour after it was exported
	if c, err := s.Snapshot(now); c == nil || !errors.Is(err, schedule.ErrStale) {
		t.Errorf("an old document: %v", err)
	}
}

func TestACellThatIsGoneStaysOutUntilTheSourceHasLookedAgain(t *testing.T) {
	path := schedtest.Written(t, example(t))
	now := morning
	s := &schedule.Store{
		Source: file.New(path, window(func() time.Time { return now })), Refresh: time.Minute, MaxAge: time.Hour,
		Log: slog.New(slog.DiscardHandler),
	}
	if err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, _ := s.Snapshot(now)
	cell, doctor, _ := c.Nearest(now)
	free := func() int {
		c, err := s.Snapshot(now)
		if err != nil {
			t.Fatal(err)
		}
		return len(c.Cells(doctor.GUID, now))
	}
	s.Gone(cell.GUID, now)
	if free() != 1 {
		t.Errorf("%d free after one went", free())
	}
	if err := errors.Join(s.Load(t.Context()), s.RefreshDoctor(t.Context(), doctor.GUID)); err != nil || free() != 1 {
		t.Errorf("%d free after the same document was read again, %v", free(), err)
	}
	now = now.Add(5 * time.Minute)
	rewrite(t, path, strings.Replace(example(t), "07:30:00", "08:04:00", 1))
	if err := s.Load(t.Context()); err != nil || free() != 2 {
		t.Errorf("%d free by a document that was written later, %v", free(), err)
	}
}
