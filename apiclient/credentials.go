package apiclient

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"unicode"
)

// ErrCredentials is returned if the terminal's token cannot be read. Nothing was sent.
var ErrCredentials = errors.New("the terminal's credentials cannot be read")

// byteOrderMark begins some files and some answers, and is skipped.
const byteOrderMark = "\xef\xbb\xbf"

// token returns the bearer token, or "" if none is configured.
func (c Config) token(ctx context.Context) (string, error) {
	switch {
	case c.TokenFile != "":
		token, err := readToken(c.TokenFile)
		if err != nil {
			return "", fmt.Errorf("%w: token_file: %w", ErrCredentials, err)
		}
		return token, nil
	case c.Token != nil:
		token, err := c.Token(ctx)
		if err != nil { // its text may quote the answer of another server
			return "", fmt.Errorf("%w: %w", ErrCredentials, &redactedError{"Config.Token failed", err})
		}
		if !isToken(token) {
			return "", fmt.Errorf("%w: Config.Token must return one token and nothing else", ErrCredentials)
		}
		return token, nil
	}
	return "", nil
}

// readToken reads a bearer token. It returns an error if the file is empty, which it may be while it is
// being written, or holds more than a token.
func readToken(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(strings.TrimPrefix(string(data), byteOrderMark))
	if !isToken(token) {
		return "", fmt.Errorf("%s must hold a token on one line and nothing else", file)
	}
	return token, nil
}

func isToken(text string) bool {
	invalid := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
	return text != "" && !strings.ContainsFunc(text, invalid)
}

// secretMask are the bits of a mode that a file with a secret must not have: others may neither read nor
// write it, the group may not write it. The group may read it, because a package installs such a file as
// root's, with the group of the service (0640).
const secretMask fs.FileMode = 0o026

// ModeError means that a file with a secret is open to others. The secret works, so this is a warning.
type ModeError struct {
	File string
	Mode fs.FileMode // the permission bits
}

func (e *ModeError) Error() string {
	return fmt.Sprintf("%s has the mode %04o: want 0600, or 0640 for a group that may read it", e.File, uint32(e.Mode))
}

// CheckSecret checks the mode of a file with a token or a key. It returns *ModeError if others may read or
// write it, or its group may write it, and the error of os.Stat if there is no such file. On Windows, where
// a mode does not tell who may read, it returns nil. Nothing else in this package checks modes: a terminal
// goes on working with a file that is open to others.
func CheckSecret(file string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&secretMask != 0 {
		return &ModeError{File: file, Mode: mode}
	}
	return nil
}
