package terminal

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// JournalTable writes a journal as a table for people. What is missing in a damaged journal is told after all that is
// there.
func JournalTable(w io.Writer, name string) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
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

// ReportTable writes a report as a table for people, and its verdict.
func ReportTable(w io.Writer, r diag.Report, words health.Language) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range r.Findings {
		level := words.Text("service.level."+string(f.Level), nil)
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.Part.Title(words), level, f.Say(words))
		if f.Detail != "" {
			fmt.Fprintf(table, "\t\t(%s)\n", strings.ReplaceAll(f.Detail, "\n", "; "))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "\n"+diag.Verdict(r, words))
	return err
}
