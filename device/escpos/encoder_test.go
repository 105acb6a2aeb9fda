package escpos

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"infomat/device/dots"
)

func text(t testing.TB, p Profile, s string) []byte {
	t.Helper()
	e := NewEncoder(p)
	head := len(e.Bytes())
	e.Line(s)
	return e.Bytes()[head : len(e.Bytes())-1]
}

// A page is selected where a character asks for it, inside the line, and what no page has is written as people would.
func TestTextByPages(t *testing.T) {
	p := all(t)["epson"]
	ibm, win := charmap.CodePage866.NewEncoder(), charmap.Windows1251.NewEncoder()
	in866 := func(s string) string { b, _ := ibm.String(s); return b }
	in1251 := func(s string) string { b, _ := win.String(s); return b }
	for in, want := range map[string]string{
		"Ёлка № 5":                         in866("Ёлка № 5"),
		"ООО «Ёж»":                         in866("ООО ") + "\x1bt\x2e" + in1251("«Ёж»"),
		"«а» ─":                            "\x1bt\x2e" + in1251("«а» ") + "\x1bt\x11" + in866("─"),
		"a\u00a0b":                         "a b",
		"\x1b@\x10б":                       "@" + in866("б"),
		"👩‍⚕️ok":                           "ok",
		"\u202eаб\u202c\u200b\ufeff\u00ad": in866("аб"),
		"ａｂ":                               "ab",
		"":                                 "",
	} {
		if got := text(t, p, in); string(got) != want {
			t.Errorf("%q gives % x, want % x", in, got, want)
		}
	}
	old := all(t)["epson-old"]
	for in, want := range map[string]string{"«Ёж» — №1…": in866(`"Ёж" - №1...`)} {
		if got := text(t, old, in); string(got) != want {
			t.Errorf("%q gives % x, want % x", in, got, want)
		}
	}
	koi := old
	koi.Pages = []CodePage{{Name: "iso8859-5", Number: 5, Map: charmap.ISO8859_5}}
	koi.Page = koi.Pages[0]
	if got := Plain("№ ё «»", koi.Pages); got != `№ ё ""` {
		t.Errorf("iso8859-5: %q", got)
	}
	if got := Plain("№5 Ёж", []CodePage{{Map: charmap.CodePage855}}); got != "№5 Ёж" {
		t.Errorf("cp855: %q", got)
	}
	if got := Plain("№5 ё", []CodePage{{Map: charmap.KOI8R}}); got != "N5 ё" {
		t.Errorf("koi8-r: %q", got)
	}
}

// What a printer without pictures lacks is written as a reader would, and never as a question mark.
func TestTextWithoutPictures(t *testing.T) {
	p := all(t)["epson-old"]
	p.Raster = RasterNone
	for in, want := range map[string]string{
		"Қазбек Әлия, Ғұмар, Өң":    "Казбек Алия, Гумар, Он",
		"Гөлнара Җәмилә Һади Үү":    "Голнара Жамила Хади Уу",
		"Київ Ґанок Єва Іван Бойко": "Київ Ганок Єва Иван Бойко",
		"naïve Åse Łódź":            "naive Ase Lodz",
		"Հայկ Գրիգորյան":            "Hayk Grigoryan",
		"გიორგი ბერიძე":             "giorgi beriz'e",
		"ᲒᲘᲝᲠᲒᲘ":                    "giorgi",
		"北京":                        "Bei Jing ",
		"אברהם":                     "Abrhm",
		"½ ﬁ":                       "1/2 fi",
		"5 ₽ ☎ ⚕":                   "5 р.  ",
	} {
		if got := Plain(in, p.Pages); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
		if out := text(t, p, in); bytes.ContainsRune(out, '?') {
			t.Errorf("%q gives % x", in, out)
		}
	}
}

// A script whose letters join, or stand from right to left, is not drawn letter by letter.
func TestJoinedScriptsAreNotDrawn(t *testing.T) {
	for _, name := range []string{"epson", "raster"} {
		if got := NewEncoder(all(t)[name]).Plain("محمد Әлия"); !strings.HasSuffix(got, " Әлия") ||
			strings.ContainsFunc(got, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Every character that a page can encode can be drawn as well.
func TestPagesCanBeDrawn(t *testing.T) {
	for name, m := range charmaps {
		for b := 0x21; b < 0x100; b++ {
			r := m.DecodeByte(byte(b))
			if printable(r) && r != utf8.RuneError && unicode.Is(unicode.Cyrillic, r) && !dots.Has(r) {
				t.Errorf("%s: %c of %#02x has no shape", name, r, b)
			}
		}
	}
	for _, page := range signs {
		for b := 0x21; b < 0x100; b++ {
			r := page.Map.DecodeByte(byte(b))
			if printable(r) && r != utf8.RuneError && !unicode.Is(unicode.Zs, r) && !dots.Has(r) {
				t.Errorf("%s: %c of %#02x has no shape", page.Name, r, b)
			}
		}
	}
}

// A printer without Cyrillic gets dots, and no byte of text.
func TestRasterText(t *testing.T) {
	e := NewEncoder(all(t)["raster"])
	e.Align(Centre)
	e.Bold(true)
	e.Size(2)
	e.Line("Ёж")
	e.Small(true)
	e.Size(1)
	e.Inverse(true)
	e.Line("№ 5")
	e.Line("")
	e.Feed(2)
	e.Cut()
	data := e.Bytes()
	if !bytes.HasPrefix(
		data, []byte("\x1b@\x1c."),
	) || bytes.Count(data, []byte("\x1dv0")) != 2 || !bytes.Contains(data, []byte("\x1dv0\x03")) {
		t.Errorf("% x", data[:40])
	}
}

// No dot pattern is a command that a printer obeys at once.
func TestHarmless(t *testing.T) {
	in := []byte{0x10, 0x04, 0x01, 0x10, 0x05, 0x02, 0x10, 0x14, 0x08, 0x10, 0x10, 0x04, 0x10}
	got := harmless(in)
	for _, command := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
		if strings.Contains(string(got), command) {
			t.Errorf("% x has % x", got, command)
		}
	}
	if in[1] != 0x04 || len(got) != len(in) {
		t.Error("the picture itself was changed")
	}
	b := dots.New(24, 24)
	for i := range b.Bits {
		b.Bits[i] = []byte{0x10, 0x04}[i%2]
	}
	for _, name := range []string{"raster", "nippon-np2511"} {
		e := NewEncoder(all(t)[name])
		e.Picture(b)
		if bytes.Contains(e.Bytes(), []byte{0x10, 0x04}) {
			t.Errorf("%s: % x", name, e.Bytes())
		}
	}
}

// What was set stays set after a code or a picture, and a value out of range is the nearest.
func TestStylesStay(t *testing.T) {
	for _, name := range []string{"epson", "epson-old", "nippon-np2511", "raster"} {
		e := NewEncoder(all(t)[name])
		e.Align(Right)
		e.QR("x", 6)
		e.Picture(dots.New(8, 8))
		e.Line("Ә")
		if e.align != Right {
			t.Errorf("%s: align is %d", name, e.align)
		}
	}
	p := all(t)["epson"]
	for _, c := range []struct {
		do   func(e *Encoder)
		want string
	}{
		{func(e *Encoder) { e.Size(0) }, ""},
		{func(e *Encoder) { e.Size(9) }, "\x1d!\x77"},
		{func(e *Encoder) { e.Feed(300) }, "\x1bd\xff\x1bd\x2d"},
		{func(e *Encoder) { e.Feed(-1) }, ""},
		{func(e *Encoder) { e.QR("x", 99) }, "(k\x03\x001C\x10"},
		{func(e *Encoder) { e.QR("x", 0) }, "(k\x03\x001C\x01"},
	} {
		e := NewEncoder(p)
		head := len(e.Bytes())
		c.do(e)
		if out := e.Bytes()[head:]; !bytes.Contains(out, []byte(c.want)) || c.want == "" && len(out) > 0 {
			t.Errorf("% x, want % x", out, c.want)
		}
	}
}

// A picture that is wider than the paper does not run into the next row.
func TestWidePicture(t *testing.T) {
	p := all(t)["epson"]
	e := NewEncoder(p)
	head := len(e.Bytes())
	e.Picture(dots.New(p.Dots+80, 2))
	want := append([]byte{0x1D, 'v', '0', 0, byte(p.Dots / 8), 0, 2, 0}, make([]byte, p.Dots/8*2)...)
	if got := e.Bytes()[head:]; !bytes.Equal(got, want) {
		t.Errorf("% x", got)
	}
}

func TestQRTooLongIsWrittenOut(t *testing.T) {
	e := NewEncoder(all(t)["epson"])
	e.QR(strings.Repeat("x", MaxQR+1), 6)
	if bytes.Contains(e.Bytes(), []byte("\x1d(k")) || !bytes.Contains(e.Bytes(), []byte("xxxx")) {
		t.Errorf("%q", e.Bytes())
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"Иванов", "\x1b@\x10\x04\x01", "👩", "\xff\xfe", "«№ё»─", "\u0308\u0306"} {
		f.Add(s, 0)
	}
	profiles, err := Embedded()
	if err != nil {
		f.Fatal(err)
	}
	names := profiles.Names()
	f.Fuzz(func(t *testing.T, s string, which int) {
		p := profiles[names[uint(which)%uint(len(names))]]
		if p.Text != TextPage {
			return
		}
		p.Raster = RasterNone // a line of dots may hold every byte
		out := text(t, p, s)
		if len(out) > 40*len(s) { // a ligature may be a whole sentence
			t.Fatalf("%d bytes of %d", len(out), len(s))
		}
		for i := 0; i < len(out); i++ {
			if out[i] == 0x1B && i+2 < len(out) && out[i+1] == 't' {
				i += 2 // a page is selected: the one command that may stand in a text
				continue
			}
			if out[i] < 0x20 || out[i] == 0x7F {
				t.Fatalf("the control byte %#02x came through in % x", out[i], out)
			}
		}
	})
}

func BenchmarkLine(b *testing.B) {
	for _, name := range []string{"epson", "raster", "nippon-np2511"} {
		p := all(b)[name]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e := NewEncoder(p)
				e.Line("До этого времени подойдите с талоном «в регистратуру».")
			}
		})
	}
}
