package commands

import (
	"errors"
	"fmt"
	"os"

	"infomat/kiosk/config"
	"infomat/terminal"
	"infomat/terminal/account"
	"infomat/terminal/console"
)

// The exit codes, fixed: other programs rely on them.
const (
	ExitDone        = 0
	ExitUnexpected  = 1
	ExitUsage       = 2 // usage or configuration
	ExitRefused     = 3 // by the registry
	ExitUnknown     = 4 // sent, and no valid answer
	ExitNoPaper     = 5 // reserved, not (surely) printed
	ExitUnreachable = 6 // nothing reserved

	ExitLeft = 10 // of run: a technician has ended the program, and systemd leaves it so
)

// exit is an error that knows its exit code. Without an error it is only the code.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// Usage marks an error as the caller's: exit code 2. Of nil it returns nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return exit{ExitUsage, err}
}

// Report writes an error to standard error and returns the exit code.
func Report(err error) int {
	if err == nil {
		return ExitDone
	}
	e := exitOf(err)
	if e.err != nil {
		fmt.Fprintln(console.Plain(os.Stderr), "infomat:", e.err)
	}
	return e.code
}

// exitOf returns the exit code of an error, with the error where it is to be told.
func exitOf(err error) exit {
	var (
		e       exit
		setting *terminal.SettingError
		left    terminal.Left
	)
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &setting):
		return exit{ExitUsage, err}
	case errors.As(err, &left) && left.Restart:
		return exit{code: ExitUnexpected}
	case errors.As(err, &left):
		return exit{code: ExitLeft}
	}
	return exit{ExitUnexpected, err}
}

// Load gives up root's rights for those of the terminal's user, and reads a configuration file, whose errors are the
// caller's. Every file that the settings name is opened after that.
func Load(file string) (config.Config, error) {
	if err := account.Become(); err != nil {
		return config.Config{}, err
	}
	c, err := config.Load(file)
	return c, Usage(err)
}
