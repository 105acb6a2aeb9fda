package terminal

import (
	"bytes"
	"io"
	"log"
	"log/slog"
	"os"
)

// quiet is where libraries write what they log by themselves, a line at a time. It keeps back what must not or need
// not be read.
type quiet struct {
	out  io.Writer
	log  *slog.Logger
	skip bool // the lines that belong to one that was kept back
}

var (
	// net/http quotes what a server sends that nobody asked for, and that can be a patient's name.
	unsolicited = []byte("Unsolicited response")
	// At its end the toolkit saves preferences, of which the program has none, and stumbles over its own half-written
	// file.
	preferences = []byte("Fyne error:  Preferences load error")
	// Each of the toolkit's errors has two more lines.
	cause, place = []byte("  Cause: "), []byte("  At: ")
)

// Write passes a line on that quotes nothing of the wire. The log package lets nobody else write meanwhile.
func (q *quiet) Write(line []byte) (int, error) {
	q.skip = bytes.Contains(line, preferences) || q.skip && (bytes.Contains(line, cause) || bytes.Contains(line, place))
	switch {
	case q.skip:
		return len(line), nil
	case bytes.Contains(line, unsolicited):
		q.log.Warn("a server sent more than its answer")
		return len(line), nil
	}
	return q.out.Write(line)
}

// QuietLibraries puts it in place.
func QuietLibraries(l *slog.Logger) { log.SetOutput(&quiet{out: os.Stderr, log: l}) }
