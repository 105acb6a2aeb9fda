package console

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

// ErrDiffer is the error of a PIN that was typed differently the second time.
var ErrDiffer = errors.New("the two are not the same; nothing was changed")

// AskPIN asks for a new PIN twice where a person types, and reads one line where a program does. A PIN that a person
// types is checked; its error is one of pin.Check, or ErrDiffer.
func AskPIN() (string, error) {
	if !interactive() {
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
		return "", err
	}
	second, err := hidden("The PIN once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", ErrDiffer
	}
	return first, nil
}

// hidden reads a line that is not shown.
func hidden(prompt string) (string, error) {
	fmt.Fprint(os.Stderr, prompt)
	line, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", fmt.Errorf("the console: %w", err)
	}
	return strings.TrimSpace(string(line)), nil
}

// interactive reports whether a person can be asked.
func interactive() bool { return term.IsTerminal(int(os.Stdin.Fd())) }
