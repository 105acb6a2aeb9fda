package export

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// Table writes every entry as one line of a table for people. Of a damaged journal it writes what can be read, and
// returns the error.
func Table(out io.Writer, name string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SEQ\tTIME\tCODE\tSTAGE\tNUM\tROOM\tHELD UNTIL\tREASON")
	err := journal.Read(name, func(e journal.Entry) error {
		_, err := fmt.Fprintf(w, "%d\t%s\t%s\n", e.Seq, e.At.Format("2006-01-02 15:04:05.000"),
			strings.Join(cellsOf(e), "\t"))
		return err
	})
	if flushed := w.Flush(); err == nil {
		err = flushed
	}
	return err
}

// cellsOf returns the columns of an entry from CODE on.
func cellsOf(e journal.Entry) []string {
	if e.Note != nil {
		return []string{string(e.Kind), e.State, "", "", "", colons(e.Subject, e.Detail)}
	}
	if e.Record == nil {
		return []string{string(e.Kind), "", "", "", "", ""}
	}
	held := ""
	if !e.HoldUntil.IsZero() {
		held = e.HoldUntil.Format(time.TimeOnly)
	}
	return []string{
		kiosk.Code(e.Operation), string(e.Stage), e.Num, e.Room, held, colons(e.Code, string(e.CellState), e.Reason),
	}
}

// colons joins the words that are not blank.
func colons(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ": ")
}
