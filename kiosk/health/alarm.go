package health

import "time"

// Alarm is what a technician has to see to although everything still works.
type Alarm string

// The alarms.
const (
	OwnCertificate    Alarm = "own-certificate"    // the terminal's own certificate ends soon
	ServerCertificate Alarm = "server-certificate" // one of the registry's chain does
	Clock             Alarm = "clock"              // the terminal's clock and the registry's differ
)

// The thresholds: a month is time enough to get a certificate, and five seconds are what a hold's countdown can bear.
const (
	certificateAhead = 30 * 24 * time.Hour
	mostSkew         = 5 * time.Second
)

// Wire is what is known of the two ends of the line to the registry. Zero values: not known.
type Wire struct {
	OwnCertificate, ServerCertificate time.Time     // when they end
	Skew                              time.Duration // how far the registry's clock is ahead, or behind
}

// Alarms are those that are due.
func (w Wire) Alarms(now time.Time) (due []Alarm) {
	if soon(w.OwnCertificate, now) {
		due = append(due, OwnCertificate)
	}
	if soon(w.ServerCertificate, now) {
		due = append(due, ServerCertificate)
	}
	if w.Skew.Abs() > mostSkew {
		due = append(due, Clock)
	}
	return due
}

func soon(end, now time.Time) bool { return !end.IsZero() && end.Sub(now) < certificateAhead }
