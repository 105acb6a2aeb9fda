package commands

import (
	"errors"
	"fmt"

	"infomat/kiosk/pin"
	"infomat/terminal/console"
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
	file := conf.Service.PINFile
	if file == "" {
		return Usage(fmt.Errorf(
			"%s: service.pin_file is empty; name the file that the PIN is kept in, such as /var/lib/infomat/pin", c.Config))
	}
	if c.Unlock {
		if v := (&pin.Lock{File: file}).Peek(); v.Status == pin.NoFile {
			return Usage(fmt.Errorf("no PIN is set: run infomat pin --config %s", c.Config))
		}
		return pin.Unlock(file)
	}
	p, err := console.AskPIN()
	if err != nil {
		return refused(err)
	}
	return refused(pin.Set(file, p))
}

// refused makes the error of a PIN that is not taken an error of the caller.
func refused(err error) error {
	for _, reason := range []error{pin.ErrFormat, pin.ErrWeak, pin.ErrPublished, console.ErrDiffer} {
		if errors.Is(err, reason) {
			return Usage(err)
		}
	}
	return err
}
