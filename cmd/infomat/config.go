package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"infomat/apiclient/schedule"
	"infomat/assets/lang"
	"infomat/kiosk/config"
)

// configCommand is about the configuration file.
type configCommand struct {
	Check configCheckCommand `cmd:"" help:"Say whether a configuration file can be used."`
	Init  configInitCommand  `cmd:"" help:"Print a commented configuration with every default."`
}

type configCheckCommand struct {
	File string `arg:"" help:"The configuration file."`
}

// Run checks all that can be checked without a device or a network.
func (c *configCheckCommand) Run(ctx context.Context) error {
	conf, err := load(c.File)
	if err != nil {
		return err
	}
	pr, err := profile(conf.Printer)
	if err != nil {
		return usage(fmt.Errorf("%s: %w", c.File, err))
	}
	if _, err := form(conf.Ticket, pr); err != nil {
		return usage(fmt.Errorf("%s: %w", c.File, err))
	}
	languages, err := lang.Embedded()
	if err != nil {
		return err
	}
	for _, tag := range conf.Screen.Languages {
		if _, err := languages.Language(tag); err != nil {
			return usage(fmt.Errorf("%s: screen.languages: %w", c.File, err))
		}
	}
	if conf.Schedule.Source == "file" { // the terminal starts without it, and waits; whoever asks is told
		if _, err := schedule.NewFile(conf.Schedule.File, conf.Schedule.Days, time.Now).Catalogue(ctx); err != nil {
			return usage(fmt.Errorf("%s: schedule.file: %w", c.File, err))
		}
	}
	_, err = fmt.Println(c.File + ": can be used")
	return err
}

type configInitCommand struct{}

// Run prints the template.
func (*configInitCommand) Run() error {
	_, err := fmt.Fprint(os.Stdout, config.Template())
	return err
}
