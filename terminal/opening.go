package terminal

import (
	"crypto/sha256"
	"fmt"
	"log/slog"
	"sync/atomic"

	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/journal"
)

// opening tells once what was found when the journal was opened.
type opening struct {
	journal *journal.Journal
	notes   *noteWriter
	config  config.Config
	log     *slog.Logger
	done    atomic.Bool
}

// found notes the start, what the program before left behind, and a configuration that is another than before. It
// returns the records of bookings that a crash left unfinished. From the second call on it does and returns nothing.
func (o *opening) found() []kiosk.Record {
	if o.done.Swap(true) {
		return nil
	}
	found := o.journal.Found
	if found.Killed != "" {
		o.log.Warn("the program did not end in order", "killed", found.Killed)
		detail := found.Killed + ", did not end in order"
		o.notes.add(journal.KindLife, journal.Note{Subject: "terminal", State: "killed", Detail: detail})
	}
	if found.SetAside != "" {
		o.log.Error("the journal was damaged; it was set aside",
			"file", found.SetAside, "lost", found.Lost, "rescued", found.Rescued)
	}
	o.notes.add(journal.KindLife, journal.Note{Subject: "terminal", State: "started", Detail: "version " + Version})
	digest := fmt.Sprintf("%.12x", sha256.Sum256(fmt.Appendf(nil, "%+v", o.config)))
	if last, ok := o.journal.Newest(journal.KindConfig); !ok || last.State != digest {
		o.notes.add(journal.KindConfig, journal.Note{Subject: "configuration", State: digest, Detail: "another than before"})
	}
	records := o.journal.Unfinished()
	if len(records) > 0 {
		o.log.Warn("bookings were left unfinished", "count", len(records))
	}
	return records
}
