package diag

import (
	"slices"
	"time"

	"infomat/kiosk/health"
)

// Names are the parts that are checked, in their order: each explains those that follow it.
var Names = []health.Part{
	health.PartConfig, health.PartDisk, health.PartJournal, health.PartDNS, health.PartTCP, health.PartTLS,
	health.PartHTTP,
	health.PartAccess, health.PartClock, health.PartTimetable, health.PartPrinter, health.PartScanner, health.PartPIN,
	health.PartLockdown,
}

// Judged are the parts that only a technician can judge.
var Judged = []health.Part{health.PartTouch, health.PartDisplay, health.PartSound}

// Judgement is what a technician says of one of Judged: all is well, or there is a fault.
func Judgement(part health.Part, well bool) health.Finding {
	kind := health.KindOK
	if !well {
		kind = "fault"
	}
	f := health.New(part, kind)
	f.At = time.Now()
	return f
}

// Report is what all checks found.
type Report struct {
	At       time.Time        `json:"at"`
	Version  string           `json:"version"`
	Host     string           `json:"host"`
	CanServe bool             `json:"canServe"` // no finding is a failure
	TookMS   float64          `json:"tookMs"`
	Findings []health.Finding `json:"findings"`
}

// Failed returns the first failure of these parts, or of all where none is named.
func (r Report) Failed(parts ...health.Part) (health.Finding, bool) {
	for _, f := range r.Findings {
		if f.Level == health.Failure && (len(parts) == 0 || slices.Contains(parts, f.Part)) {
			return f, true
		}
	}
	return health.Finding{}, false
}

// Worst is the worst level of the report. What was skipped is no worse than what works.
func (r Report) Worst() health.Level {
	worst := health.OK
	for _, f := range r.Findings {
		if f.Level != health.Skipped && health.Compare(f.Level, worst) > 0 {
			worst = f.Level
		}
	}
	return worst
}

// add adds a finding.
func (r *Report) add(f health.Finding) {
	r.CanServe = r.CanServe && f.Level != health.Failure
	r.Findings = append(r.Findings, f)
}
