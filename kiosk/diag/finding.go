package diag

import (
	"cmp"
	"slices"
	"time"
)

// Level is how bad a finding is.
type Level string

// The levels.
const (
	OK      Level = "ok"
	Warning Level = "warning" // the terminal serves, and somebody should look at it soon
	Failure Level = "failure" // the terminal cannot serve, or not with paper
	Skipped Level = "skipped" // not looked at: something before it failed, or there is nothing to look at
)

// Finding is what one check found. Its words are service.finding.<Check>.<Kind> of the language files, filled in with Data.
type Finding struct {
	Check  string         `json:"check"`   // such as tls: one of the names in Names or Judged
	Kind   string         `json:"finding"` // such as expired
	Level  Level          `json:"level"`
	Data   map[string]any `json:"data,omitempty"`   // figures and names of machines
	Detail string         `json:"detail,omitempty"` // the error as the program has it, in English
	TookMS float64        `json:"tookMs"`
	At     time.Time      `json:"at"`
}

// The checks, in the order in which they are made: each explains those that follow it.
const (
	Config    = "config"
	Disk      = "disk"
	Journal   = "journal"
	DNS       = "dns"
	TCP       = "tcp"
	TLS       = "tls"
	HTTP      = "http"
	Access    = "access"
	Clock     = "clock"
	Timetable = "timetable"
	Printer   = "printer"
	PIN       = "pin"
)

// What no check can look at: a technician looks or listens, and says what he found.
const (
	Touch   = "touch"
	Display = "display"
	Sound   = "sound"
)

// Judged are the things that only a technician can judge.
var Judged = []string{Touch, Display, Sound}

// Names are all checks in their order.
var Names = []string{Config, Disk, Journal, DNS, TCP, TLS, HTTP, Access, Clock, Timetable, Printer, PIN}

// Judgement is what a technician says of one of Judged: all is well, or there is a fault. A fault is a warning: whether it keeps patients from booking
// is for those who mend it.
func Judgement(check string, well bool) Finding {
	f := Finding{Check: check, Kind: "ok", Level: OK, At: time.Now()}
	if !well {
		f.Kind, f.Level = "fault", Warning
	}
	return f
}

// Report is what all checks found.
type Report struct {
	At       time.Time `json:"at"`
	Version  string    `json:"version"`
	Host     string    `json:"host"`
	CanServe bool      `json:"canServe"`
	TookMS   float64   `json:"tookMs"`
	Findings []Finding `json:"findings"`
}

// Failed gives the first failure of the checks that are named, or of all when none is.
func (r Report) Failed(names ...string) (Finding, bool) {
	for _, f := range r.Findings {
		if f.Level == Failure && (len(names) == 0 || slices.Contains(names, f.Check)) {
			return f, true
		}
	}
	return Finding{}, false
}

// Worst is the gravest level of the report.
func (r Report) Worst() Level {
	order := []Level{Skipped, OK, Warning, Failure}
	worst := OK
	for _, f := range r.Findings {
		if cmp.Compare(slices.Index(order, f.Level), slices.Index(order, worst)) > 0 {
			worst = f.Level
		}
	}
	return worst
}

// Language gives texts by their id; it is what the screens have.
type Language interface {
	Text(id string, data map[string]any) string
}

// Title names a check.
func Title(l Language, check string) string { return l.Text("service.check."+check, nil) }

// SayJudged is a judgement with its date, which may be long ago.
func (f Finding) SayJudged(l Language) string {
	return l.Text("service.judged."+f.Kind, map[string]any{"At": f.At.Format("02.01 15:04")})
}

// Say is the finding as a sentence: what is the matter, and what to do.
func (f Finding) Say(l Language) string { return l.Text("service.finding."+f.Check+"."+f.Kind, f.Data) }
