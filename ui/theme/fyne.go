package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"infomat/assets/fonts"
)

// Weight is a weight of the font family.
type Weight int

// The weights.
const (
	Regular Weight = iota
	Medium
	SemiBold
	Bold
)

var faces = [...]fyne.Resource{
	Regular:  fyne.NewStaticResource("GolosText-Regular.ttf", fonts.Regular),
	Medium:   fyne.NewStaticResource("GolosText-Medium.ttf", fonts.Medium),
	SemiBold: fyne.NewStaticResource("GolosText-SemiBold.ttf", fonts.SemiBold),
	Bold:     fyne.NewStaticResource("GolosText-Bold.ttf", fonts.Bold),
}

// Face returns the font of a weight.
func Face(w Weight) fyne.Resource { return faces[w] }

// Fyne is the theme for what the toolkit draws itself: it has our fonts and background and no hover effect, because
// on a touch screen that stays after a tap.
type Fyne struct{ fyne.Theme }

// NewFyne returns the theme.
func NewFyne() Fyne { return Fyne{fynetheme.DefaultTheme()} }

// Font returns the bold or the regular font.
func (Fyne) Font(s fyne.TextStyle) fyne.Resource {
	if s.Bold {
		return Face(Bold)
	}
	return Face(Regular)
}

// Color returns the colours of Fyne's default theme except for background and hover.
func (t Fyne) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case fynetheme.ColorNameBackground:
		return calm.Ground
	case fynetheme.ColorNameHover:
		return color.Transparent
	}
	return t.Theme.Color(n, v)
}
