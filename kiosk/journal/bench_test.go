package journal_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// BenchmarkTransition measures one transition, and as "x-fsync" how many times it takes what a bare write and fsync of the same bytes take.
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
	r := kiosk.Record{Operation: uuid.New(), Stage: kiosk.StageConfirmed, Num: "008", Room: "202", Cell: uuid.New(), Doctor: uuid.New(), Ticket: uuid.New(), HoldUntil: time.Now()}
	var journaled, synced time.Duration
	for b.Loop() {
		before, _ := j.Used()
		begin := time.Now()
		if err := j.Append(b.Context(), r); err != nil {
			b.Fatal(err)
		}
		journaled += time.Since(begin)
		after, _ := j.Used()
		data := make([]byte, max(1, after-before))
		begin = time.Now()
		if _, err := bare.Write(data); err != nil {
			b.Fatal(err)
		}
		if err := bare.Sync(); err != nil {
			b.Fatal(err)
		}
		synced += time.Since(begin)
	}
	b.ReportMetric(float64(journaled)/float64(b.N), "transition-ns/op")
	b.ReportMetric(float64(journaled)/float64(synced), "x-fsync")
}

// BenchmarkOpenAfterAKill measures the start on a full journal whose last user was killed.
func BenchmarkOpenAfterAKill(b *testing.B) {
	name := filepath.Join(b.TempDir(), "journal.db")
	j, err := journal.Open(name, journal.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 2000 {
		if err := j.Append(b.Context(), kiosk.Record{Operation: uuid.UUID{byte(i), byte(i >> 8)}, Stage: kiosk.StageDone, Num: "008"}); err != nil {
			b.Fatal(err)
		}
	}
	used, _ := j.Used()
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := os.Remove(name + ".seal"); err != nil {
			b.Fatal(err)
		}
		j, err := journal.Open(name, journal.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(used)
}
