package file

import (
	"bytes"
	"encoding/json"
	"runtime"
	"testing"
	"time"

	"infomat/apiclient/schedule/schedtest"
)

// benchDocument returns the large clinic's timetable as a document.
func benchDocument(b *testing.B) []byte {
	b.Helper()
	p := schedtest.Large()
	d := document{Version: documentVersion, Exported: p.AsOf.Format(time.RFC3339), Clinic: documentClinic(p.Clinic)}
	for _, s := range p.Specialities {
		d.Specialities = append(d.Specialities, documentSpeciality(s))
	}
	for _, one := range p.Doctors {
		doctor := documentDoctor{
			GUID: one.GUID.String(), Name: one.Name, Post: one.Post, Speciality: one.Speciality, Room: one.Room,
			Floor: one.Floor, Ages: one.Ages,
		}
		for _, c := range p.Cells[one.GUID] {
			doctor.Cells = append(doctor.Cells, documentCell{
				GUID: c.GUID.String(), Begin: c.Begin.Format(time.RFC3339), End: c.End.Format(time.RFC3339),
			})
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
			if _, err := parseDocument("", data, schedtest.LargeWindow); err != nil {
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
		c, err := parseDocument("", fresh, schedtest.LargeWindow)
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
