package widgets

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"infomat/kiosk"
	"infomat/ui/theme"
)

func look() theme.Look { return theme.NewLook(1080, 1920, 268, kiosk.View{}) }

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"Подойдите в регистратуру":        {"Подойдите", "в регистратуру"},
		"ближайший — уролог, 10:40":       {"ближайший —", "уролог,", "10:40"},
		"завтра · кабинет\u00A03":         {"завтра ·", "кабинет\u00A03"},
		"Поликлиника № 3":                 {"Поликлиника", "№ 3"},
		"Ильин-Воскресенский А. В.":       {"Ильин-", "Воскресенский", "А.", "В."},
		"позвоните: 8-496-416-04-13":      {"позвоните:", "8-496-416-04-13"},
		"и":                               {"и"},
		"а я и не знал":                   {"а я", "и не", "знал"},
		"(1\u00A0этаж, окна 1–4) или":     {"(1\u00A0этаж,", "окна\u00A01–4)", "или"},
		"Бронь действует до 10:34":        {"Бронь", "действует", "до\u00A010:34"},
		"Взрослый, 18 лет":                {"Взрослый,", "18", "лет"},
		"":                                nil,
		"  два   пробела ":                {"два", "пробела"},
		"врач-травматолог-ортопед высшей": {"врач-", "травматолог-", "ортопед", "высшей"},
	} {
		if got := pieces(text, func(string) bool { return false }); !slices.Equal(got, want) {
			t.Errorf("%q is split into %q, want %q", text, got, want)
		}
	}
}

func TestLinesAreBalanced(t *testing.T) {
	test.NewTempApp(t)
	l := look()
	for _, c := range []struct {
		fits string // the width is that of this text
		text string
		want []string
	}{
		{
			"Проверьте, и мы забронируем это", "Проверьте, и мы забронируем это время.",
			[]string{"Проверьте, и мы", "забронируем это время."},
		},
		{
			"Иванова Анна Ивановна, травматолог-", "Иванова Анна Ивановна, травматолог-ортопед",
			[]string{"Иванова Анна Ивановна,", "травматолог-ортопед"},
		},
		{"травматолог-орто", "травматолог-ортопед", []string{"травматолог-", "ортопед"}},
		{"Одна строка", "Одна строка", []string{"Одна строка"}},
		{"абзаца", "Два\nабзаца", []string{"Два", "абзаца"}},
	} {
		width := measure(c.fits, l.Size(theme.Body), theme.Regular) + 1
		if got := fit(l, Text{String: c.text, Role: theme.Body}, width).lines; !slices.Equal(got, c.want) {
			t.Errorf("%q is wrapped into %q, want %q", c.text, got, c.want)
		}
	}
}

// For every text and width: no line is wider than its area, and only white space is lost unless the setting is broken.
func TestNoLineIsWiderThanItsArea(t *testing.T) {
	test.NewTempApp(t)
	l := look()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[А-Яа-яё0-9 ,.\-—]{0,80}`).Draw(t, "text")
		width := float32(rapid.IntRange(120, 1000).Draw(t, "width"))
		lines := rapid.IntRange(0, 3).Draw(t, "lines")
		set := fit(l, Text{String: text, Role: theme.Strong, Lines: lines}, width)
		for _, line := range set.lines {
			if w := measure(line, set.size, 0); w > width+0.5 {
				t.Fatalf("%q is %.0f pixels wide in an area of %.0f", line, w, width)
			}
		}
		if lines > 0 && len(set.lines) > lines {
			t.Fatalf("%d lines, at most %d were allowed", len(set.lines), lines)
		}
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got := squeeze(strings.Join(set.lines, "")); !set.broken && got != squeeze(text) {
			t.Fatalf("%q became %q", squeeze(text), got)
		}
		if set.size < l.Size(theme.Small)-0.01 {
			t.Fatalf("font size %.1f is below the smallest", set.size)
		}
	})
}

func TestBrokenTextIsReported(t *testing.T) {
	test.NewTempApp(t)
	s := NewSheet(look())
	s.Text(Area{W: 1000}, Text{String: "Терапевт", Role: theme.Body})
	if s.Broken() {
		t.Error("a word that fits is reported as broken")
	}
	s.Button(Area{W: 90, H: 90}, Target{ID: "x"}, "", "Достопримечательность")
	if !s.Broken() {
		t.Error("a word broken on a button is not reported")
	}
}

func TestButton(t *testing.T) {
	test.NewTempApp(t)
	taps := 0
	back := canvas.NewRectangle(color.White)
	x := Target{ID: "x", OnTap: func() { taps++ }}
	b := newButton(x, back, color.Black, container.NewWithoutLayout(back))
	b.MouseDown(nil)
	if !b.Down() || back.FillColor != color.Black {
		t.Error("the press is not shown")
	}
	b.MouseOut()
	if b.Down() || back.FillColor != color.White {
		t.Error("the button stays pressed after the finger slid off")
	}
	b.MouseDown(nil)
	b.MouseUp(nil)
	b.Tapped(nil)
	if b.Down() || taps != 1 {
		t.Errorf("down %v, %d taps", b.Down(), taps)
	}
	counts := false
	b.Counts = func() bool { return counts }
	b.MouseDown(nil)
	if b.Down() || back.FillColor != color.White {
		t.Error("a press that does not count is shown")
	}
	counts = true // the finger is lifted late
	b.MouseUp(nil)
	b.Tapped(nil)
	if taps != 1 {
		t.Error("a press that did not count acts")
	}
	b.MouseDown(nil)
	b.Tapped(nil)
	if taps != 2 {
		t.Error("a press that counts does not act")
	}
}

// TestAnIconAloneFitsItsButton draws a button as small as a target may be, in the largest text.
func TestAnIconAloneFitsItsButton(t *testing.T) {
	test.NewTempApp(t)
	l := look()
	l.Text = kiosk.TextExtra
	s := NewSheet(l)
	s.Button(Area{W: l.MM(20), H: l.MM(20)}, Target{ID: "x"}, "text-size", "")
	images := 0
	Buttons(s.Object(), func(b *Button, _ fyne.Position) {
		for _, o := range b.face.Objects {
			if icon, ok := o.(*canvas.Image); ok {
				images++
				if icon.Position().X < l.MM(2) || icon.Size().Width > l.MM(16) {
					t.Errorf("an icon of %v at %v on a button of 20 mm, %v pixels", icon.Size(), icon.Position(), l.MM(20))
				}
			}
		}
	})
	if images != 1 {
		t.Errorf("%d icons", images)
	}
}

func TestAreas(t *testing.T) {
	a := Area{0, 0, 100, 50}
	top := a.CutTop(10)
	left := a.CutLeft(30)
	if top != (Area{0, 0, 100, 10}) || left != (Area{0, 10, 30, 40}) || a != (Area{30, 10, 70, 40}) {
		t.Errorf("top %v, left %v, rest %v", top, left, a)
	}
	if more := a.CutBottom(1000); more.H != 40 || a.H != 0 {
		t.Errorf("more than there is was cut: %v, %v", more, a)
	}
	if cells := (Area{0, 0, 110, 100}).Grid(2, 45, 10); len(cells) != 4 || cells[3] != (Area{60, 55, 50, 45}) {
		t.Errorf("grid %v", cells)
	}
	if n := (Area{W: 100}).Columns(30, 5); n != 3 {
		t.Errorf("%d columns", n)
	}
}

func TestRing(t *testing.T) {
	test.NewTempApp(t)
	r := NewSheet(look()).Ring(Area{0, 0, 150, 150}, "10:00")
	r.Show(0.5, "5:08")
	read := func() (all string) {
		for _, o := range r.figures {
			all += o.Text
		}
		return all
	}
	if read() != "5:08" || r.arc.StartAngle != 180 {
		t.Errorf("%q, from %.0f°", read(), r.arc.StartAngle)
	}
	place := func() (x []float32) {
		for _, o := range r.figures[:4] {
			x = append(x, o.Position().X, o.Size().Width)
		}
		return x
	}
	before := place()
	for _, figures := range []string{"5:07", "1:11", "9:44"} {
		if r.Show(0.4, figures); read() != figures || !slices.Equal(place(), before) {
			t.Errorf("%q: the figures moved to %v from %v", read(), place(), before)
		}
	}
	for c := '0'; c <= '9'; c++ {
		if w := measure(string(c), r.figures[0].TextSize, theme.Bold); w > r.figures[0].Size().Width+0.1 {
			t.Errorf("%c is %.1f wide in a cell of %.1f", c, w, r.figures[0].Size().Width)
		}
	}
	if r.Show(1, "10:00"); read() != "10:00" || r.figures[0].Position().X <= 0 {
		t.Errorf("%q from %.0f", read(), r.figures[0].Position().X)
	}
}

// A phone has to be able to read the code from the screen; zbarimg stands in for the phone.
func TestQRIsReadable(t *testing.T) {
	if _, err := exec.LookPath("zbarimg"); err != nil {
		t.Skip("zbarimg is not installed: `make setup` installs it")
	}
	test.NewTempApp(t)
	const content = "9d8ea16f-205b-4bc7-92e5-752cd84cb0db"
	s := NewSheet(theme.NewLook(1080, 1920, 268, kiosk.View{Contrast: kiosk.ContrastWhiteOnBlack}))
	s.QR(Area{10, 10, 190, 210}, content)
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(s.Object())
	c.Resize(fyne.NewSize(220, 230))
	name := filepath.Join(t.TempDir(), "qr.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, c.Capture()); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("zbarimg", "--quiet", "--raw", name).Output()
	if err != nil || strings.TrimSpace(string(out)) != content {
		t.Errorf("%q, %v", out, err)
	}
	if s.QR(Area{0, 0, 100, 100}, strings.Repeat("x", 5000)); !s.Broken() {
		t.Error("a content too long for a code is not reported")
	}
}

func TestRingPictureIsTheRing(t *testing.T) {
	test.NewTempApp(t)
	r := NewSheet(look()).Ring(Area{10.4, 20.6, 105.3, 120}, "10:00")
	r.Show(1, "10:00")
	full := r.Picture()
	repainted := false
	r.Repaint = func() bool { repainted = true; return true }
	r.Show(0.5, "5:00")
	half := r.Picture()
	if full.Bounds().Size() != (image.Point{X: 105, Y: 105}) || r.Place() != (image.Point{X: 10, Y: 27}) || !repainted {
		t.Errorf("%v at %v, repainted %v", full.Bounds(), r.Place(), repainted)
	}
	hold, line := look().Hold, look().HoldLine
	if got := color.NRGBAModel.Convert(full.At(103, 52)); got != hold { // three o'clock
		t.Errorf("the full ring is %v at three o'clock, want %v", got, hold)
	}
	if got := color.NRGBAModel.Convert(half.At(103, 52)); got != line {
		t.Errorf("the half ring is %v at three o'clock, want %v", got, line)
	}
}

// TestRingPictureIsPaintedInParts compares the picture of each of some seconds with one that is painted at once.
func TestRingPictureIsPaintedInParts(t *testing.T) {
	test.NewTempApp(t)
	r := NewSheet(look()).Ring(Area{10.4, 20.6, 363.3, 380}, "10:00")
	for seconds := 600; seconds > 0; seconds -= 37 {
		r.Show(float32(seconds)/600, fmt.Sprintf("%d:%02d", seconds/60, seconds%60))
		objects := []fyne.CanvasObject{r.ground, r.track, r.arc}
		for _, o := range r.figures {
			objects = append(objects, o)
		}
		want, got := capture(r.box, objects...), r.Picture()
		for y := range got.Bounds().Dy() {
			for x := range got.Bounds().Dx() {
				if a, b := color.RGBAModel.Convert(got.At(x, y)), color.RGBAModel.Convert(want.At(x, y)); a != b {
					t.Fatalf("%s: %d,%d is %v, want %v", r.shown, x, y, a, b)
				}
			}
		}
	}
}

func BenchmarkRingPicture(b *testing.B) {
	test.NewTempApp(b)
	r := NewSheet(look()).Ring(Area{0, 0, 363, 363}, "10:00") // 90 mm on an upright panel of full HD
	for seconds := 0; b.Loop(); seconds = (seconds + 1) % 600 {
		r.Show(1-float32(seconds)/600, fmt.Sprintf("%d:%02d", (600-seconds)/60, (600-seconds)%60))
		r.Picture()
	}
}

// TestAStackIsAsHighAsItsTexts measures and draws a stack with and without an empty text.
func TestAStackIsAsHighAsItsTexts(t *testing.T) {
	test.NewTempApp(t)
	s := NewSheet(theme.NewLook(1080, 1920, 268, kiosk.View{}))
	one, other := Text{String: "Кабинет 214", Role: theme.Strong}, Text{String: "третий этаж", Role: theme.Body}
	both := Stack{Texts: []Text{one, {}, other}, Gap: 7}
	want := s.Height(400, one) + 7 + s.Height(400, other)
	if got := s.StackHeight(400, both); got != want {
		t.Errorf("two texts are %.1f high, want %.1f", got, want)
	}
	if got := s.Stack(Area{X: 10, Y: 20, W: 400, H: 900}, both); got != want {
		t.Errorf("two texts are drawn %.1f high, want %.1f", got, want)
	}
	last := s.objects[len(s.objects)-1]
	if got := last.Position().Y + last.Size().Height; got < 20+want-0.1 || got > 20+want+0.1 {
		t.Errorf("the last text ends at %.1f, want %.1f", got, 20+want)
	}
}
