package commands

import (
	"errors"
	"fmt"
	"testing"

	"infomat/terminal"
)

// Each end of the program has its exit code; other programs, systemd first, rely on them.
func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
		told bool // on standard error
	}{
		{nil, 0, false},
		{errors.New("fault"), 1, true},
		{Usage(errors.New("flag")), 2, true},
		{&terminal.SettingError{Err: errors.New("key")}, 2, true},
		{exit{code: ExitNoPaper}, 5, false},
		{terminal.Left{}, 10, false},
		{terminal.Left{Restart: true}, 1, false},
	} {
		for _, err := range []error{c.err, wrapped(c.err)} {
			if code := Report(err); code != c.code {
				t.Errorf("%v: code %d, want %d", err, code, c.code)
			}
		}
		if c.err != nil && (exitOf(c.err).err != nil) != c.told {
			t.Errorf("%v: told is %v, want %v", c.err, exitOf(c.err).err, c.told)
		}
	}
}

func wrapped(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("why: %w", errors.Join(err, nil))
}
