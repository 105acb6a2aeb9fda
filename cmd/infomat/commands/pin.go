package commands

import (
	"errors"
	"fmt"

	"infomat/kiosk/pin"
	"infomat/terminal/setup"
)

// PIN sets the PIN of the diagnostics mode.
type PIN struct {
	Config string `required:"" placeholder:"F" help:"Configuration file."`
	Unlock bool   `help:"Keep the PIN and forget the failures."`
}

// Run asks for the new PIN twice where a person types, and reads one line where a program does.
func (c *PIN) Run() error {
	conf, err := Load(c.Config)
	if err != nil {
		return err
	}
	if conf.Service.PINFile == "" {
		return Usage(fmt.Errorf("%s: service.pin_file is empty; name the file that the PIN is kept in, "+
			"such as /var/lib/infomat/pin", c.Config))
	}
	if c.Unlock {
		if v := (&pin.Lock{File: conf.Service.PINFile}).Peek(); v.Status == pin.NoFile {
			return Usage(fmt.Errorf("no PIN is set: run infomat pin --config %s", c.Config))
		}
		return pin.Unlock(conf.Service.PINFile)
	}
	p, err := setup.AskPIN()
	if err == nil {
		err = pin.Set(conf.Service.PINFile, p)
	}
	if errors.Is(err, pin.ErrFormat) || errors.Is(err, pin.ErrWeak) || errors.Is(err, setup.ErrMismatch) {
		return Usage(err)
	}
	return err
}
