package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// journalCommand shows the journal, also while the terminal runs.
type journalCommand struct {
	Config string `required:"" placeholder:"F" help:"Configuration file."`
	JSON   bool   `help:"One JSON object a line."`
}

// journalLine is a record as the export has it.
type journalLine struct {
	Seq uint64 `json:"seq"`
	kiosk.Record
}

// Run prints every record in the order in which they were written.
func (c *journalCommand) Run() error {
	conf, err := load(c.Config)
	if err != nil {
		return err
	}
	name, err := journalPath(conf)
	if err != nil {
		return err
	}
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		return journal.Read(name, func(seq uint64, r kiosk.Record) error { return out.Encode(journalLine{seq, r}) })
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "SEQ\tTIME\tOPERATION\tSTAGE\tNUM\tROOM\tHELD UNTIL\tCODE\tREASON")
	err = journal.Read(name, func(seq uint64, r kiosk.Record) error {
		held := ""
		if !r.HoldUntil.IsZero() {
			held = r.HoldUntil.Format("15:04:05")
		}
		_, err := fmt.Fprintf(out, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			seq, r.At.Format("2006-01-02 15:04:05.000"), kiosk.Code(r.Operation), r.Stage, r.Num, r.Room, held, r.Code, r.Reason)
		return err
	})
	if err != nil {
		return err
	}
	return out.Flush()
}
