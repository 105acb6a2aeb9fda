package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"infomat/assets/fonts"
)

// Weight is a weight of the type family.
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

// Face is the font of a weight.
func Face(w Weight) fyne.Resource { return faces[w] }

// Fyne is the toolkit's own theme, for what it draws itself: our fonts, our ground behind everything, and no hover, which sticks after a touch.
type Fyne struct{ fyne.Theme }

// NewFyne makes the toolkit's theme.
func NewFyne() Fyne { return Fyne{fynetheme.DefaultTheme()} }

// Font gives the family's regular, or bold.
func (Fyne) Font(s fyne.TextStyle) fyne.Resource {
	if s.Bold {
		return Face(Bold)
	}
	return Face(Regular)
}

// Color overrides the ground and the hover.
func (t Fyne) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch n {
	case fynetheme.ColorNameBackground:
		return calm.Ground
	case fynetheme.ColorNameHover:
		return color.Transparent
	}
	return t.Theme.Color(n, v)
}
