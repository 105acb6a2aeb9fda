package commands

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"infomat/assets/lang"
	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/terminal"
)

// Diag is the diagnostics mode for a technician on ssh.
type Diag struct {
	Config string `required:"" placeholder:"F" help:"Configuration file."`
	JSON   bool   `help:"One JSON object on standard output instead of the table."`
	Lang   string `placeholder:"L" help:"Language of the findings: ru or en; without it the screen's."`
	Bundle string `placeholder:"F.zip" help:"Also write report, journal, log and settings, without personal data."`
}

// Run makes all checks: a line of progress for each on standard error, the result on standard output.
func (c *Diag) Run(ctx context.Context) error {
	conf, err := Load(c.Config)
	if err != nil {
		return err
	}
	terminal.QuietLibraries(slog.New(slog.DiscardHandler)) // net/http quotes what it cannot read
	words, err := c.words(conf)
	if err != nil {
		return err
	}
	all, err := terminal.Checks(func() config.Config { return conf }, terminal.AtTerminal(conf))
	if err != nil {
		return err
	}
	for _, note := range terminal.Notes(conf) {
		fmt.Fprintln(os.Stderr, note)
	}
	report := diag.Run(ctx, terminal.Version, all, nil, func(f health.Finding) {
		fmt.Fprintf(os.Stderr, "%-14s %-8s %8.0f ms  %s\n", f.Part.Title(words), f.Level, f.TookMS, f.Kind)
	})
	if c.Bundle != "" {
		if err := c.bundle(conf, report, words); err != nil {
			return err
		}
	}
	if err := c.tell(report, words); err != nil {
		return err
	}
	return diagExit(report)
}

// bundle writes the bundle. A file that could not be finished is removed.
func (c *Diag) bundle(conf config.Config, r diag.Report, words health.Language) error {
	f, err := os.OpenFile(c.Bundle, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return Usage(fmt.Errorf("--bundle: %w", err))
	}
	if err := errors.Join(terminal.WriteBundle(f, c.Config, conf, r, words), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(c.Bundle))
	}
	fmt.Fprintln(os.Stderr, "bundle:", c.Bundle)
	return nil
}

func (c *Diag) words(conf config.Config) (*lang.Language, error) {
	languages, err := lang.Embedded()
	if err != nil {
		return nil, err
	}
	tag := c.Lang
	if tag == "" {
		tag = conf.Screen.Language
	}
	words, err := languages.Language(tag)
	if err != nil {
		return nil, Usage(fmt.Errorf("--lang: %w", err))
	}
	return words, nil
}

func (c *Diag) tell(r diag.Report, words health.Language) error {
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetEscapeHTML(false)
		return out.Encode(diag.Spoken(r, words))
	}
	return diag.Table(os.Stdout, r, words)
}

// diagExit returns the exit code of a report. It says what a terminal that cannot serve lacks: the registry's
// consent, the registry, the paper, or something else.
func diagExit(r diag.Report) error {
	if r.CanServe {
		return nil
	}
	if _, refused := r.Failed(health.PartAccess); refused {
		return exit{code: ExitRefused}
	}
	if _, far := r.Failed(health.PartDNS, health.PartTCP, health.PartTLS, health.PartHTTP); far {
		return exit{code: ExitUnreachable}
	}
	_, other := r.Failed(health.PartConfig, health.PartDisk, health.PartJournal, health.PartClock, health.PartTimetable)
	if other {
		return exit{code: ExitUnexpected}
	}
	return exit{code: ExitNoPaper}
}
