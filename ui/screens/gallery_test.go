package screens

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"golang.org/x/image/draw"

	"infomat/kiosk"
	"infomat/ui/theme"
)

var (
	galleryDir  = flag.String("gallery", "", "write pictures of every screen into this folder")
	galleryOnly = flag.String("only", "", "draw only variants whose names match this pattern, such as 1080x1920.ru")
)

// TestGallery writes pictures for visual inspection; it checks nothing. `make gallery` draws every state,
// including those that a walk does not reach: one picture per state, or per page of those that are turned, and a
// contact sheet per variant.
func TestGallery(t *testing.T) {
	if *galleryDir == "" {
		t.Skip("no folder given with -gallery")
	}
	test.NewTempApp(t).Settings().SetTheme(theme.NewFyne())
	only, err := regexp.Compile(*galleryOnly)
	if err != nil {
		t.Fatal(err)
	}
	views := []kiosk.View{
		{Language: "ru"},
		{Language: "en"},
		{Language: "ru", Text: kiosk.TextLarge},
		{Language: "en", Text: kiosk.TextLarge},
		{Language: "ru", Text: kiosk.TextExtra},
		{Language: "en", Text: kiosk.TextExtra},
		{Language: "ru", Text: kiosk.TextExtra, Low: true, Aloud: true},
		{Language: "ru", Text: kiosk.TextDouble},
		{Language: "en", Text: kiosk.TextDouble},
		{Language: "ru", Low: true},
		{Language: "ru", Contrast: kiosk.ContrastBlackOnWhite},
		{Language: "ru", Contrast: kiosk.ContrastWhiteOnBlack},
	}
	for _, g := range geometries {
		for _, v := range views {
			if name := variant(g, v); only.MatchString(name) && v.Text <= envOf(t, g, v).Look.MostText() {
				gallery(t, filepath.Join(*galleryDir, name), g, v)
			}
		}
	}
}

// variant returns the name of a size and a view: language, text size, contrast, and "low" for the low mode.
func variant(g [2]int, v kiosk.View) string {
	name := fmt.Sprintf("%dx%d.%s.text%d.contrast%d", g[0], g[1], v.Language, v.Text, v.Contrast)
	if v.Low {
		name += ".low"
	}
	if v.Aloud {
		name += ".aloud"
	}
	return name
}

// gallery draws all states in one size and view.
func gallery(t *testing.T, dir string, g [2]int, v kiosk.View) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	env := envOf(t, g, v)
	all := states(v)
	all[galleryOfSheet] = all["age"]
	var pictures []image.Image
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c := software.NewCanvas()
		c.SetPadded(false)
		env := env
		env.Pages = &Pages{}
		if name == galleryOfSheet {
			env = withSheet(env)
		}
		page := Draw(env, all[name])
		for leaf := range max(1, page.leaves) {
			env.Pages.List = leaf
			page = Draw(env, all[name])
			AddViewButton(env, page)
			c.SetContent(page.Object)
			c.Resize(fyne.NewSize(env.Look.Width, env.Look.Height))
			picture := c.Capture()
			pictures = append(pictures, picture)
			file := strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(name) + strings.Repeat("+", leaf)
			write(t, filepath.Join(dir, file+".png"), picture)
		}
	}
	write(t, dir+".png", contactSheet(pictures))
}

// galleryOfSheet is the name of the picture of the settings of the view.
const galleryOfSheet = "settings of the view"

// contactSheet returns scaled-down pictures of equal size in rows on one picture.
func contactSheet(pictures []image.Image) image.Image {
	const wide, gap = 2200, 16
	size := pictures[0].Bounds().Size()
	columns := 9
	if size.X > size.Y {
		columns = 5
	}
	w := (wide-gap)/columns - gap
	h := w * size.Y / size.X
	rows := (len(pictures) + columns - 1) / columns
	sheet := image.NewRGBA(image.Rect(0, 0, wide, gap+rows*(h+gap)))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.Gray{Y: 0x60}), image.Point{}, draw.Src)
	for i, p := range pictures {
		at := image.Pt(gap+i%columns*(w+gap), gap+i/columns*(h+gap))
		draw.ApproxBiLinear.Scale(sheet, image.Rectangle{Min: at, Max: at.Add(image.Pt(w, h))}, p, p.Bounds(), draw.Src, nil)
	}
	return sheet
}

func write(t *testing.T, name string, picture image.Image) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, picture); err != nil {
		t.Fatal(err)
	}
}
