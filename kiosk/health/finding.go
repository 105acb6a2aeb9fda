package health

import (
	"cmp"
	"time"

	"infomat/kiosk"
)

// Part is something of a terminal that can work or not. Its name is that of `diag --json`, of logs, of the journal's
// notes and of metrics.
type Part string

// The parts.
const (
	PartConfig    Part = "config"    // the configuration and the files that it names
	PartDisk      Part = "disk"      // room on the journal's disk, and whether it can be written to
	PartJournal   Part = "journal"   // the record of bookings
	PartDNS       Part = "dns"       // the way to the registry: its name,
	PartTCP       Part = "tcp"       // the connection,
	PartTLS       Part = "tls"       // the encryption,
	PartHTTP      Part = "http"      // and an answer of the registry
	PartRegistry  Part = "registry"  // the same way as a whole, as the watch sees it, and the certificates
	PartAccess    Part = "access"    // whether the registry accepts this terminal
	PartClock     Part = "clock"     // the wall clock
	PartTimetable Part = "timetable" // what is offered to patients
	PartPrinter   Part = "printer"   // the ticket printer
	PartScanner   Part = "scanner"   // the reader of codes on a serial line
	PartPIN       Part = "pin"       // whether the diagnostics mode can be opened
	PartLockdown  Part = "lockdown"  // whether somebody at the terminal, or on the network, finds a way in
	PartOperator  Part = "operator"  // a technician who closes booking by hand
	PartPrint     Part = "print"     // one print that a technician asked for
	PartTouch     Part = "touch"     // what only a technician can judge: the touchscreen,
	PartDisplay   Part = "display"   // the picture,
	PartSound     Part = "sound"     // and the sound
)

// Level is how bad a finding is. The words are those of `diag --json` and of metrics.
type Level string

// The levels.
const (
	Skipped Level = "skipped" // not looked at: something before it failed, or there is nothing to look at
	OK      Level = "ok"      //
	Warning Level = "warning" // the terminal serves, and somebody should look at it soon
	Failure Level = "failure" // the terminal cannot serve, or not with paper
)

// Levels are all levels, the better first.
var Levels = []Level{OK, Skipped, Warning, Failure}

var ranks = map[Level]int{OK: 0, Skipped: 1, Warning: 2, Failure: 3}

// Compare returns a negative number when a is better than b, a positive one when it is worse, and 0 when they are
// the same. A part that was not looked at is worse than one that works.
func Compare(a, b Level) int { return cmp.Compare(ranks[a], ranks[b]) }

// Finding is what a check, or somebody at work, found out about a part. Level, Closes and NoPaper are those of the
// table: see [New].
type Finding struct {
	Part    Part           `json:"check"`
	Kind    string         `json:"finding"` // such as expired; it stays the same while the cause does
	Level   Level          `json:"level"`
	Closes  kiosk.Reason   `json:"-"`                // why nothing can be booked; "": it closes nothing
	NoPaper bool           `json:"-"`                // no ticket can be printed
	Data    map[string]any `json:"data,omitempty"`   // figures and names of hosts and files, for the words
	Of      []Phrase       `json:"of,omitempty"`     // what it is about, one by one; its words have them as .Of
	Detail  string         `json:"detail,omitempty"` // the error in English, for technicians; no personal data
	TookMS  float64        `json:"tookMs"`
	At      time.Time      `json:"at"`
}

// New returns the finding of a kind that the table has for the part, with its level and its meaning for a visit. A
// kind that the table has not is a fault of this program and becomes a failure that closes nothing.
func New(part Part, kind string) Finding {
	m, ok := meaningOf(part, kind)
	if !ok {
		m = meaning{level: Failure}
	}
	return Finding{Part: part, Kind: kind, Level: m.level, Closes: m.closes, NoPaper: m.noPaper}
}

// With returns the finding with data for its words.
func (f Finding) With(data map[string]any) Finding {
	f.Data = data
	return f
}

// Because returns the finding with an error as its detail. A nil error leaves the detail as it is.
func (f Finding) Because(err error) Finding {
	if err != nil {
		f.Detail = err.Error()
	}
	return f
}

// severity orders findings for damping and latching. What closes booking or takes the paper counts as a failure,
// whatever its level.
func (f Finding) severity() int {
	if f.Closes != "" || f.NoPaper {
		return ranks[Failure]
	}
	return ranks[f.Level]
}

// same reports whether two findings say the same of a part, figures and details aside.
func (f Finding) same(other Finding) bool {
	return f.Kind == other.Kind && f.Level == other.Level && f.Closes == other.Closes && f.NoPaper == other.NoPaper
}

// Worst returns the worst of the findings, of equally bad ones the first; without findings it returns the zero
// Finding.
func Worst(all []Finding) (worst Finding) {
	for i, f := range all {
		if i == 0 || f.severity() > worst.severity() {
			worst = f
		}
	}
	return worst
}
