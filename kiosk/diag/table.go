package diag

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"infomat/kiosk/health"
)

// Table writes a report as a table for people: a line for each finding with its detail below it, and the verdict.
func Table(out io.Writer, r Report, l health.Language) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Part.Title(l), l.Text("service.level."+string(f.Level), nil), f.Say(l))
		if f.Detail != "" {
			fmt.Fprintf(w, "\t\t(%s)\n", strings.ReplaceAll(f.Detail, "\n", "; "))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "\n"+Verdict(r, l))
	return err
}
