//go:build !linux

package xpane

import (
	"errors"
	"image"
)

// Pane needs an X display.
type Pane struct{}

// Open: only an X display is known.
func Open(uint32) (*Pane, error) { return nil, errors.ErrUnsupported }

// Close does nothing.
func (p *Pane) Close() {}

// Show: see Pane.
func (p *Pane) Show(image.Point, image.Image) error { return errors.ErrUnsupported }

// Hide does nothing.
func (p *Pane) Hide() error { return nil }
