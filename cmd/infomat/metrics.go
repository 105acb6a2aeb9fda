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
	p.values()
	l, err := s.Open()
	if err != nil {
		return err
	}
	p.log.Info("metrics", "address", l.Addr())
	return s.Serve(ctx, l, p.metrics.Handler())
}

// values are the figures that are asked for when somebody reads them.
func (p *parts) values() {
	p.metrics.Value("timetable_age_seconds", "Age of the timetable that is offered; NaN: there is none.", nil, p.timetableAge)
	p.metrics.Value("registry_skew_seconds", "How far the registry's clock is ahead of the terminal's; NaN: not measured.", nil, func() float64 {
		if c := p.registryClock(); c.Known {
			return c.Skew.Seconds()
		}
		return math.NaN()
	})
	ends := func(whose string, end func() time.Time) {
		p.metrics.Value("certificate_ends_seconds", "When a certificate ends, in Unix time; NaN: there is none.", map[string]string{"whose": whose}, func() float64 {
			if at := end(); !at.IsZero() {
				return float64(at.Unix())
			}
			return math.NaN()
		})
	}
	ends("registry", func() time.Time { return p.certificates().Server })
	ends("terminal", func() time.Time { return p.certificates().Own })
	p.metrics.Value("journal_used_ratio", "How much of its room the journal has taken, 0 to 1.", nil, func() float64 {
		used, most := p.journal.Used()
		return float64(used) / float64(most)
	})
}

func (p *parts) timetableAge() float64 {
	now := time.Now()
	c, _ := p.store.Snapshot(now) // one that is too old is what is asked about
	if c == nil {
		return math.NaN()
	}
	return now.Sub(c.AsOf).Seconds()
}
