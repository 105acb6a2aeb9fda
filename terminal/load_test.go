package terminal

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/kiosk"
	"infomat/kiosk/config"
)

// counted is a registry that counts what is asked of it and what it answers.
type counted struct {
	http.Handler
	requests, bytes atomic.Int64
}

func (c *counted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	c.Handler.ServeHTTP(&countedAnswer{w, &c.bytes}, r)
}

func (c *counted) take() (requests, bytes float64) {
	return float64(c.requests.Swap(0)), float64(c.bytes.Swap(0))
}

type countedAnswer struct {
	http.ResponseWriter
	bytes *atomic.Int64
}

func (a *countedAnswer) Write(p []byte) (int, error) {
	a.bytes.Add(int64(len(p)))
	return a.ResponseWriter.Write(p)
}

// Unwrap lets faults reach the connection.
func (a *countedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// BenchmarkRegistryLoad tells what one terminal asks of the registry: for the first reading of the timetable, for
// each further one, and for a visit. The fleet's guide multiplies it.
func BenchmarkRegistryLoad(b *testing.B) {
	sim, err := registrysim.New(registrysim.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	registry := &counted{Handler: sim}
	server := httptest.NewServer(registry)
	defer server.Close()
	conf, err := config.Default()
	if err != nil {
		b.Fatal(err)
	}
	conf.Registry.URL, conf.Registry.LPU.UUID, conf.Printer.Port = server.URL, sim.LPU(), "virtual"
	conf.Journal.Path = filepath.Join(b.TempDir(), "journal.db")
	p, err := New(Options{Config: conf, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	read := func() (requests, bytes float64) {
		if err := p.store.Load(b.Context()); err != nil {
			b.Fatal(err)
		}
		return registry.take()
	}
	first, firstBytes := read()
	var next, nextBytes, visit float64
	for b.Loop() {
		next, nextBytes = read()
		visit = visitRequests(b, p, registry)
	}
	b.ReportMetric(first, "requests/first-reading")
	b.ReportMetric(firstBytes/1000, "kB/first-reading")
	b.ReportMetric(next, "requests/reading")
	b.ReportMetric(nextBytes/1000, "kB/reading")
	b.ReportMetric(visit, "requests/visit")
	b.ReportMetric(next*float64(time.Hour/conf.Schedule.Refresh.Duration), "requests/idle-hour")
}

// visitRequests goes the way of a visit that books: it looks at one doctor's days anew, and reserves a cell.
func visitRequests(b *testing.B, p *Terminal, registry *counted) float64 {
	b.Helper()
	t := p.timetable
	specialities := t.Specialities(b.Context(), kiosk.AgeAdult)
	doctors := t.Doctors(b.Context(), kiosk.AgeAdult, specialities[0].Code)
	days := t.Days(b.Context(), doctors[0].GUID, true)
	day := slices.IndexFunc(days, func(d kiosk.Day) bool { return len(d.Cells) > 0 })
	if day < 0 {
		b.Fatal("nothing is free")
	}
	client, err := p.registry.get()
	if err != nil {
		b.Fatal(err)
	}
	_, err = client.Reserve(b.Context(), apiclient.ReserveRequest{
		Operation: uuid.New(), TimeTable: days[day].Cells[0].GUID, AgeCategory: apiclient.Adult, ReserveMinutes: 10,
	})
	if err != nil {
		b.Fatal(err)
	}
	requests, _ := registry.take()
	return requests
}
