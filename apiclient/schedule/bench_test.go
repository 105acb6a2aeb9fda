package schedule

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
)

// The clinic of the benchmarks: a large one.
const (
	benchSpecialities = 40
	benchDoctors      = 500
	benchDays         = 14
	benchCells        = 40 // a doctor's of a day
)

var (
	benchNow    = time.Date(2026, 11, 25, 7, 0, 0, 0, time.FixedZone("", 3*60*60))
	benchWindow = Window{Days: benchDays, Zone: benchNow.Location(), Now: func() time.Time { return benchNow }}
)

// benchDocument returns the clinic's timetable as a document of 280 000 cells.
func benchDocument(b *testing.B) []byte {
	b.Helper()
	d := document{
		Version:  documentVersion,
		Exported: benchNow.Format(time.RFC3339),
		Clinic:   documentClinic{Name: "Поликлиника"},
	}
	for i := range benchSpecialities {
		d.Specialities = append(d.Specialities, documentSpeciality{fmt.Sprint(i), fmt.Sprintf("Специальность %d", i)})
	}
	for i := range benchDoctors {
		doctor := documentDoctor{
			GUID: uuid.NewString(), Name: fmt.Sprintf("Фамилия%d Имя Отчество", i), Post: "врач",
			Speciality: fmt.Sprint(i % benchSpecialities), Room: fmt.Sprint(i),
			Floor: 2, Ages: []apiclient.AgeCategory{apiclient.Adult},
		}
		for day := range benchDays {
			for n := range benchCells {
				begin := benchNow.AddDate(0, 0, day).Add(time.Hour + time.Duration(n)*15*time.Minute)
				doctor.Cells = append(doctor.Cells, documentCell{
					GUID: uuid.NewString(), Begin: begin.Format(time.RFC3339), End: begin.Add(15 * time.Minute).Format(time.RFC3339),
				})
			}
		}
		d.Doctors = append(d.Doctors, doctor)
	}
	data, err := json.Marshal(d)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// BenchmarkParse compares the reading of a document, with all checks and the catalogue, with encoding/json
// decoding it into the same structs.
func BenchmarkParse(b *testing.B) {
	data := benchDocument(b)
	b.Run("of=catalogue", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := parseDocument("", data, benchWindow); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("of=encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var d document
			if err := json.Unmarshal(data, &d); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMemory reports the memory of a loaded catalogue (kept-MB) and the peak of the heap while it is
// read, including the document (peak-MB).
func BenchmarkMemory(b *testing.B) {
	data := benchDocument(b)
	for b.Loop() {
		before := heap()
		done, peak := make(chan struct{}), make(chan uint64)
		go func() { peak <- highest(done) }()
		fresh := bytes.Clone(data)
		c, err := parseDocument("", fresh, benchWindow)
		close(done)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(<-peak-before)/1e6, "peak-MB")
		fresh = nil
		b.ReportMetric(float64(heap()-before)/1e6, "kept-MB")
		runtime.KeepAlive(c)
	}
}

// heap returns the bytes in use after a garbage collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC() // what encoding/json keeps in its pool goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// highest measures the heap until it is stopped.
func highest(done <-chan struct{}) (most uint64) {
	var m runtime.MemStats
	for {
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
		select {
		case <-done:
			return most
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// BenchmarkQuestions calls the methods of a loaded catalogue as the screens do.
func BenchmarkQuestions(b *testing.B) {
	c, err := parseDocument("", benchDocument(b), benchWindow)
	if err != nil {
		b.Fatal(err)
	}
	noon := benchNow.AddDate(0, 0, 3).Add(5 * time.Hour)
	doctor := c.doctors[250].GUID
	for name, ask := range map[string]func() bool{
		"specialities":             func() bool { return len(c.Specialities(apiclient.Adult, noon)) == benchSpecialities },
		"doctors-of-a-speciality":  func() bool { return len(c.Doctors("7", apiclient.Adult, noon)) > 0 },
		"cells-of-a-day":           func() bool { return ofDay(c.Cells(doctor, noon), noon.AddDate(0, 0, 1)) == benchCells },
		"nearest":                  func() bool { _, _, today := c.Nearest(noon); return today > 0 },
		"one-doctor-s-fresh-cells": func() bool { return c.WithDoctor(doctor, Reading{}) != nil },
	} {
		b.Run("of="+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !ask() {
					b.Fatal("a wrong answer")
				}
			}
		})
	}
}

// ofDay counts a day's cells as the screens group them.
func ofDay(cells []Cell, date time.Time) (n int) {
	y, m, d := date.Date()
	for _, c := range cells {
		if cy, cm, cd := c.Begin.Date(); cy == y && cm == m && cd == d {
			n++
		}
	}
	return n
}

// BenchmarkSlots compares decoding a doctor's slots with a site's names with encoding/json and fixed names.
func BenchmarkSlots(b *testing.B) {
	var list []map[string]any
	for n := range benchDays * benchCells {
		begin := benchNow.Add(time.Duration(n) * 15 * time.Minute)
		list = append(list, map[string]any{
			"status": "Available", "message": nil, "flagAccess": "Registry,Internet", "opened": false, "bookingSource": nil,
			"count": 1, "timeTableGuid": uuid.New(),
			"beginTime": begin, "endTime": begin.Add(15 * time.Minute), "room": "202", "flat": 2,
			"busyType": map[string]any{"name": "", "type": 1, "code": "1"},
		})
	}
	data, err := json.Marshal(list)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("of=wire", func(b *testing.B) {
		w := newWire[slot](Names{Cell: "timeTableGuid"})
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			err := w.list(data, func(*slot, bool) error { n++; return nil })
			if err != nil || n != len(list) {
				b.Fatal(err)
			}
		}
	})
	b.Run("of=encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var slots []slot
			if err := json.Unmarshal(data, &slots); err != nil || len(slots) != len(list) {
				b.Fatal(err)
			}
		}
	})
}
