package widgets

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"

	"infomat/ui/focus"
	"infomat/ui/theme"
)

// Style is the emphasis of a button.
type Style int

// The styles.
const (
	Outline Style = iota // navigation
	Filled               // the main action of the page
	Plain                // one of several choices: a card
	Chosen               // the selected choice
	Off                  // a choice that is not available; it is drawn, but it is not a button
)

// colors returns the colours of a style: background, outline, background while pressed, and text.
func (s *Sheet) colors(st Style) (fill, outline, pressed, ink color.NRGBA) {
	l := s.look
	switch st {
	case Filled, Chosen:
		return l.Accent, l.Accent, l.Pressed, l.OnAccent
	case Plain:
		return l.Card, l.Line, l.Tint, l.Ink
	case Off:
		return l.Off, l.Off, l.Off, l.OffInk
	default:
		return l.Card, l.Accent, l.Tint, l.Accent
	}
}

// Target holds what all buttons have: identifier, style, and the function called on a tap.
type Target struct {
	ID    string
	Style Style
	Says  string // what it is called when it is read aloud; blank: its texts
	Part  focus.Part
	Back  bool // leads to the page before
	OnTap func()
}

// target adds a button that fills the area a. draw paints its face in coordinates relative to the button.
func (s *Sheet) target(a Area, t Target, draw func(face *Sheet, a Area, ink color.NRGBA)) {
	fill, outline, pressed, ink := s.colors(t.Style)
	face := NewSheet(s.look)
	inner := Area{0, 0, a.W, a.H}
	back := face.Box(inner, fill, outline)
	draw(face, inner, ink)
	s.broken, s.shrunk = s.broken || face.broken, s.shrunk || face.shrunk
	var says []string
	for _, x := range face.said {
		says = append(says, x.Text)
	}
	if t.Says == "" {
		t.Says = strings.Join(says, "\n")
	} else if t.Style != Off || len(says) > 0 { // an arrow that leads nowhere is not worth a word
		says = []string{t.Says}
	}
	for _, text := range says {
		s.say(text, false, t.Part)
	}
	if t.Style == Off {
		o := face.Object()
		place(o, a)
		s.Add(o)
		return
	}
	b := newButton(t, back, pressed, face.Object())
	place(b, a)
	s.Add(b)
}

// buttonGap is the distance between a button's icon and its label, in millimetres.
const buttonGap = 2

// buttonIcon returns the side of the icon on a button in pixels.
func (s *Sheet) buttonIcon() float32 { return s.look.Size(theme.Strong) * 1.25 }

func buttonText(label string) Text {
	return Text{String: label, Role: theme.Strong, Weight: theme.SemiBold, Align: fyne.TextAlignCenter, Lines: 2}
}

// ButtonWidth returns the width in pixels that a button needs for its icon and its label in one line.
func (s *Sheet) ButtonWidth(icon, label string) float32 {
	return s.buttonWidth(icon, buttonText(label))
}

// LeastButtonWidth returns the width in pixels that a button needs if its label may be as small as any text.
func (s *Sheet) LeastButtonWidth(icon, label string) float32 {
	t := buttonText(label)
	t.Role = theme.Small
	return s.buttonWidth(icon, t)
}

func (s *Sheet) buttonWidth(icon string, t Text) float32 {
	label := t.String
	w := s.Width(t) + s.look.MM(6.5)
	if icon != "" && label != "" {
		w += s.buttonIcon() + s.look.MM(buttonGap)
	}
	return w
}

// Button draws a button with a label, an icon, or both. The icon stands before the label, the icon "next" after it.
func (s *Sheet) Button(a Area, t Target, icon, label string) {
	s.target(a, t, func(face *Sheet, a Area, ink color.NRGBA) {
		l := s.look
		text := buttonText(label)
		text.Color = ink
		room := a.Inset(l.MM(3), l.MM(1))
		if 2*l.Size(text.Role)*lineHeight > room.H {
			text.Lines = 1
		}
		if icon == "" {
			face.Middle(room, text)
			return
		}
		side, gap := s.buttonIcon(), l.MM(buttonGap)
		if label == "" {
			side = min(side*1.5, 0.7*a.W, 0.7*a.H)
			face.Icon(Area{a.X + (a.W-side)/2, a.Y + (a.H-side)/2, side, side}, icon, ink)
			return
		}
		w := min(face.Width(text), room.W-side-gap)
		whole := Area{room.X + (room.W-w-side-gap)/2, room.Y, w + side + gap, room.H}
		at := whole.CutLeft
		if icon == "next" {
			at = whole.CutRight // the arrow points away from the label
		}
		face.Icon(centred(at(side), side), icon, ink)
		at(gap)
		text.Align = fyne.TextAlignLeading
		whole.W += l.MM(1) // so that rounding does not wrap a text that fits
		face.Middle(whole, text)
	})
}

// centred returns a square with the given side at the left of the area, in the middle of its height.
func centred(a Area, side float32) Area {
	return Area{a.X, a.Y + (a.H-side)/2, side, side}
}

// Sizes of the parts beside a card's texts, in millimetres.
const (
	iconGapMM  = 5
	arrowMM    = 9
	arrowGapMM = 3
)

// Scale is the size in which a card is drawn. The page takes the largest for which it has room.
type Scale int

// The scales.
const (
	Compact Scale = iota
	Roomy
	Grand
)

// measures holds for each scale the icon's side and the padding in millimetres, and the roles of the texts.
var measures = [...]struct {
	icon, pad  float32
	title, sub theme.Role
}{
	Compact: {19, 6, theme.Strong, theme.Body},
	Roomy:   {25, 8, theme.Lead, theme.Strong},
	Grand:   {30, 9, theme.Title, theme.Strong},
}

// Card is one of several choices: a title, and below it a second line.
type Card struct {
	Target
	Icon  string
	Title string
	Sub   string
	More  string // a further line; left out when the list does not fit on one page
	Scale Scale

	TitleLines int // maximum number of lines of Title; 0 means 2
	SubLines   int // maximum number of lines of Sub and More; 0 means 2
}

// iconSide returns the side of a card's icon in pixels.
func (s *Sheet) iconSide(c Card) float32 { return s.look.MM(measures[c.Scale].icon) }

// pad returns the padding of a card in pixels.
func (s *Sheet) pad(c Card) float32 { return s.look.MM(measures[c.Scale].pad) }

// cardRoom returns the width that a card of the given width leaves for its texts.
func (s *Sheet) cardRoom(width float32, c Card) float32 {
	room := width - 2*s.pad(c)
	if c.Icon != "" {
		room -= s.iconSide(c) + s.look.MM(iconGapMM)
	}
	if c.Style != Off {
		room -= s.look.MM(arrowMM + arrowGapMM)
	}
	return room
}

// CardHeight returns the height that a card of the given width needs for its texts.
func (s *Sheet) CardHeight(width float32, c Card) float32 {
	return s.StackHeight(s.cardRoom(width, c), s.stackOf(c)) + s.look.MM(7)
}

// stackOf returns the texts of a card.
func (s *Sheet) stackOf(c Card) Stack {
	title, sub := s.texts(c)
	return Stack{Texts: []Text{title, sub}, Gap: s.look.MM(1)}
}

// CardFits reports whether a card of the given width has room for its texts without breaking a word or cutting a text.
func (s *Sheet) CardFits(width float32, c Card) bool {
	title, sub := s.texts(c)
	room := s.cardRoom(width, c)
	return s.Fits(room, title) && s.Fits(room, sub)
}

// CardShrinks reports whether a card of the given width has a text that is set smaller than others of its role.
func (s *Sheet) CardShrinks(width float32, c Card) bool {
	title, sub := s.texts(c)
	room := s.cardRoom(width, c)
	return s.shrinks(room, title) || s.shrinks(room, sub)
}

// Card draws a card: icon on a tinted square, title, second line, and an arrow when it can be chosen.
func (s *Sheet) Card(a Area, c Card) {
	s.target(a, c.Target, func(face *Sheet, a Area, ink color.NRGBA) {
		l := s.look
		room := a.Inset(s.pad(c), l.MM(2.5))
		if c.Icon != "" {
			side := min(s.iconSide(c), room.H)
			s.iconSquare(face, room.CutLeft(side), c)
			room.CutLeft(l.MM(iconGapMM))
		}
		if c.Style != Off {
			side := l.MM(arrowMM)
			face.Icon(Area{room.X + room.W - side, a.Y + (a.H-side)/2, side, side}, "next", arrowInk(l, c.Style))
			room.CutRight(side + l.MM(arrowGapMM))
		}
		face.titled(room, c, ink)
	})
}

func arrowInk(l theme.Look, st Style) color.NRGBA {
	if st == Filled {
		return l.OnAccent
	}
	return l.Accent
}

func (s *Sheet) iconSquare(face *Sheet, a Area, c Card) {
	l := s.look
	side := a.W
	square := Area{a.X, a.Y + (a.H-side)/2, side, side}
	fill, ink := l.Tint, l.Accent
	if c.Style == Off {
		fill, ink = l.OffTint, l.OffInk
	}
	face.Box(square, fill, nil)
	pad := side * 0.17
	face.Icon(square.Inset(pad, pad), c.Icon, ink)
}

// texts returns a card's title and second line. The title has no colour yet: it depends on the style.
func (s *Sheet) texts(c Card) (title, sub Text) {
	title = Text{String: c.Title, Role: measures[c.Scale].title, Weight: theme.SemiBold, Lines: max(2, c.TitleLines)}
	if c.More != "" {
		c.Sub += "\n" + c.More
	}
	sub = Text{String: c.Sub, Role: measures[c.Scale].sub, Color: s.look.SoftInk, Lines: max(2, c.SubLines)}
	if c.Style == Filled {
		sub.Color = s.look.OnAccent
	}
	return title, sub
}

// titled draws title and second line as one block in the middle of the area's height.
func (s *Sheet) titled(a Area, c Card, ink color.NRGBA) {
	texts := s.stackOf(c)
	texts.Texts[0].Color = ink
	a.CutTop((a.H - s.StackHeight(a.W, texts)) / 2)
	s.Stack(a, texts)
}

// Tile draws a small choice of up to three centred lines, such as a day or a time.
func (s *Sheet) Tile(a Area, t Target, lines ...Text) {
	s.target(a, t, func(face *Sheet, a Area, ink color.NRGBA) {
		room := a.Inset(s.look.MM(1), 0)
		total := float32(0)
		for i := range lines {
			lines[i].Align, lines[i].Color, lines[i].Lines = fyne.TextAlignCenter, ink, 1
			total += face.Height(room.W, lines[i])
		}
		y := a.Y + (a.H-total)/2
		for _, t := range lines {
			y += face.Text(Area{room.X, y, room.W, a.H}, t)
		}
	})
}

// note returns the card with the texts of a note.
func note(n Note) Card {
	return Card{Target: Target{Style: Off}, Icon: n.Icon, Title: n.Title, Sub: n.Sub, SubLines: 4, Scale: n.Scale}
}

// Note is an information card that cannot be tapped.
type Note struct {
	Icon, Title, Sub string
	Scale            Scale
}

// NoteHeight returns the height that a note of the given width needs.
func (s *Sheet) NoteHeight(width float32, n Note) float32 {
	return max(s.look.MM(measures[n.Scale].icon+15), s.CardHeight(width, note(n))+s.look.MM(5))
}

// Note draws a note: an icon and one or two texts. The area should have the height that NoteHeight returns.
func (s *Sheet) Note(a Area, n Note) {
	l := s.look
	s.Box(a, l.Card, l.Line)
	c := note(n)
	c.Style = Plain
	room := a.Inset(s.pad(c), l.MM(2.5))
	side := min(s.iconSide(c), room.H)
	s.iconSquare(s, room.CutLeft(side), c)
	room.CutLeft(l.MM(iconGapMM))
	s.titled(room, c, l.Ink)
}
