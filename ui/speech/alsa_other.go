//go:build !linux

package speech

import "errors"

// ALSA is not implemented: it needs Linux.
type ALSA struct{ Dir string }

// Plugged returns errors.ErrUnsupported.
func (ALSA) Plugged() (bool, error) { return false, errors.ErrUnsupported }
