package terminal

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"infomat/kiosk/config"
)

// OpenLog opens the log that the settings name. While its file cannot be opened or written to, the lines go to standard
// error. Only a bad setting is an error. The caller closes it.
func OpenLog(c config.Log) (*slog.Logger, io.Closer, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		return nil, nil, badSetting("log.level", err)
	}
	out := &logFile{name: c.File, instead: os.Stderr}
	o := &slog.HandlerOptions{Level: level}
	l := slog.New(slog.NewTextHandler(out, o))
	if c.Format == "json" {
		l = slog.New(slog.NewJSONHandler(out, o))
	}
	QuietLibraries(l)
	return l, out, nil
}

// StderrLog returns the log of commands that have no settings.
func StderrLog(level slog.Level) *slog.Logger {
	l := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	QuietLibraries(l)
	return l
}

// logFile writes to a file that may not be there yet. While it cannot be used the lines go elsewhere, and it is opened
// again from time to time.
type logFile struct {
	name    string // "": there is no file
	instead io.Writer

	mu    sync.Mutex
	file  *os.File
	tried time.Time
}

// Write writes a line.
func (f *logFile) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.name != "" && f.file == nil && time.Since(f.tried) >= readAgain {
		f.tried = time.Now()
		file, err := os.OpenFile(f.name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
		if err != nil {
			fmt.Fprintln(f.instead, "infomat: log.file:", err)
		} else {
			f.file = file
		}
	}
	if f.file != nil {
		if n, err := f.file.Write(line); err == nil {
			return n, nil
		}
		_ = f.file.Close() // a full disk, or one that has gone
		f.file = nil
	}
	return f.instead.Write(line)
}

// Close closes the file.
func (f *logFile) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file == nil {
		return nil
	}
	err := f.file.Close()
	f.file = nil
	return err
}
