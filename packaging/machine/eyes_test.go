package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
)

// memory is how the screens look and what can be tapped on them, as the program itself shows them on the host
// (infomat demo --walk, --technician).
type memory struct {
	screens []remembered
}

// remembered is a screen.
type remembered struct {
	name    string
	tapped  string            // what leads on
	targets map[string][2]int // pixels at their middles
	sight   sight
}

// sight is a picture seen from afar: the mean colours of a grid of 27×48 cells of 40 pixels.
type sight [cells * 3]float64

const (
	cellSize = 40
	across   = width / cellSize
	cells    = across * (height / cellSize)
)

// see looks at a picture.
func see(img image.Image) (s sight, err error) {
	if img.Bounds().Size() != image.Pt(width, height) {
		return s, fmt.Errorf("machine: the picture is %v, not %d×%d", img.Bounds().Size(), width, height)
	}
	flat, ok := img.(*image.RGBA)
	if !ok {
		flat = image.NewRGBA(image.Rect(0, 0, width, height))
		draw.Draw(flat, flat.Rect, img, img.Bounds().Min, draw.Src)
	}
	for i := range width * height {
		at := 3 * (i/width/cellSize*across + i%width/cellSize)
		for c := range 3 {
			s[at+c] += float64(flat.Pix[4*i+c])
		}
	}
	for i := range s {
		s[i] /= cellSize * cellSize
	}
	return s, nil
}

// distance is the mean difference of the colours, from 0 to 255.
func (s *sight) distance(t *sight) (d float64) {
	for i := range s {
		d += math.Abs(s[i] - t[i])
	}
	return d / float64(len(s))
}

// blank reports whether a picture is of one colour.
func (s *sight) blank() bool {
	for i := range s {
		if math.Abs(s[i]-s[i%3]) > 2 {
			return false
		}
	}
	return true
}

// rememberVisit reads what a walk has written to dir.
func (m *memory) rememberVisit(dir string) error {
	var walked struct {
		Steps []struct {
			Step, Picture, Tapped string
			Targets               map[string][2]int
		}
	}
	if err := readJSON(filepath.Join(dir, "walk.json"), &walked); err != nil {
		return err
	}
	for _, s := range walked.Steps {
		if err := m.add(s.Step, s.Tapped, filepath.Join(dir, s.Picture), s.Targets); err != nil {
			return err
		}
	}
	return nil
}

// rememberPages reads what a technician's walk has written to dir.
func (m *memory) rememberPages(dir string) error {
	var pages map[string]map[string][2]int
	if err := readJSON(filepath.Join(dir, "technician.json"), &pages); err != nil {
		return err
	}
	for name, targets := range pages {
		if err := m.add("service-"+name, "", filepath.Join(dir, "service-"+name+".png"), targets); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) add(name, tapped, picture string, targets map[string][2]int) error {
	img, err := readPNG(picture)
	if err != nil {
		return err
	}
	s, err := see(img)
	if err != nil {
		return fmt.Errorf("%s: %w", picture, err)
	}
	m.screens = append(m.screens, remembered{name: name, tapped: tapped, targets: targets, sight: s})
	return nil
}

// alike is the greatest distance of two pictures of the same screen. Different screens are at least twice as far.
const alike = 6

// recognise returns the screen that a picture shows, or nil.
func (m *memory) recognise(s *sight) (best *remembered, distance float64) {
	distance = math.Inf(1)
	for i := range m.screens {
		if d := s.distance(&m.screens[i].sight); d < distance {
			best, distance = &m.screens[i], d
		}
	}
	if distance > alike {
		return nil, distance
	}
	return best, distance
}

// buttonColour reports whether a pixel has the colour of the button on the welcome screen.
func buttonColour(img image.Image, x, y int) bool {
	r, g, b, _ := img.At(x, y).RGBA()
	return r>>8 < 0x30 && 0x40 < g>>8 && g>>8 < 0x80 && 0x30 < b>>8 && b>>8 < 0x70
}

// bigButton returns the middle of the tallest area of the colour of the button on the welcome screen. An area is rows
// with a run of that colour, broken at most by a letter, over at least a fifth of the width.
func bigButton(img image.Image) (x, y int, err error) {
	best, area := image.Rectangle{}, image.Rectangle{}
	for y := range height {
		from, to := longestRun(img, y)
		if to-from < width/5 {
			area = image.Rectangle{}
			continue
		}
		row := image.Rect(from, y, to, y+1)
		area = area.Union(row)
		if area.Dy() > best.Dy() {
			best = area
		}
	}
	if best.Dy() < 40 {
		return 0, 0, errors.New("machine: there is no big button")
	}
	// Between the texts and the lower edge.
	return (best.Min.X + best.Max.X) / 2, (best.Min.Y + 4*best.Max.Y) / 5, nil
}

// longestRun returns the ends of the longest run of the button's colour in a row. A letter does not
// break it.
func longestRun(img image.Image, y int) (from, to int) {
	const gap = width / 40
	start, last := -1, -gap-1
	for x := 0; x < width; x += 4 {
		if !buttonColour(img, x, y) {
			continue
		}
		if x-last > gap {
			start = x
		}
		last = x
		if last-start > to-from {
			from, to = start, last
		}
	}
	return from, to
}

func readPNG(name string) (image.Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("machine: %w", err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("machine: %s: %w", name, err)
	}
	return img, nil
}

func readJSON(name string, into any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("machine: %w", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("machine: %s: %w", name, err)
	}
	return nil
}
