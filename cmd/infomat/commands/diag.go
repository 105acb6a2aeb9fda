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
	"infomat/terminal/console"
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
	bundle, err := c.create()
	if err != nil {
		return Usage(fmt.Errorf("--bundle: %w", err))
	}
	made := false
	defer func() {
		if bundle != nil && !made {
			discard(bundle)
		}
	}()
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
		fmt.Fprintln(console.Plain(os.Stderr), note)
	}
	report := diag.Run(ctx, terminal.Version, all, nil, func(f health.Finding) {
		fmt.Fprintf(console.Plain(os.Stderr), "%-14s %-8s %8.0f ms  %s\n", f.Part.Title(words), f.Level, f.TookMS, f.Kind)
	})
	if bundle != nil {
		if err := terminal.WriteBundle(bundle, c.Config, conf, report, words); err != nil {
			return err
		}
		if err := errors.Join(bundle.Sync(), bundle.Close()); err != nil {
			return err
		}
		made = true
		fmt.Fprintln(console.Plain(os.Stderr), "bundle:", c.Bundle)
	}
	if err := c.tell(report, words); err != nil {
		return err
	}
	return diagExit(report)
}

// create opens the bundle; nil where none is wanted. It is the one file that root opens: whoever starts the command
// names it. A link is not followed, and a file that is not the caller's own is left alone.
func (c *Diag) create() (*os.File, error) {
	if c.Bundle == "" {
		return nil, nil
	}
	f, err := os.OpenFile(c.Bundle, os.O_CREATE|os.O_WRONLY|noFollow, 0o600)
	if err != nil {
		return nil, err
	}
	if err := own(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := f.Truncate(0); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// discard removes a bundle that could not be finished. Root's rights may be gone by then: then it stays, empty.
func discard(f *os.File) {
	_ = f.Truncate(0)
	_ = f.Close()
	_ = os.Remove(f.Name())
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
		out := json.NewEncoder(console.Plain(os.Stdout))
		out.SetEscapeHTML(false)
		return out.Encode(diag.Spoken(r, words))
	}
	return diag.Table(console.Plain(os.Stdout), r, words)
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
