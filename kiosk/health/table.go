package health

import (
	"maps"
	"slices"

	"infomat/kiosk"
)

// meaning is what a kind of finding means for a visit.
type meaning struct {
	level   Level
	closes  kiosk.Reason // "": it closes nothing
	noPaper bool
}

var (
	fine    = meaning{level: OK}
	skipped = meaning{level: Skipped}
	warns   = meaning{level: Warning}
	noPaper = meaning{level: Failure, noPaper: true}

	// failures that keep everybody from booking
	byHand      = meaning{level: Failure, closes: kiosk.ReasonByHand}
	repair      = meaning{level: Failure, closes: kiosk.ReasonRepair}
	outOfPaper  = meaning{level: Failure, closes: kiosk.ReasonNoPaper}
	noClinic    = meaning{level: Failure, closes: kiosk.ReasonNoClinic}
	noRecord    = meaning{level: Failure, closes: kiosk.ReasonJournal}
	noAccess    = meaning{level: Failure, closes: kiosk.ReasonAccess}
	noLine      = meaning{level: Failure, closes: kiosk.ReasonRegistry}
	noTimetable = meaning{level: Failure, closes: kiosk.ReasonTimetable}
)

// Kinds that every part can have.
const (
	KindOK        = "ok"
	KindUnchecked = "unchecked" // the watch has not looked at the part yet
	KindNoAnswer  = "no_answer" // a check has not come to its end in time
	KindPanic     = "panic"     // a check has failed in the program itself
)

// anyPart holds the kinds that every part can have. What a check that fails means for a visit is what a failure of
// its part means: see unknown.
var anyPart = map[string]meaning{KindUnchecked: skipped, KindNoAnswer: warns, KindPanic: warns}

// unknown is what it means when nobody can tell how a part is: the parts without which a booking, or a ticket, would
// be a matter of luck count as failed. The others keep nobody from booking.
var unknown = map[Part]meaning{
	PartDisk: noRecord, PartJournal: noRecord,
	PartDNS: noLine, PartTCP: noLine, PartTLS: noLine,
	PartHTTP: noLine, PartRegistry: noLine,
	PartAccess:    noAccess,
	PartTimetable: noTimetable,
	PartPrinter:   noPaper, PartPrint: noPaper,
}

// table is the only place that says what a kind of finding means: how bad it is, whether it keeps patients from
// booking and for which reason, and whether it leaves them without a ticket. A failure always does one of the two.
var table = map[Part]map[string]meaning{
	PartConfig: {
		KindOK: fine,
		// files that the configuration names; data of others never end the program
		"token_file":            noAccess,
		"key_file":              noAccess,
		"cert_file":             noAccess,
		"ca_file":               noLine,
		"schedule_file":         noTimetable,
		"fhir_token_file":       noTimetable,
		"fhir_ca_file":          noTimetable,
		"fhir_cert_file":        noTimetable,
		"journal_folder":        noRecord,
		"profiles_file":         noPaper,
		"profile":               noPaper,
		"code_page":             noPaper,
		"logo":                  warns,
		"guide":                 warns, // the one read before stays in use
		"template":              warns,
		"languages_dir":         warns,
		"secret_mode":           warns, // others on this computer can read a secret
		"secret_in_address":     warns, // a server's address holds a password
		"language":              warns,
		"log_file":              warns,
		"screen_changes":        warns, // what was changed on the screen cannot be used, and is not
		"metrics_cert_file":     warns,
		"metrics_password_file": warns,
	},
	PartDisk: {
		KindOK:      fine,
		"low":       warns,
		"full":      noRecord,
		"read_only": noRecord,
		"missing":   noRecord,
		"unknown":   skipped,
	},
	PartJournal: {
		KindOK:        fine,
		"none":        fine,
		"writable":    fine,
		"nearly_full": warns,
		"unwritable":  noRecord,
		"denied":      noRecord,
		"unreadable":  noRecord,
	},
	PartDNS: {
		KindOK:         fine,
		"address":      skipped,
		"no_such_name": noLine,
		"no_server":    noLine,
		"not_begun":    noAccess,
	},
	PartTCP: {
		KindOK:        fine,
		"refused":     noLine,
		"no_route":    noLine,
		"proxy":       noLine, // it does not connect to the registry
		"proxy_login": noLine, // it wants a name and a password
		"timeout":     noLine,
		"skipped":     skipped,
	},
	PartTLS: {
		KindOK:      fine,
		"plain":     skipped,
		"readable":  warns, // without encryption beyond the computer itself
		"soon":      warns,
		"expired":   noLine,
		"not_yet":   noLine,
		"name":      noLine,
		"untrusted": noLine,
		"not_tls":   noLine,
		"refused":   noLine,
		"broken":    noLine,
		"skipped":   skipped,
	},
	PartHTTP: {
		KindOK:               fine,
		"certificate_wanted": noLine,
		"cut":                noLine,
		"timeout":            noLine,
		"server_error":       noLine,
		"unreadable":         noLine,
		"skipped":            skipped,
	},
	PartRegistry: {
		KindOK:               fine,
		"not_begun":          noLine, // no client can be made of the files that the settings name
		"no_credentials":     noAccess,
		"no_line":            noLine,
		"own_certificate":    warns,
		"server_certificate": warns,
	},
	PartAccess: {
		KindOK:      fine,
		"signature": noAccess,
		"client":    noAccess,
		"token":     noAccess,
		"refused":   noAccess,
		"not_found": noAccess,
		"timetable": noAccess,
		"busy":      warns,
		"skipped":   skipped,
	},
	PartClock: {
		KindOK:     fine,
		"off":      warns,
		"wrong":    warns,
		"unsynced": warns,
		"unknown":  skipped,
	},
	PartTimetable: {
		KindOK:         fine,
		"empty":        warns,
		"not_renewed":  warns,
		"partly":       warns, // a part of the source cannot be offered
		"offsets":      warns, // the source writes another offset than that of the clinic's zone
		"not_offered":  warns, // nothing of it is at a room that this terminal offers
		"machine_zone": warns, // the computer's clock is set to another zone than the clinic's
		"busy":         noTimetable,
		"denied":       noTimetable, // the source does not accept this terminal
		"refused":      noTimetable,
		"server_error": noTimetable,
		"no_line":      noTimetable, // no whole answer came
		"too_long":     noTimetable, // one answer is longer than it may be
		"too_large":    noTimetable, // the timetable is larger than one reading may be
		"nothing_left": noTimetable, // no part of the source can be offered
		"loading":      {level: Skipped, closes: kiosk.ReasonStarting},
		"unreadable":   noTimetable,
		"stale":        noTimetable,
		"skipped":      skipped,
	},
	PartPrinter: {
		KindOK:        fine,
		"unasked":     fine,
		"virtual":     warns,
		"low":         warns,
		"unconfirmed": warns,
		"unmarked":    warns,
		"unpinned":    warns, // its port's name can go to another device
		"out":         noPaper,
		"jammed":      noPaper,
		"cover":       noPaper,
		"fault":       noPaper,
		"offline":     noPaper,
		"silent":      noPaper,
		"one_way":     noPaper, // tickets are sent all the same
		"foreign":     noPaper,
		"no_port":     noPaper,
		"not_tty":     noPaper,
		"busy":        noPaper,
		"denied":      noPaper,
		"unknown":     noPaper,
	},
	PartScanner: { // whoever has no scanner types the number
		KindOK:     fine,
		"none":     skipped,
		"in_use":   skipped, // by the running terminal, as a command sees it
		"opening":  skipped,
		"unpinned": warns, // its port's name can go to another device
		"no_port":  warns,
		"not_tty":  warns,
		"busy":     warns,
		"denied":   warns,
		"unknown":  warns,
	},
	PartPIN: {
		KindOK:       fine,
		"none":       warns,
		"waiting":    warns,
		"locked":     warns,
		"unreadable": warns,
		"uncounted":  warns,
	},
	PartLockdown: {
		KindOK:          fine,
		"not_installed": skipped,
		"off":           skipped, // protections that somebody has switched off
		"not_applied":   warns,
		"kernel":        warns,
		"console":       warns,
		"keys":          warns,
		"keyboard":      warns,
		"usb":           warns,
		"modules":       warns,
		"firewall":      warns,
		"journal":       warns,
		"upgrades":      warns,
		"upgrades_late": warns,
	},
	PartOperator: {
		KindOK:   fine,
		"repair": repair,
		"paper":  outOfPaper,
		"clinic": noClinic,
		"closed": byHand,
	},
	PartPrint: {
		"printed":  fine,
		"done":     fine,
		"unknown":  warns,
		"failed":   noPaper,
		"no_speed": noPaper,
	},
	PartTouch:   {KindOK: fine, "fault": warns},
	PartDisplay: {KindOK: fine, "fault": warns},
	PartSound:   {KindOK: fine, "fault": warns},
}

// meaningOf looks a kind up.
func meaningOf(part Part, kind string) (m meaning, ok bool) {
	if m, ok = table[part][kind]; ok {
		return m, true
	}
	if m, ok = unknown[part]; ok && (kind == KindNoAnswer || kind == KindPanic) {
		return m, true
	}
	m, ok = anyPart[kind]
	return m, ok
}

// Known reports whether the table has a kind for a part.
func Known(part Part, kind string) bool {
	_, ok := meaningOf(part, kind)
	return ok && table[part] != nil
}

// Kinds are all kinds of findings of a part, in the order of their names.
func Kinds(part Part) []string {
	all := maps.Clone(table[part])
	for kind, m := range anyPart {
		all[kind] = m
	}
	return slices.Sorted(maps.Keys(all))
}

// AllParts are the parts in the order of their names.
func AllParts() []Part { return slices.Sorted(maps.Keys(table)) }

// precedence orders the reasons that can close booking at the same time: only the first is told to patients. What a
// person has decided comes before everything else; then what keeps the terminal from recording a booking; then what
// explains the failures after it: a terminal that is refused may see no timetable, one without a line sees none.
var precedence = []kiosk.Reason{
	kiosk.ReasonByHand, kiosk.ReasonRepair, kiosk.ReasonNoPaper, kiosk.ReasonNoClinic,
	kiosk.ReasonJournal, kiosk.ReasonAccess, kiosk.ReasonRegistry, kiosk.ReasonTimetable,
	kiosk.ReasonStarting,
}

// ServiceOf derives from the findings of all parts what works for patients. The order of the findings does not matter.
func ServiceOf(all ...Finding) (s kiosk.Service) {
	best := len(precedence)
	for _, f := range all {
		s.NoPaper = s.NoPaper || f.NoPaper
		if f.Closes == "" {
			continue
		}
		rank := slices.Index(precedence, f.Closes)
		if rank < 0 { // a reason that is not ordered is told when no other is
			rank = len(precedence)
		}
		if s.Down == "" || rank < best {
			s.Down, best = f.Closes, rank
		}
	}
	return s
}
