package commands

import (
	"context"
	"errors"
	"fmt"
	"os"

	"infomat/kiosk/config"
	"infomat/terminal/checks"
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
	if err := checkFiles(ctx, c.File, conf); err != nil {
		return err
	}
	_, err = fmt.Println(c.File + ": can be used")
	return err
}

// checkFiles opens every file that a configuration names, and returns what cannot be used as an error of the caller.
func checkFiles(ctx context.Context, file string, c config.Config) error {
	var broken []error
	for _, f := range checks.Files(ctx, c) {
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
