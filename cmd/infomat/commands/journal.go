package commands

import (
	"os"

	"infomat/kiosk/journal/export"
	"infomat/terminal/console"
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
	name, err := conf.JournalPath()
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		return export.JSON(os.Stdout, name)
	case c.CSV:
		return export.CSV(os.Stdout, name)
	}
	return export.Table(console.Plain(os.Stdout), name)
}
