package widgets

// Area is a rectangle of the page in pixels. Layouts are cut from it: each Cut takes a strip away and leaves the rest.
type Area struct{ X, Y, W, H float32 }

// CutTop takes a strip of height h from the top.
func (a *Area) CutTop(h float32) Area {
	h = min(h, a.H)
	cut := Area{a.X, a.Y, a.W, h}
	a.Y, a.H = a.Y+h, a.H-h
	return cut
}

// CutBottom takes a strip of height h from the bottom.
func (a *Area) CutBottom(h float32) Area {
	h = min(h, a.H)
	a.H -= h
	return Area{a.X, a.Y + a.H, a.W, h}
}

// CutLeft takes a strip of width w from the left.
func (a *Area) CutLeft(w float32) Area {
	w = min(w, a.W)
	cut := Area{a.X, a.Y, w, a.H}
	a.X, a.W = a.X+w, a.W-w
	return cut
}

// CutRight takes a strip of width w from the right.
func (a *Area) CutRight(w float32) Area {
	w = min(w, a.W)
	a.W -= w
	return Area{a.X + a.W, a.Y, w, a.H}
}

// Inset is the area without a border of dx left and right and dy above and below.
func (a Area) Inset(dx, dy float32) Area {
	return Area{a.X + dx, a.Y + dy, max(0, a.W-2*dx), max(0, a.H-2*dy)}
}

// Grid divides the area into columns of equal width and rows of height h with gaps between, as many rows as fit.
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

// Columns is how many columns of at least w fit side by side with gaps between; never less than one.
func (a Area) Columns(w, gap float32) int {
	return max(1, int((a.W+gap)/(w+gap)))
}
