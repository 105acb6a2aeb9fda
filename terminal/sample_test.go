package terminal

import (
	"bytes"
	"errors"
	"image/png"
	"strings"
	"testing"

	"infomat/device/escpos"
)

// The bytes of a print can be had as they are, as text and as a picture; nothing printed is no picture, and another
// ending is said to be none.
func TestRender(t *testing.T) {
	p, err := escpos.ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	e := escpos.NewEncoder(p)
	e.Line("042")
	e.Cut()
	data := e.Bytes()
	if out, err := Render(".BIN", data, p); err != nil || !bytes.Equal(out, data) {
		t.Errorf("%v", err)
	}
	if out, err := Render(".txt", data, p); err != nil || !strings.Contains(string(out), "042") {
		t.Errorf("%q, %v", out, err)
	}
	out, err := Render(".png", data, p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(out)); err != nil {
		t.Error(err)
	}
	if _, err := Render(".png", nil, p); err == nil || errors.Is(err, ErrEnding) {
		t.Errorf("a picture of nothing: %v", err)
	}
	if _, err := Render(".pdf", data, p); !errors.Is(err, ErrEnding) {
		t.Errorf("%v", err)
	}
}
