package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

var transition = kiosk.Record{
	Operation: uuid.UUID{1}, Stage: kiosk.StageConfirmed, Num: "008", Room: "202", Cell: uuid.New(), Doctor: uuid.New(),
	Ticket: uuid.New(), HoldUntil: time.Now(), UptimeUntil: time.Hour, Boot: uuid.NewString(),
}

// BenchmarkTransition measures one transition, and as "x-fsync" how many times it takes what a bare write and fsync of
// the same bytes take.
func BenchmarkTransition(b *testing.B) {
	dir := b.TempDir()
	j, err := journal.Open(filepath.Join(dir, "journal.db"), journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	bare, err := os.Create(filepath.Join(dir, "bare"))
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	var journaled, synced time.Duration
	for b.Loop() {
		before, _ := j.Used()
		begin := time.Now()
		if err := j.Append(b.Context(), transition); err != nil {
			b.Fatal(err)
		}
		journaled += time.Since(begin)
		after, _ := j.Used()
		data := make([]byte, max(1, after-before))
		begin = time.Now()
		if err := writeAndSync(bare, data); err != nil {
			b.Fatal(err)
		}
		synced += time.Since(begin)
	}
	b.ReportMetric(float64(journaled)/float64(b.N), "transition-ns/op")
	b.ReportMetric(float64(journaled)/float64(synced), "x-fsync")
}

func writeAndSync(f *os.File, data []byte) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

// BenchmarkBareWriteAndSync is what BenchmarkTransition is compared with.
func BenchmarkBareWriteAndSync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "bare"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	data := make([]byte, 600)
	for b.Loop() {
		if err := writeAndSync(f, data); err != nil {
			b.Fatal(err)
		}
	}
}

// full makes a journal of so many bytes, as a killed terminal leaves it: the lines of one segment with other numbers.
func full(b *testing.B, size int64) (name string) {
	b.Helper()
	name = filepath.Join(b.TempDir(), "journal.db")
	if err := journal.WriteSegments(name, size, transition); err != nil {
		b.Fatal(err)
	}
	return name
}

// BenchmarkOpenAfterAKill measures the start on a journal at its cap whose owner was killed, and the memory it takes.
func BenchmarkOpenAfterAKill(b *testing.B) {
	for _, mb := range []int64{32, 256} {
		b.Run(fmt.Sprintf("%dMB", mb), func(b *testing.B) {
			name := full(b, mb<<20)
			b.SetBytes(mb << 20)
			for b.Loop() {
				j, err := journal.Open(name, journal.Options{Max: mb << 21})
				if err != nil || len(j.Unfinished()) != 1 || j.Found.Lost != "" {
					b.Fatal(err, j.Found)
				}
				owner := filepath.Join(name, "owner")
				if err := errors.Join(j.Close(), os.WriteFile(owner, []byte("process 1"), 0o600)); err != nil {
					b.Fatal(err)
				}
			}
			reportPeak(b)
		})
	}
}

// BenchmarkPageOfVisits measures what a page of the diagnostics mode reads.
func BenchmarkPageOfVisits(b *testing.B) {
	name := full(b, 32<<20)
	for b.Loop() {
		n := 0
		if err := journal.ReadBack(name, "", func(kiosk.Record) bool { n++; return n < 100 }); err != nil || n != 100 {
			b.Fatal(n, err)
		}
	}
}

// reportPeak reports how much memory Go has asked of the system.
func reportPeak(b *testing.B) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB-of-process")
}
