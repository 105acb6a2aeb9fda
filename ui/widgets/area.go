package widgets

// Area is a rectangle of the page in pixels. A layout is cut from it: each Cut method removes a strip and returns it.
type Area struct{ X, Y, W, H float32 }

// CutTop removes a strip of height h, at most the area's own, from the top and returns it.
func (a *Area) CutTop(h float32) Area {
	h = min(h, a.H)
	cut := Area{a.X, a.Y, a.W, h}
	a.Y, a.H = a.Y+h, a.H-h
	return cut
}

// CutBottom removes a strip of height h, at most the area's own, from the bottom and returns it.
func (a *Area) CutBottom(h float32) Area {
	h = min(h, a.H)
	a.H -= h
	return Area{a.X, a.Y + a.H, a.W, h}
}

// CutLeft removes a strip of width w, at most the area's own, from the left and returns it.
func (a *Area) CutLeft(w float32) Area {
	w = min(w, a.W)
	cut := Area{a.X, a.Y, w, a.H}
	a.X, a.W = a.X+w, a.W-w
	return cut
}

// CutRight removes a strip of width w, at most the area's own, from the right and returns it.
func (a *Area) CutRight(w float32) Area {
	w = min(w, a.W)
	a.W -= w
	return Area{a.X + a.W, a.Y, w, a.H}
}

// Overlap returns what two areas have in common; its width or height is 0 if that is nothing.
func (a Area) Overlap(b Area) Area {
	x, y := max(a.X, b.X), max(a.Y, b.Y)
	return Area{x, y, max(0, min(a.X+a.W, b.X+b.W)-x), max(0, min(a.Y+a.H, b.Y+b.H)-y)}
}

// Inset returns the area without a border of dx at the left and right and dy at the top and bottom.
func (a Area) Inset(dx, dy float32) Area {
	return Area{a.X + dx, a.Y + dy, max(0, a.W-2*dx), max(0, a.H-2*dy)}
}

// Grid divides the area into cells of height h in equal columns, with gaps between them. It returns as many rows as
// fit, row by row.
func (a Area) Grid(columns int, h, gap float32) []Area {
	w := (a.W - gap*float32(columns-1)) / float32(columns)
	var cells []Area
	for y := float32(0); y+h <= a.H+0.5; y += h + gap {
		for c := range columns {
			cells = append(cells, Area{a.X + float32(c)*(w+gap), a.Y + y, w, h})
		}
	}
	return cells
}

// Columns returns how many columns of width w or more fit side by side with gaps between them, at least 1.
func (a Area) Columns(w, gap float32) int {
	return max(1, int((a.W+gap)/(w+gap)))
}
