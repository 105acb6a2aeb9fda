package main

import (
	"bytes"
	"io"
	"log"
	"log/slog"
	"os"
)

// quiet is where libraries write what they log by themselves. net/http quotes there what a server sends that nobody asked for, and that can be a patient's
// name: such a line is told of and not passed on.
type quiet struct {
	out io.Writer
	log *slog.Logger
}

var unsolicited = []byte("Unsolicited response")

// Write passes a line on that quotes nothing of the wire.
func (q quiet) Write(line []byte) (int, error) {
	if bytes.Contains(line, unsolicited) {
		q.log.Warn("a server sent more than its answer")
		return len(line), nil
	}
	return q.out.Write(line)
}

// quietLibraries puts it in place.
func quietLibraries(l *slog.Logger) { log.SetOutput(quiet{os.Stderr, l}) }
