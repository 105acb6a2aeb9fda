//go:build !linux

package xmonitor

import (
	"context"
	"errors"
	"image"
)

// ErrNone says that no monitor is on.
var ErrNone = errors.New("xmonitor: the display has no monitor")

// Display is not available on this system.
type Display struct{}

// Open returns an error: there is no X.
func Open() (*Display, error) { return nil, errors.New("xmonitor: this system has no X display") }

// Close does nothing.
func (*Display) Close() {}

// Panel returns an error.
func (*Display) Panel() (image.Rectangle, error) {
	return image.Rectangle{}, errors.New("xmonitor: this system has no X display")
}

// Await returns an error.
func (*Display) Await(context.Context) error {
	return errors.New("xmonitor: this system has no X display")
}

// Follow returns at once.
func (*Display) Follow(context.Context, func(image.Rectangle)) {}

// Place does nothing.
func (*Display) Place(uint32, image.Rectangle) error { return nil }
