//go:build !linux

package account

// Become does nothing: there is no service's user on this system.
func Become() error { return nil }

// As calls do.
func As(do func() error) error { return do() }
