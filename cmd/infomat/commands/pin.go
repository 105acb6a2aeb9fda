package commands

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"infomat/kiosk/pin"
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
		return Usage(
			fmt.Errorf(
				"%s: service.pin_file is empty; name the file that the PIN is kept in, such as /var/lib/infomat/pin",
				c.Config,
			),
		)
	}
	if c.Unlock {
		if v := (&pin.Lock{File: conf.Service.PINFile}).Peek(); v.Status == pin.NoFile {
			return Usage(fmt.Errorf("no PIN is set: run infomat pin --config %s", c.Config))
		}
		return pin.Unlock(conf.Service.PINFile)
	}
	p, err := askPIN()
	if err != nil {
		return err
	}
	err = pin.Set(conf.Service.PINFile, p)
	if errors.Is(err, pin.ErrFormat) || errors.Is(err, pin.ErrWeak) {
		return Usage(err)
	}
	return err
}

func askPIN() (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("standard input: %w", err)
		}
		return strings.TrimSpace(line), nil
	}
	first, err := hidden("New PIN (six digits): ")
	if err != nil {
		return "", err
	}
	if err := pin.Check(first); err != nil {
		return "", Usage(err)
	}
	second, err := hidden("The PIN once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", Usage(errors.New("the two are not the same; nothing was changed"))
	}
	return first, nil
}

// hidden reads a line that is not shown.
func hidden(prompt string) (string, error) {
	fmt.Fprint(os.Stderr, prompt)
	line, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", fmt.Errorf("the terminal: %w", err)
	}
	return strings.TrimSpace(string(line)), nil
}
