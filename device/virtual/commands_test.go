package virtual_test

import (
	"bytes"
	"slices"
	"testing"

	"infomat/device/escpos"
	"infomat/device/virtual"
)

// The printing position is moved within a line, and forgotten at its end; what concerns Chinese characters alone has no
// effect.
func TestPosition(t *testing.T) {
	p := profile(t, "epson")
	data := "ab\x1b$\x3c\x00cd\x1b\\\x0c\x00e\x1cS\x01\x02\x1c-1\x1c(A\x02\x000af\x1b\\\x0c\x00\ng\x1b$\x00\x00h\n"
	paper := virtual.Interpret([]byte(data), p)[0]
	if text := paper.Text(); text != "ab   cd ef\ngh\n" || len(paper.Notes) > 0 {
		t.Errorf("%q, %q", text, paper.Notes)
	}
	var gaps []int
	for _, r := range paper.Items[0].Runs {
		gaps = append(gaps, r.Gap)
	}
	if !slices.Equal(gaps, []int{0, 36, 12}) {
		t.Errorf("gaps of %d dots", gaps)
	}
	img, err := virtual.Draw(paper, p)
	if err != nil {
		t.Fatal(err)
	}
	spaces, err := virtual.Draw(virtual.Interpret([]byte("ab   cd ef\ngh\n"), p)[0], p)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(pixels(t, img), pixels(t, spaces)) {
		t.Error("moving the position is not drawn as so many spaces are")
	}
}

// A picture is stored by GS ( L, or by GS 8 L, and printed as often as it is asked for.
func TestStoredPicture(t *testing.T) {
	p := profile(t, "epson")
	store, show := "0p0\x02\x011\x10\x00\x02\x00\x80\x01\x40\x02", "\x1d(L\x02\x0002"
	for _, data := range []string{"\x1d(L\x0e\x00" + store, "\x1d8L\x0e\x00\x00\x00" + store} {
		paper := virtual.Interpret([]byte(show+data+"\x1ba\x01"+show+show), p)[0]
		if len(paper.Items) != 2 || len(paper.Notes) > 0 {
			t.Fatalf("%d items, %q", len(paper.Items), paper.Notes)
		}
		it := paper.Items[1]
		if it.Align != escpos.Centre || it.W != 2 || it.H != 1 || it.Raster.Width != 16 || it.Raster.Height != 2 ||
			string(it.Raster.Bits) != "\x80\x01\x40\x02" {
			t.Errorf("%+v, %+v", it, it.Raster)
		}
	}
	for _, data := range []string{
		"\x1d(L\x0c\x00" + store[:12], "\x1d(L\x01\x000", "\x1d(L\x02\x000z", "\x1d8L\xff\xff\xff\xff" + store, "\x1d8M\x00",
	} {
		if papers := virtual.Interpret([]byte(data), p); len(papers) != 1 || len(papers[0].Notes) == 0 {
			t.Errorf("%q is not noted", data)
		}
	}
}
