//go:build !linux

package xwalk

import (
	"context"
	"errors"
	"image"
	"time"
)

// Screen is not implemented: it needs an X display.
type Screen struct{ Width, Height int }

// OpenScreen returns errors.ErrUnsupported.
func OpenScreen() (*Screen, error) { return nil, errors.ErrUnsupported }

// Move does nothing.
func (s *Screen) Move(uintptr, int, int) error { return errors.ErrUnsupported }

// Close does nothing.
func (s *Screen) Close() {}

// Hand is not implemented: it needs an X display.
type Hand struct{}

// Open returns errors.ErrUnsupported.
func Open(context.Context, int, int) (*Hand, error) { return nil, errors.ErrUnsupported }

// Close does nothing.
func (h *Hand) Close() {}

// Place returns errors.ErrUnsupported.
func (h *Hand) Place() (image.Point, error) { return image.Point{}, errors.ErrUnsupported }

// Tap returns errors.ErrUnsupported.
func (h *Hand) Tap(context.Context, int, int) (time.Time, error) {
	return time.Time{}, errors.ErrUnsupported
}

// Picture returns errors.ErrUnsupported.
func (h *Hand) Picture(context.Context) (image.Image, error) { return nil, errors.ErrUnsupported }
