package screens

import (
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"infomat/assets/lang"
	"infomat/kiosk"
	"infomat/ui/theme"
)

var (
	picturesDir  = flag.String("pictures", "", "write a picture of every state into this folder")
	picturesSize = flag.String("size", "1080x1920", "of the pictures")
	picturesLang = flag.String("lang", "ru", "of the pictures")
	picturesText = flag.Int("text", 0, "size of the pictures' text: 0 to 2")
	picturesLow  = flag.Bool("low", false, "pictures with all controls in the lower half")
	picturesDark = flag.Bool("contrast", false, "pictures in high contrast")
)

// TestPictures is not a test but a look: go test -tags … ./ui/screens -run Pictures -pictures DIR draws every state, also those that a walk never
// comes to.
func TestPictures(t *testing.T) {
	if *picturesDir == "" {
		t.Skip("no folder given with -pictures")
	}
	test.NewTempApp(t)
	var width, height int
	if _, err := fmt.Sscanf(*picturesSize, "%dx%d", &width, &height); err != nil {
		t.Fatal(err)
	}
	languages, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	language, err := languages.Language(*picturesLang)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(*picturesDir, 0o755); err != nil {
		t.Fatal(err)
	}
	v := kiosk.View{Language: *picturesLang, Text: kiosk.TextSize(*picturesText), Low: *picturesLow, Contrast: *picturesDark}
	look := theme.NewLook(float32(width), float32(height), theme.PanelMM(width, height), v)
	for name, s := range states(v) {
		env := Env{Look: look, Lang: language, Other: []kiosk.View{v}, Now: now, Pages: &Pages{}, Send: func(kiosk.Event) {}, Redraw: func() {}}
		page := Draw(env, s).Object
		c := software.NewCanvas()
		c.SetPadded(false)
		c.SetContent(page)
		c.Resize(fyne.NewSize(look.Width, look.Height))
		picture(t, filepath.Join(*picturesDir, strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(name)+".png"), c)
	}
}

func picture(t *testing.T, name string, c fyne.Canvas) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, c.Capture()); err != nil {
		t.Fatal(err)
	}
}
