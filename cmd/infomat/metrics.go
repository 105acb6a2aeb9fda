package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"infomat/kiosk/metrics"
)

// serveMetrics lets the terminal's figures be read until ctx ends, where the configuration says so. A terminal whose figures cannot be read serves
// its patients all the same.
func (p *parts) serveMetrics(ctx context.Context) {
	if p.config.Metrics.Listen == "" {
		return
	}
	if err := p.readOut(ctx); err != nil {
		p.log.Error("the metrics cannot be read", "error", err)
	}
}

func (p *parts) readOut(ctx context.Context) error {
	c := p.config.Metrics
	s := metrics.Server{Listen: c.Listen, CertFile: c.CertFile, KeyFile: c.KeyFile, User: c.User}
	if c.PasswordFile != "" {
		password, err := os.ReadFile(c.PasswordFile)
		if err != nil {
			return fmt.Errorf("metrics.password_file: %w", err)
		}
		s.Password = strings.TrimSpace(string(password))
	}
	p.metrics.Value("timetable_age_seconds", "Age of the timetable that is offered; NaN: there is none.", p.timetableAge)
	l, err := s.Open()
	if err != nil {
		return err
	}
	p.log.Info("metrics", "address", l.Addr())
	return s.Serve(ctx, l, p.metrics.Handler())
}

func (p *parts) timetableAge() float64 {
	now := time.Now()
	c, _ := p.store.Snapshot(now) // one that is too old is what is asked about
	if c == nil {
		return math.NaN()
	}
	return now.Sub(c.AsOf).Seconds()
}
