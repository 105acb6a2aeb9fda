package terminal

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/kiosk/config"
	"infomat/kiosk/metrics"
	"infomat/terminal/checks"
)

// figures lets the terminal's figures be read. A terminal whose figures cannot be read serves its patients all
// the same.
type figures struct {
	metrics  *metrics.Metrics
	store    *schedule.Store
	registry func() apiclient.Health
	ends     func() checks.Certificates
	journal  func() (used, most int64)
	config   config.Metrics
	log      *slog.Logger

	strangers strangers
}

// run serves the figures until ctx ends, where the settings say so. While the files that it needs cannot be used, or
// the address is taken, it tries again.
func (f *figures) run(ctx context.Context) {
	if f.config.Listen == "" {
		return
	}
	f.values()
	for ctx.Err() == nil {
		if err := f.serve(ctx); err != nil {
			f.log.Error("the metrics cannot be read", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(readAgain):
		}
	}
}

func (f *figures) serve(ctx context.Context) error {
	c := f.config
	s := metrics.Server{Listen: c.Listen, CertFile: c.CertFile, KeyFile: c.KeyFile, User: c.User, Refused: f.refused}
	if c.PasswordFile != "" {
		var err error
		if s.Password, err = checks.Password(c.PasswordFile); err != nil {
			return fmt.Errorf("metrics.password_file: %w", err)
		}
	}
	l, err := s.Open()
	if err != nil {
		return err
	}
	f.log.Info("metrics", "address", l.Addr())
	return s.Serve(ctx, l, f.metrics.Handler())
}

// refused counts a connection that got no figures. Whatever strangers do, the log gets a line in a while.
func (f *figures) refused(why metrics.Reason, detail string) {
	f.metrics.Refused(why)
	if told := f.strangers.add(why, detail, time.Now()); told != nil {
		f.log.Warn("connections to the metrics got none", told...)
	}
}

// betweenStrangers is the shortest time between two lines of the log about connections that got no figures.
const betweenStrangers = 10 * time.Minute

// strangers counts connections that got no figures since the last line of the log.
type strangers struct {
	mu     sync.Mutex
	counts map[metrics.Reason]int
	detail string
	told   time.Time
}

// add counts one. It returns the attributes of a line if one is due. The counts begin again then.
func (s *strangers) add(why metrics.Reason, detail string, now time.Time) (line []any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.counts == nil {
		s.counts = map[metrics.Reason]int{}
	}
	s.counts[why]++
	if detail != "" {
		s.detail = detail
	}
	if !s.told.IsZero() && now.Sub(s.told) < betweenStrangers {
		return nil
	}
	for _, reason := range metrics.Reasons {
		if n := s.counts[reason]; n > 0 {
			line = append(line, string(reason), n)
		}
	}
	if s.detail != "" {
		line = append(line, "detail", s.detail)
	}
	s.counts, s.detail, s.told = nil, "", now
	return line
}

// values are the figures that are asked for when somebody reads them.
func (f *figures) values() {
	f.metrics.Value("timetable_age_seconds",
		"Age of the oldest part of the timetable that is offered; NaN: there is none.", nil, f.age)
	for _, reason := range schedule.Reasons {
		f.metrics.Value("timetable_dropped", "Parts of the timetable that are not offered; NaN: there is no timetable.",
			map[string]string{"reason": string(reason)}, func() float64 { return f.dropped(reason) })
	}
	f.metrics.Value("registry_skew_seconds",
		"How far the registry's clock is ahead of the terminal's; NaN: not measured.", nil, func() float64 {
			if c := clockOf(f.registry()); c.Known {
				return c.Skew.Seconds()
			}
			return math.NaN()
		})
	ends := func(whose string, end func() time.Time) {
		f.metrics.Value("certificate_ends_seconds", "When a certificate ends, in Unix time; NaN: there is none.",
			map[string]string{"whose": whose}, func() float64 {
				if at := end(); !at.IsZero() {
					return float64(at.Unix())
				}
				return math.NaN()
			})
	}
	ends("registry", func() time.Time { return f.ends().Server })
	ends("terminal", func() time.Time { return f.ends().Own })
	f.metrics.Value("journal_used_ratio", "How much of its room the journal has taken, 0 to 1.", nil, func() float64 {
		used, most := f.journal()
		return float64(used) / float64(most)
	})
}

// dropped returns how many parts of the timetable that is offered were left out for a reason.
func (f *figures) dropped(reason schedule.Reason) float64 {
	c, _ := f.store.Snapshot(time.Now()) // also one that is too old
	if c == nil {
		return math.NaN()
	}
	for _, d := range c.Dropped {
		if d.Reason == reason {
			return float64(d.Count)
		}
	}
	return 0
}

func (f *figures) age() float64 {
	now := time.Now()
	c, _ := f.store.Snapshot(now) // one that is too old is what is asked about
	if c == nil {
		return math.NaN()
	}
	return now.Sub(c.Oldest()).Seconds()
}
