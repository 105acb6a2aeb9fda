package serialport

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/creack/pty"
)

func TestChunk(t *testing.T) {
	for buffer, want := range map[int]int{0: 64, 4096: 64, 45: 7, 10: 4, 128: 21} {
		if got := chunk(buffer); got != want {
			t.Errorf("a buffer of %d is filled by %d, want %d", buffer, got, want)
		}
	}
}

// BenchmarkWrite writes a ticket's worth of bytes; wire/limit is the time it took against what the line
// needs at least.
func BenchmarkWrite(b *testing.B) {
	for name, baud := range map[string]int{"9600": 9600, "19200": 19200, "115200": 115200} {
		b.Run(name, func(b *testing.B) {
			device, slave, err := pty.Open()
			if err != nil {
				b.Fatal(err)
			}
			defer slave.Close()
			defer device.Close()
			go func() { _, _ = io.Copy(io.Discard, device) }() // ends when the line is closed
			p, err := Open(Config{Name: slave.Name(), Baud: baud, Flow: FlowNone})
			if err != nil {
				b.Fatal(err)
			}
			defer p.Close()
			data := make([]byte, 480)
			for b.Loop() {
				if _, err := p.Write(data); err != nil {
					b.Fatal(err)
				}
			}
			limit := time.Duration(len(data)) * 10 * time.Second / time.Duration(baud)
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(limit), "wire/limit")
		})
	}
}

// A question that fits into one piece does not wait until it is on the line, as its answer is waited for anyway. What
// is written next waits for both.
func TestAQuestionDoesNotWaitForTheLine(t *testing.T) {
	name, device := pair(t)
	read := make(chan time.Time, 2)
	go func() {
		buf := make([]byte, 64)
		for range cap(read) {
			if _, err := io.ReadFull(device, buf[:12]); err != nil {
				return
			}
			read <- time.Now()
		}
	}()
	p := open(t, Config{Name: name, Baud: 300, Flow: FlowNone})
	question := bytes.Repeat([]byte{4}, 12) // 0.4 s at this speed
	begun := time.Now()
	if _, err := p.Write(question); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > p.Time(10) {
		t.Errorf("the question took %v", took)
	}
	if _, err := p.Write(question); err != nil {
		t.Fatal(err)
	}
	if first, second := <-read, <-read; second.Sub(first) < p.Time(11) {
		t.Errorf("12 bytes came %v after 12 others, and the line needs %v", second.Sub(first), p.Time(12))
	}
}
