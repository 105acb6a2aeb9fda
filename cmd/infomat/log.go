package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"

	"infomat/kiosk/config"
)

// newLog opens the log. The caller closes it.
func newLog(c config.Log) (*slog.Logger, io.Closer, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		return nil, nil, usage(fmt.Errorf("log.level: %w", err))
	}
	out := io.WriteCloser(nopCloser{os.Stderr})
	if c.File != "" {
		f, err := os.OpenFile(c.File, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
		if err != nil {
			return nil, nil, usage(fmt.Errorf("log.file: %w", err))
		}
		out = f
	}
	o := &slog.HandlerOptions{Level: level}
	l := slog.New(slog.NewTextHandler(out, o))
	if c.Format == "json" {
		l = slog.New(slog.NewJSONHandler(out, o))
	}
	quietLibraries(l)
	return l, out, nil
}

// nopCloser keeps standard error open.
type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
