package widgets

import (
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"infomat/kiosk"
	"infomat/ui/theme"
)

func look() theme.Look { return theme.NewLook(1080, 1920, 268, kiosk.View{}) }

func TestWords(t *testing.T) {
	for text, want := range map[string][]string{
		"Подойдите в регистратуру":   {"Подойдите", "в регистратуру"},
		"ближайший — уролог, 10:40":  {"ближайший —", "уролог,", "10:40"},
		"завтра · кабинет\u00A03":    {"завтра ·", "кабинет\u00A03"},
		"Поликлиника № 3":            {"Поликлиника", "№ 3"},
		"Ильин-Воскресенский А. В.":  {"Ильин-", "Воскресенский", "А.", "В."},
		"позвоните: 8-496-416-04-13": {"позвоните:", "8-496-416-04-13"},
		"и":                          {"и"},
		"а я и не знал":              {"а я", "и не", "знал"},
		"":                           nil,
		"  два   пробела ":           {"два", "пробела"},
		"врач-травматолог-ортопед высшей": {"врач-", "травматолог-", "ортопед", "высшей"},
	} {
		if got := pieces(text); !slices.Equal(got, want) {
			t.Errorf("%q is parted into %q, want %q", text, got, want)
		}
	}
}

// Whatever the text and the width: no line is wider than its place, nothing but white space is lost unless the setting says so.
func TestNoLineIsWiderThanItsPlace(t *testing.T) {
	test.NewTempApp(t)
	l := look()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[А-Яа-яё0-9 ,.\-—]{0,80}`).Draw(t, "text")
		width := float32(rapid.IntRange(120, 1000).Draw(t, "width"))
		lines := rapid.IntRange(0, 3).Draw(t, "lines")
		set := fit(l, Text{String: text, Role: theme.Strong, Lines: lines}, width)
		for _, line := range set.lines {
			if w := measure(line, set.size, 0); w > width+0.5 {
				t.Fatalf("%q is %.0f wide in %.0f", line, w, width)
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
			t.Fatalf("set in %.1f, below the least", set.size)
		}
	})
}

func TestBrokenIsTold(t *testing.T) {
	test.NewTempApp(t)
	s := NewSheet(look())
	s.Text(Area{W: 1000}, Text{String: "Терапевт", Role: theme.Body})
	if s.Broken() {
		t.Error("a word that fits is told as broken")
	}
	s.Button(Area{W: 90, H: 90}, Target{ID: "x"}, "", "Достопримечательность")
	if !s.Broken() {
		t.Error("a word broken on a button is not told")
	}
}

func TestButton(t *testing.T) {
	test.NewTempApp(t)
	taps := 0
	back := canvas.NewRectangle(color.White)
	b := newButton("x", back, color.Black, container.NewWithoutLayout(back), func() { taps++ })
	b.MouseDown(nil)
	if !b.Down() || back.FillColor != color.Black {
		t.Error("a press is not shown")
	}
	b.MouseOut()
	if b.Down() || back.FillColor != color.White {
		t.Error("a finger that slid off leaves the button pressed")
	}
	b.MouseDown(nil)
	b.MouseUp(nil)
	b.Tapped(nil)
	if b.Down() || taps != 1 {
		t.Errorf("down %v, %d taps", b.Down(), taps)
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
	s := NewSheet(look())
	r := s.Ring(Area{0, 0, 100, 100})
	r.Show(0.5, "5:00")
	if r.text.Text != "5:00" || r.arc.StartAngle != 180 {
		t.Errorf("%q, from %.0f°", r.text.Text, r.arc.StartAngle)
	}
}

func BenchmarkRingPicture(b *testing.B) {
	test.NewTempApp(b)
	r := NewSheet(look()).Ring(Area{0, 0, 105, 105})
	r.Show(0.5, "5:00")
	for b.Loop() {
		r.Picture()
	}
}
