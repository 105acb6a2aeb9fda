package setup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"infomat/kiosk/pin"

	"golang.org/x/term"
)

// ErrMismatch says that the PIN was typed differently the second time.
var ErrMismatch = errors.New("the two are not the same; nothing was changed")

// AskPIN asks for a new PIN twice where a person types, and reads one line where a program does.
func AskPIN() (string, error) {
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
		return "", err
	}
	second, err := hidden("The PIN once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", ErrMismatch
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
