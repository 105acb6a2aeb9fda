package theme

import (
	"image"
	"image/color"
	"math"
	"testing"

	"infomat/kiosk"
)

func TestContrast(t *testing.T) {
	for contrastMode, name := range []string{"calm", "black on white", "white on black"} {
		p := palettes[contrastMode]
		texts := map[string][2]color.NRGBA{
			"ink on ground": {p.Ink, p.Ground}, "ink on card": {p.Ink, p.Card},
			"soft ink on ground": {p.SoftInk, p.Ground}, "soft ink on card": {p.SoftInk, p.Card},
			"accent on card": {p.Accent, p.Card}, "on accent": {p.OnAccent, p.Accent},
			"on pressed": {p.OnAccent, p.Pressed}, "off": {p.OffInk, p.Off},
			"hold": {p.Hold, p.HoldGround}, "pressed card": {p.Ink, p.Tint},
		}
		for what, pair := range texts {
			least := 7.0
			if contrastMode > 0 && what != "on pressed" && what != "pressed card" {
				least = 20
			}
			if c := Ratio(pair[0], pair[1]); c < least {
				t.Errorf("%s, %s: %.2f:1, want %.0f:1", name, what, c, least)
			}
		}
		for what, pair := range map[string][2]color.NRGBA{
			"icon on tint": {p.Accent, p.Tint}, "icon of what is off": {p.OffInk, p.OffTint},
			"present step": {p.Doing, p.Ground}, "sign of progress": {p.Accent, p.Ahead},
		} {
			if c := Ratio(pair[0], pair[1]); c < 3 {
				t.Errorf("%s, %s: %.2f:1, want 3:1", name, what, c)
			}
		}
	}
}

func TestSizesAreMillimetres(t *testing.T) {
	l := NewLook(1080, 1920, 268, kiosk.View{Text: kiosk.TextLarge})
	if got := l.MM(20); math.Abs(float64(got)-80.6) > 0.1 {
		t.Errorf("20 mm are %.1f pixels on a panel 268 mm wide, want 80.6", got)
	}
	if got := l.Size(Small) * 0.7 / l.PxMM; got < 7.3-0.01 {
		t.Errorf("a capital of the smallest text is %.2f mm high in size large, want 7.3", got)
	}
	for text := kiosk.TextNormal; text <= kiosk.TextDouble; text++ {
		l.Text = text
		for r := Small; r+1 < roleCount; r++ {
			if l.Size(r) >= l.Size(r+1) {
				t.Errorf("text %d: role %d is not smaller than the next", text, r)
			}
			if normal := capitals[kiosk.TextNormal][r]; text == kiosk.TextDouble && capitals[text][r] < 2*normal {
				t.Errorf("role %d: %.1f mm are less than twice %.1f", r, capitals[text][r], normal)
			}
		}
	}
}

func TestPanelMM(t *testing.T) {
	for _, c := range []struct {
		w, h int
		want float32
	}{
		{1080, 1920, 268}, {1920, 1080, 476}, {1280, 1024, 376}, {3840, 2160, 476}, {2160, 3840, 268}, {800, 600, 235},
	} {
		if got := PanelMM(c.w, c.h); math.Abs(float64(got-c.want)) > 1 {
			t.Errorf("a panel of %d×%d pixels is assumed to be %.0f mm wide, want %.0f", c.w, c.h, got, c.want)
		}
	}
}

// TestTooSmallPanelShrinksAll checks that a page has the room of the least design, whatever the panel's size.
func TestTooSmallPanelShrinksAll(t *testing.T) {
	for _, c := range []struct{ w, h, mm, want float32 }{
		{1080, 1920, 268, 1}, {800, 600, 235.3, 1}, {1024, 600, 222, 0.74}, {1280, 800, 217, 0.77}, {600, 1024, 125, 0.56},
	} {
		if got := Shrink(c.w, c.h, c.mm); math.Abs(float64(got-c.want)) > 0.01 {
			t.Errorf("%.0f×%.0f pixels, %.0f mm: texts are drawn at %.2f of their size, want %.2f", c.w, c.h, c.mm, got, c.want)
		}
		l := NewLook(c.w, c.h, c.mm, kiosk.View{})
		if w, h := c.w/l.PxMM, c.h/l.PxMM; w < 224 || h < 175 {
			t.Errorf("%.0f×%.0f pixels, %.0f mm: the page has the room of %.0f×%.0f mm", c.w, c.h, c.mm, w, h)
		}
	}
}

// TestTurnedPanelKeepsItsPixels turns a panel, and gives it another resolution.
func TestTurnedPanelKeepsItsPixels(t *testing.T) {
	wide, upright := image.Pt(1920, 1080), image.Pt(1080, 1920)
	if got := TurnedMM(476, wide, upright); got < 267 || got > 268 {
		t.Errorf("a panel 476 mm wide, once turned, is %.1f mm wide, want 268", got)
	}
	if got := TurnedMM(476, wide, image.Pt(1280, 720)); got != 476 {
		t.Errorf("at another resolution a panel 476 mm wide is %.1f mm wide", got)
	}
}
