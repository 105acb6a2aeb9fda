package theme

import (
	"image/color"
	"math"
	"testing"

	"infomat/kiosk"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestTextsStandOut(t *testing.T) {
	for name, v := range map[string]kiosk.View{"calm": {}, "contrast": {Contrast: true}} {
		p := paletteOf(v)
		texts := map[string][2]color.NRGBA{
			"ink on ground": {p.Ink, p.Ground}, "ink on card": {p.Ink, p.Card}, "soft ink on ground": {p.SoftInk, p.Ground}, "soft ink on card": {p.SoftInk, p.Card},
			"accent on card": {p.Accent, p.Card}, "on accent": {p.OnAccent, p.Accent}, "on pressed": {p.OnAccent, p.Pressed}, "off": {p.OffInk, p.Off},
			"hold": {p.Hold, p.HoldGround}, "pressed card": {p.Ink, p.Tint},
		}
		for what, pair := range texts {
			if c := contrast(pair[0], pair[1]); c < 7 {
				t.Errorf("%s, %s: %.2f:1, want 7:1", name, what, c)
			}
		}
		for what, pair := range map[string][2]color.NRGBA{"icon on tint": {p.Accent, p.Tint}, "icon of what is off": {p.OffInk, p.OffTint}, "present step": {p.Doing, p.Ground}} {
			if c := contrast(pair[0], pair[1]); c < 3 {
				t.Errorf("%s, %s: %.2f:1, want 3:1", name, what, c)
			}
		}
	}
}

func TestSizesAreMillimetres(t *testing.T) {
	l := NewLook(1080, 1920, 268, kiosk.View{Text: kiosk.TextLarge})
	if got := l.MM(20); math.Abs(float64(got)-80.6) > 0.1 {
		t.Errorf("20 mm are %.1f pixels of a panel of 268 mm", got)
	}
	if got := l.Size(Small) * 0.7 / l.PxMM; got < 7.3-0.01 {
		t.Errorf("a capital of the least large text is %.2f mm high, want 7.3", got)
	}
	for text := kiosk.TextNormal; text <= kiosk.TextExtra; text++ {
		l.Text = text
		for r := Small; r+1 < roleCount; r++ {
			if l.Size(r) >= l.Size(r+1) {
				t.Errorf("text %d: role %d is not smaller than the next", text, r)
			}
		}
	}
}

func TestPanels(t *testing.T) {
	for _, c := range []struct {
		w, h int
		want float32
	}{{1080, 1920, 268}, {1920, 1080, 476}, {1280, 1024, 376}} {
		if got := PanelMM(c.w, c.h); math.Abs(float64(got-c.want)) > 1 {
			t.Errorf("%d×%d is taken for %.0f mm, want %.0f", c.w, c.h, got, c.want)
		}
	}
}
