package commands

import (
	"context"
	"errors"

	"infomat/terminal"
)

// Idle tells programs that restart or upgrade the computer whether they may.
type Idle struct {
	Config string `required:"" placeholder:"F" help:"Configuration file."`
}

// Run asks the running terminal. It fails where a visit is going on, and where the terminal does not say.
func (c *Idle) Run(ctx context.Context) error {
	conf, err := Load(c.Config)
	if err != nil {
		return err
	}
	visiting, err := terminal.Visiting(ctx, conf)
	if err == nil && visiting {
		err = errors.New("a visit is going on")
	}
	return err
}
