package health

import "time"

// The thresholds of all checks, for the watch and for the diagnostics alike.
const (
	// DiskWarning: a booking takes about a kilobyte, a log some megabytes a day, so this is room for some weeks in
	// which somebody can tidy up.
	DiskWarning = 500 << 20

	// DiskFailure: below this many bytes no booking is begun. The journal needs far less for those that have begun,
	// but a log or a full report may take the rest within hours, and a booking must never be left unrecorded.
	DiskFailure = 20 << 20

	// JournalWarning is the share of its largest size at which a journal is called nearly full: its oldest entries
	// are trimmed soon, so they have to be exported by then.
	JournalWarning = 0.9

	// ClockWarning: the countdown of a hold and the time printed on a ticket bear five seconds of difference.
	ClockWarning = 5 * time.Second

	// ClockWrong: signed requests are usually refused from about five minutes on. It closes nothing: holds are timed
	// by the registry's answers, and a registry that refuses a signature is found by the check of the access. A
	// registry's own wrong clock must not take a whole fleet out of service.
	ClockWrong = 5 * time.Minute

	// ClockStep: a wall clock that moves by this much between two looks was set by somebody. A slow correction of a
	// time service makes some milliseconds.
	ClockStep = 2 * time.Second

	// CertificateAhead: a month is enough to get a new certificate.
	CertificateAhead = 30 * 24 * time.Hour
)
