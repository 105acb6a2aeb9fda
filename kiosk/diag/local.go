package diag

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"infomat/kiosk/pin"
)

// How much room a journal's disk needs: a booking takes about a kilobyte, a log some megabytes a day.
const (
	fewBytes  = 500 << 20 // below: a warning
	noBytes   = 20 << 20  // below: a failure
	megabytes = 1 << 20
)

// DiskStep looks whether the journal's folder can be written to and has room.
func DiskStep(folder string) Step {
	return Step{Checks: []string{Disk}, Look: func(context.Context) []Finding { return []Finding{disk(folder)} }}
}

func disk(folder string) Finding {
	free, err := freeBytes(folder)
	if err != nil {
		return failure(Disk, "missing", err)
	}
	f := Finding{Check: Disk, Kind: "ok", Level: OK, Data: map[string]any{"Folder": folder, "FreeMB": free / megabytes}}
	probe, err := os.CreateTemp(folder, ".infomat-*")
	if err != nil {
		f.Kind, f.Level, f.Detail = "read_only", Failure, err.Error()
		return f
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		f.Kind, f.Level, f.Detail = "read_only", Failure, err.Error()
		return f
	}
	switch {
	case free < noBytes:
		f.Kind, f.Level = "full", Failure
	case free < fewBytes:
		f.Kind, f.Level = "low", Warning
	}
	return f
}

// Clocks are how far two clocks may be apart: a signature is refused, and a hold is told wrongly, when they are more.
const (
	clockWarning = 30 * time.Second
	clockFailure = 5 * time.Minute
)

// ClockFinding judges how far the registry's clock is ahead of ours; known tells whether it was measured.
func ClockFinding(skew time.Duration, known bool) Finding {
	f := Finding{Check: Clock, Kind: "ok", Level: OK, Data: map[string]any{"Seconds": int(skew.Abs().Round(time.Second).Seconds())}}
	switch synced, err := clockSynced(); {
	case known && skew.Abs() > clockFailure:
		f.Kind, f.Level = "wrong", Failure
	case known && skew.Abs() > clockWarning:
		f.Kind, f.Level = "off", Warning
	case err == nil && !synced:
		f.Kind, f.Level = "unsynced", Warning
	case !known:
		f.Kind, f.Level = "unknown", Skipped
	}
	return f
}

// PINStep looks whether the diagnostics mode on the screen can be opened.
func PINStep(file string) Step {
	return Step{Checks: []string{PIN}, Look: func(context.Context) []Finding { return []Finding{pinFinding(file)} }}
}

func pinFinding(file string) Finding {
	kinds := map[pin.Status]Finding{
		pin.Ready: {Kind: "ok", Level: OK}, pin.Waiting: {Kind: "waiting", Level: Warning}, pin.Locked: {Kind: "locked", Level: Warning},
		pin.NoFile: {Kind: "none", Level: Warning}, pin.Unreadable: {Kind: "unreadable", Level: Warning},
		pin.Uncounted: {Kind: "uncounted", Level: Warning},
	}
	v := (&pin.Lock{File: file}).Peek()
	f := kinds[v.Status]
	f.Check = PIN
	if v.Err != nil {
		f.Detail = v.Err.Error()
	}
	return f
}

// JournalFinding tells what became of the look into the journal: how many records it has and how many bookings are unfinished, or why it could not be
// read.
func JournalFinding(name string, records, unfinished int, err error) Finding {
	data := map[string]any{"File": filepath.Base(name), "Records": records, "Unfinished": unfinished}
	switch {
	case errors.Is(err, os.ErrNotExist):
		return Finding{Check: Journal, Kind: "none", Level: OK, Data: data}
	case errors.Is(err, os.ErrPermission):
		f := failure(Journal, "denied", err)
		f.Data = data
		return f
	case err != nil:
		f := failure(Journal, "unreadable", err)
		f.Data = data
		return f
	}
	return Finding{Check: Journal, Kind: "ok", Level: OK, Data: data}
}
