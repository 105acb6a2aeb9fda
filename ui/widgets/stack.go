package widgets

// Stack is texts one below the other, with Gap pixels between them. What is measured is what is drawn. An empty text
// takes no room.
type Stack struct {
	Texts []Text
	Gap   float32
}

// StackHeight returns the height of a stack of a given width.
func (s *Sheet) StackHeight(width float32, k Stack) float32 { return k.place(width, s.Height) }

// Stack draws a stack from the area's top and returns its height.
func (s *Sheet) Stack(a Area, k Stack) float32 {
	return k.place(a.W, func(_ float32, t Text) float32 {
		h := s.Text(a, t)
		a.CutTop(h + k.Gap)
		return h
	})
}

// place calls put, which returns the height of a text, for each text, and returns the height of all.
func (k Stack) place(width float32, put func(width float32, t Text) float32) (height float32) {
	for _, t := range k.Texts {
		if t.String == "" {
			continue
		}
		if height > 0 {
			height += k.Gap
		}
		height += put(width, t)
	}
	return height
}
