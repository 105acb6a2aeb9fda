package widgets

import (
	"bytes"
	"cmp"
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"infomat/assets/icons"
	"infomat/ui/focus"
	"infomat/ui/theme"
)

// Sheet collects the objects of a page or of a button's face, each at a fixed position.
type Sheet struct {
	look    theme.Look
	objects []fyne.CanvasObject
	said    []Spoken
	broken  bool
	shrunk  bool
}

// NewSheet returns an empty sheet.
func NewSheet(l theme.Look) *Sheet { return &Sheet{look: l} }

// Add appends an object to the sheet.
func (s *Sheet) Add(o fyne.CanvasObject) { s.objects = append(s.objects, o) }

// Count returns the number of objects on the sheet.
func (s *Sheet) Count() int { return len(s.objects) }

// Shift moves all objects from index n on by down pixels downwards.
func (s *Sheet) Shift(n int, down float32) {
	for _, o := range s.objects[n:] {
		o.Move(o.Position().AddXY(0, down))
	}
}

// Broken reports whether a word was broken or a text cut short because its area was too narrow.
func (s *Sheet) Broken() bool { return s.broken }

// Shrunk reports whether a text was set smaller than its role says, because its area was too narrow.
func (s *Sheet) Shrunk() bool { return s.shrunk }

// fit fits a text into a width, and notes what had to give way.
func (s *Sheet) fit(t Text, width float32) setting {
	set := fit(s.look, t, width)
	s.broken = s.broken || set.broken
	s.shrunk = s.shrunk || s.shrinks(width, t)
	return set
}

// shrinks reports whether a text that is wrapped to a width is smaller than its role says.
func (s *Sheet) shrinks(width float32, t Text) bool {
	return fit(s.look, t, width).size < s.look.Size(t.Role)
}

// Spoken is a text to be read aloud.
type Spoken struct {
	Text    string
	Passing bool // changes as time passes
	part    focus.Part
}

// Said returns the texts of the sheet to be read aloud: part by part, each in the order in which it was drawn.
func (s *Sheet) Said() []Spoken {
	return slices.SortedStableFunc(slices.Values(s.said), func(a, b Spoken) int {
		return cmp.Compare(focus.Rank(a.part), focus.Rank(b.part))
	})
}

// say appends a text to those to be read aloud.
func (s *Sheet) say(text string, passing bool, part focus.Part) {
	if text = strings.ReplaceAll(text, string(noBreak), " "); text != "" {
		s.said = append(s.said, Spoken{text, passing, part})
	}
}

// Hush clears the texts to be read aloud; reading starts with what is drawn afterwards.
func (s *Sheet) Hush() { s.said = nil }

// Object returns the finished sheet.
func (s *Sheet) Object() *fyne.Container { return container.NewWithoutLayout(s.objects...) }

// Box draws a rounded rectangle with an outline; outline may be nil.
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

// Disc draws a circle as wide as the area with an outline; outline may be nil.
func (s *Sheet) Disc(a Area, fill, outline color.Color) *canvas.Circle {
	c := canvas.NewCircle(fill)
	if outline != nil {
		c.StrokeColor, c.StrokeWidth = outline, s.look.MM(theme.LineMM)
	}
	place(c, Area{a.X, a.Y, a.W, a.W})
	s.Add(c)
	return c
}

// Text draws a text from the area's top and returns its height.
func (s *Sheet) Text(a Area, t Text) float32 {
	set := s.fit(t, a.W)
	s.say(cmp.Or(t.Aloud, t.String), t.Passing, t.Part)
	for i, str := range set.lines {
		h := set.size * lineHeight
		s.Add(line(str, set.size, t, Area{a.X, a.Y + float32(i)*h, a.W, h}))
	}
	return set.height()
}

// Middle draws a text in the middle of the area's height.
func (s *Sheet) Middle(a Area, t Text) {
	h := s.Height(a.W, t)
	s.Text(Area{a.X, a.Y + (a.H-h)/2, a.W, h}, t)
}

// Height returns the height of a text wrapped to a width.
func (s *Sheet) Height(width float32, t Text) float32 { return fit(s.look, t, width).height() }

// Lines returns the lines of a text wrapped to a width, as texts of one line each.
func (s *Sheet) Lines(width float32, t Text) (all []Text) {
	for _, one := range fit(s.look, t, width).lines {
		t.String, t.Lines = one, 1
		all = append(all, t)
	}
	return all
}

// Fits reports whether a text can be wrapped to a width without breaking a word or cutting it short.
func (s *Sheet) Fits(width float32, t Text) bool { return !fit(s.look, t, width).broken }

// Width returns the width of a text set in one line.
func (s *Sheet) Width(t Text) float32 { return measure(t.String, s.look.Size(t.Role), t.Weight) }

// Line draws one line that the caller changes later, such as a clock, and returns it.
func (s *Sheet) Line(a Area, t Text) *canvas.Text {
	set := s.fit(t, a.W)
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
