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

// bigButton returns the middle of the largest area of the colour of the button on the welcome screen, by rows that are
// of that colour over at least a third of the width.
func bigButton(img image.Image) (x, y int, err error) {
	best, top := image.Rectangle{}, -1
	for y := range height + 1 {
		from, to := -1, -1
		for x := 0; y < height && x < width; x += 4 {
			if r, g, b, _ := img.At(x, y).RGBA(); r>>8 < 0x30 && 0x40 < g>>8 && g>>8 < 0x80 && 0x30 < b>>8 && b>>8 < 0x70 {
				if from < 0 {
					from = x
				}
				to = x
			}
		}
		switch wide := to-from > width/3; {
		case wide && top < 0:
			top = y
		case !wide && top >= 0:
			if y-top > best.Dy() {
				best = image.Rect(0, top, width, y)
			}
			top = -1
		}
	}
	if best.Dy() < 40 {
		return 0, 0, errors.New("machine: there is no big button")
	}
	return width / 2, (best.Min.Y + best.Max.Y) / 2, nil
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
