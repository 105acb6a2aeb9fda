package theme

import (
	"image/color"
	"math"

	"infomat/kiosk"
)

// Palette holds the colours by their purpose. The contrast of every text is at least 7:1, in the two contrast modes
// 20:1 (except on a target while it is pressed).
type Palette struct {
	Ink        color.NRGBA // text
	SoftInk    color.NRGBA // second lines
	Ground     color.NRGBA // background of the page
	Card       color.NRGBA
	Line       color.NRGBA // outlines
	Accent     color.NRGBA // targets, and the most important information
	OnAccent   color.NRGBA
	Pressed    color.NRGBA // a target in the accent colour while it is pressed
	Tint       color.NRGBA // behind icons, and a card while it is pressed
	Doing      color.NRGBA // the present step
	Ahead      color.NRGBA // the steps to come, and progress dots that are not lit
	Off        color.NRGBA // background of a choice that is not available
	OffInk     color.NRGBA
	OffTint    color.NRGBA // behind the icon of a choice that is not available
	Hold       color.NRGBA // the countdown and warnings
	HoldGround color.NRGBA
	HoldLine   color.NRGBA
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xFF}
}

var calm = Palette{
	Ink: rgb(0x10212B), SoftInk: rgb(0x3B4D57), Ground: rgb(0xEEF3F4), Card: rgb(0xFFFFFF), Line: rgb(0xC9D5D8),
	Accent: rgb(0x00594F), OnAccent: rgb(0xFFFFFF), Pressed: rgb(0x003F38), Tint: rgb(0xDCEFEC),
	Doing: rgb(0x4A958D), Ahead: rgb(0xC9D5D8), Off: rgb(0xE1E8EA), OffInk: rgb(0x3B4D57), OffTint: rgb(0xD3DDE0),
	Hold: rgb(0x7A4300), HoldGround: rgb(0xFDF1DC), HoldLine: rgb(0xE2C58F),
}

// blackOnWhite has only black and white, and a near-white behind icons and on pressed cards. A choice that is not
// available has no outline.
var blackOnWhite = Palette{
	Ink: rgb(0x000000), SoftInk: rgb(0x000000), Ground: rgb(0xFFFFFF), Card: rgb(0xFFFFFF), Line: rgb(0x000000),
	Accent: rgb(0x000000), OnAccent: rgb(0xFFFFFF), Pressed: rgb(0x333333), Tint: rgb(0xF7F7F7),
	Doing: rgb(0x555555), Ahead: rgb(0xC4C4C4), Off: rgb(0xFFFFFF), OffInk: rgb(0x000000), OffTint: rgb(0xFFFFFF),
	Hold: rgb(0x000000), HoldGround: rgb(0xFFFFFF), HoldLine: rgb(0x000000),
}

// whiteOnBlack is the inverse, for patients whom a bright panel dazzles.
var whiteOnBlack = Palette{
	Ink: rgb(0xFFFFFF), SoftInk: rgb(0xFFFFFF), Ground: rgb(0x000000), Card: rgb(0x000000), Line: rgb(0xFFFFFF),
	Accent: rgb(0xFFFFFF), OnAccent: rgb(0x000000), Pressed: rgb(0xCCCCCC), Tint: rgb(0x242424),
	Doing: rgb(0xAAAAAA), Ahead: rgb(0x4A4A4A), Off: rgb(0x000000), OffInk: rgb(0xFFFFFF), OffTint: rgb(0x000000),
	Hold: rgb(0xFFFFFF), HoldGround: rgb(0x000000), HoldLine: rgb(0xFFFFFF),
}

var palettes = [...]Palette{
	kiosk.ContrastCalm:         calm,
	kiosk.ContrastBlackOnWhite: blackOnWhite,
	kiosk.ContrastWhiteOnBlack: whiteOnBlack,
}

func paletteOf(v kiosk.View) Palette { return palettes[v.Contrast] }

// Ratio returns the contrast of two opaque colours as WCAG 2.2 defines it, from 1 to 21.
func Ratio(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance returns the relative luminance as WCAG 2.2 defines it.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		x := float64(v) / 0xFFFF
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}
