package diag

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"infomat/kiosk/health"
)

// oneLine keeps what a finding says from beginning another one, or another column.
var oneLine = strings.NewReplacer("\n", "; ", "\t", " ")

// Table writes a report as a table for people: a line for each finding with its detail below it, and the verdict.
func Table(out io.Writer, r Report, l health.Language) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range r.Findings {
		level := l.Text("service.level."+string(f.Level), nil)
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Part.Title(l), level, oneLine.Replace(f.Say(l)))
		if f.Detail != "" {
			fmt.Fprintf(w, "\t\t(%s)\n", oneLine.Replace(f.Detail))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "\n"+Verdict(r, l))
	return err
}
