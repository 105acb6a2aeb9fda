//go:build !linux

package xwalk

import (
	"context"
	"errors"
	"image"
	"time"
)

// Screen needs an X display.
type Screen struct{ Width, Height int }

// OpenScreen: see Screen.
func OpenScreen() (*Screen, error) { return nil, errors.ErrUnsupported }

// Move does nothing.
func (s *Screen) Move(uintptr, int, int) error { return errors.ErrUnsupported }

// Close does nothing.
func (s *Screen) Close() {}

// Hand needs an X display.
type Hand struct{}

// Open: see Hand.
func Open(context.Context, int, int) (*Hand, error) { return nil, errors.ErrUnsupported }

// Close does nothing.
func (h *Hand) Close() {}

// Tap: see Hand.
func (h *Hand) Tap(context.Context, int, int) (time.Time, error) {
	return time.Time{}, errors.ErrUnsupported
}

// Picture: see Hand.
func (h *Hand) Picture(context.Context) (image.Image, error) { return nil, errors.ErrUnsupported }
