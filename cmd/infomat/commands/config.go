package commands

import (
	"context"
	"errors"
	"fmt"
	"os"

	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/terminal"
	"infomat/terminal/checks"
	"infomat/terminal/console"
)

// Config is about the configuration file.
type Config struct {
	Check configCheck `cmd:"" help:"Say whether a configuration file, and the files that it names, can be used."`
	Init  configInit  `cmd:"" help:"Print a commented configuration with every default."`
}

type configCheck struct {
	File string `arg:"" help:"The configuration file."`
}

// Run checks all that can be checked without a device or a network.
func (c *configCheck) Run(ctx context.Context) error {
	conf, err := Load(c.File)
	if err != nil {
		return err
	}
	if err := unusable(c.File, checks.Files(ctx, conf)); err != nil {
		return err
	}
	for _, note := range terminal.Notes(conf) {
		fmt.Fprintln(console.Plain(os.Stderr), c.File+": "+note)
	}
	_, err = fmt.Println(c.File + ": can be used")
	return err
}

// unusable returns what was found about the files that a configuration names as an error of the caller; nil where
// nothing was. A file that is only open to others is warned of.
func unusable(file string, found []health.Finding) error {
	var broken []error
	for _, f := range found {
		if checks.Usable(f) {
			fmt.Fprintf(console.Plain(os.Stderr), "warning: %s: %s\n", file, f.Detail)
			continue
		}
		broken = append(broken, fmt.Errorf("%s: %s", file, f.Detail))
	}
	return Usage(errors.Join(broken...))
}

type configInit struct{}

// Run prints the template.
func (*configInit) Run() error {
	_, err := fmt.Fprint(os.Stdout, config.Template())
	return err
}
