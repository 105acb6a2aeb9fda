package commands

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/journal"
	"infomat/terminal/checks"
)

// Journal shows the journal, also while the terminal runs.
type Journal struct {
	Config string `required:"" placeholder:"F" help:"Configuration file."`
	JSON   bool   `xor:"form" help:"One JSON object a line."`
	CSV    bool   `xor:"form" help:"Comma-separated values, under a line of names."`
}

// Run prints every entry in the order in which they were written.
func (c *Journal) Run() error {
	conf, err := Load(c.Config)
	if err != nil {
		return err
	}
	name, err := checks.JournalPath(conf)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		return journal.WriteJSON(os.Stdout, name)
	case c.CSV:
		return journal.WriteCSV(os.Stdout, name)
	}
	return journalTable(name)
}

// journalTable prints a table for people. What is missing in a damaged journal is told after all that is there.
func journalTable(name string) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "SEQ\tTIME\tCODE\tSTAGE\tNUM\tROOM\tHELD UNTIL\tREASON")
	err := journal.Read(name, func(e journal.Entry) error {
		code, stage, num, room, held, reason := lineOf(e)
		_, err := fmt.Fprintf(
			out,
			"%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			e.Seq,
			e.At.Format("2006-01-02 15:04:05.000"),
			code,
			stage,
			num,
			room,
			held,
			reason,
		)
		return err
	})
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return err
}

func lineOf(e journal.Entry) (code, stage, num, room, held, reason string) {
	if e.Note != nil {
		return string(e.Kind), e.State, "", "", "", told(e.Subject, e.Detail)
	}
	if e.Record == nil {
		return string(e.Kind), "", "", "", "", ""
	}
	if !e.HoldUntil.IsZero() {
		held = e.HoldUntil.Format(time.TimeOnly)
	}
	return kiosk.Code(e.Operation), string(e.Stage), e.Num, e.Room, held, told(e.Code, string(e.CellState), e.Reason)
}

// told returns the words that are not blank, with colons between them.
func told(words ...string) string {
	blank := func(w string) bool { return w == "" }
	return strings.Join(slices.DeleteFunc(words, blank), ": ")
}
