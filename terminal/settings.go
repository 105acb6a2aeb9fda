package terminal

import (
	"fmt"
	"sync"

	"infomat/kiosk/config"
)

// Version is the program's version. The build sets it.
var Version = "dev"

// SettingError is an error of the settings, which no waiting mends: a value that the settings file must not have.
type SettingError struct{ Err error }

func (e *SettingError) Error() string { return e.Err.Error() }

// Unwrap returns the error that says what is wrong.
func (e *SettingError) Unwrap() error { return e.Err }

// badSetting returns the error of a key's value.
func badSetting(key string, err error) error { return &SettingError{fmt.Errorf("%s: %w", key, err)} }

// settings owns the settings in use. It is safe for concurrent use.
type settings struct {
	file string // ""; they come from no file and cannot be changed

	mu  sync.Mutex
	now config.Config
}

// inUse returns the settings that are in use now.
func (s *settings) inUse() config.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// use replaces the settings in use.
func (s *settings) use(c config.Config) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = c
}
