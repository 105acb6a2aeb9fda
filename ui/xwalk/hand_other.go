//go:build !linux

package xwalk

import (
	"context"
	"errors"
	"image"
	"time"
)

// ScreenSize: only an X display is known.
func ScreenSize() (width, height int, err error) { return 0, 0, errors.ErrUnsupported }

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
