//go:build !linux

package xpane

import (
	"errors"
	"image"
)

// Pane is not implemented: it needs an X display.
type Pane struct{}

// Open returns errors.ErrUnsupported.
func Open(uint32) (*Pane, error) { return nil, errors.ErrUnsupported }

// Close does nothing.
func (p *Pane) Close() {}

// Show returns errors.ErrUnsupported.
func (p *Pane) Show(image.Point, image.Image) error { return errors.ErrUnsupported }

// Hide does nothing.
func (p *Pane) Hide() error { return nil }
