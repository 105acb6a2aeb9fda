package widgets

import (
	"bytes"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"infomat/assets/icons"
	"infomat/ui/theme"
)

// Sheet is a page, or the face of a button, being drawn: objects at fixed places.
type Sheet struct {
	look    theme.Look
	objects []fyne.CanvasObject
	said    []string
	broken  bool
}

// NewSheet makes an empty sheet.
func NewSheet(l theme.Look) *Sheet { return &Sheet{look: l} }

// Add puts an object on the sheet.
func (s *Sheet) Add(o fyne.CanvasObject) { s.objects = append(s.objects, o) }

// Count is how many objects are on the sheet.
func (s *Sheet) Count() int { return len(s.objects) }

// Shift moves all objects from the nth on down by a distance in pixels.
func (s *Sheet) Shift(n int, down float32) {
	for _, o := range s.objects[n:] {
		o.Move(o.Position().AddXY(0, down))
	}
}

// Broken tells whether a word had to be broken, or a text cut short, because its place was too narrow for it.
func (s *Sheet) Broken() bool { return s.broken }

// Said is the texts of the sheet in the order in which they were set, for a voice that reads them.
func (s *Sheet) Said() []string { return s.said }

// Hush forgets what was said so far: what follows is what a voice begins with.
func (s *Sheet) Hush() { s.said = nil }

// Object is the finished sheet.
func (s *Sheet) Object() *fyne.Container { return container.NewWithoutLayout(s.objects...) }

// Box draws a rounded rectangle with an outline; line may be nil.
func (s *Sheet) Box(a Area, fill, outline color.Color) *canvas.Rectangle {
	r := canvas.NewRectangle(fill)
	r.CornerRadius = min(s.look.MM(theme.CornerMM), a.H/2)
	if outline != nil {
		r.StrokeColor, r.StrokeWidth = outline, s.look.MM(theme.LineMM)
	}
	place(r, a)
	s.Add(r)
	return r
}

// Disc draws a circle that fills the area's width, with an outline; line may be nil.
func (s *Sheet) Disc(a Area, fill, outline color.Color) *canvas.Circle {
	c := canvas.NewCircle(fill)
	if outline != nil {
		c.StrokeColor, c.StrokeWidth = outline, s.look.MM(theme.LineMM)
	}
	place(c, Area{a.X, a.Y, a.W, a.W})
	s.Add(c)
	return c
}

// Text sets a text from the area's top and tells the height it took.
func (s *Sheet) Text(a Area, t Text) float32 {
	set := fit(s.look, t, a.W)
	s.broken = s.broken || set.broken
	if t.String != "" {
		s.said = append(s.said, strings.ReplaceAll(t.String, string(noBreak), " "))
	}
	for i, str := range set.lines {
		h := set.size * lineHeight
		s.Add(line(str, set.size, t, Area{a.X, a.Y + float32(i)*h, a.W, h}))
	}
	return set.height()
}

// Middle sets a text in the middle of the area's height.
func (s *Sheet) Middle(a Area, t Text) {
	h := s.Height(a.W, t)
	s.Text(Area{a.X, a.Y + (a.H-h)/2, a.W, h}, t)
}

// Height is the height that a text takes in a width.
func (s *Sheet) Height(width float32, t Text) float32 { return fit(s.look, t, width).height() }

// Fits tells whether a width has room for a text, no word broken and nothing left out.
func (s *Sheet) Fits(width float32, t Text) bool { return !fit(s.look, t, width).broken }

// Width is the width that a text takes in one line.
func (s *Sheet) Width(t Text) float32 { return measure(t.String, s.look.Size(t.Role), t.Weight) }

// Line sets one line that is changed later, such as a clock, and gives it to the caller.
func (s *Sheet) Line(a Area, t Text) *canvas.Text {
	set := fit(s.look, t, a.W)
	s.broken = s.broken || set.broken
	h := set.size * lineHeight
	o := line(t.String, set.size, t, Area{a.X, a.Y + (a.H-h)/2, a.W, h})
	s.Add(o)
	return o
}

// Icon draws a line icon in a colour.
func (s *Sheet) Icon(a Area, name string, c color.NRGBA) {
	svg, ok := icons.SVG(name)
	if !ok {
		return
	}
	hex := hexOf(c)
	svg = bytes.ReplaceAll(svg, []byte(icons.Color), []byte(hex))
	i := canvas.NewImageFromResource(fyne.NewStaticResource(name+hex+".svg", svg))
	i.FillMode = canvas.ImageFillContain
	place(i, a)
	s.Add(i)
}

func hexOf(c color.NRGBA) string {
	const digits = "0123456789ABCDEF"
	out := []byte{'#'}
	for _, b := range [...]uint8{c.R, c.G, c.B} {
		out = append(out, digits[b>>4], digits[b&15])
	}
	return string(out)
}

func place(o fyne.CanvasObject, a Area) {
	o.Move(fyne.NewPos(a.X, a.Y))
	o.Resize(fyne.NewSize(a.W, a.H))
}
