package dots

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestSetAndAt(t *testing.T) {
	b := New(13, 3)
	for _, at := range [][2]int{{0, 0}, {12, 2}, {7, 1}, {8, 1}, {-1, 0}, {13, 0}, {0, 3}} {
		b.Set(at[0], at[1])
	}
	want := []byte{0x80, 0, 0x01, 0x80, 0, 0x08}
	if !bytes.Equal(b.Bits, want) {
		t.Errorf("% x, want % x", b.Bits, want)
	}
	for y := range 3 {
		for x := range 13 {
			if b.Inverse().At(x, y) == b.At(x, y) {
				t.Errorf("the inverse is the same at %d, %d", x, y)
			}
		}
	}
	if b.At(-1, 0) || b.At(13, 0) || b.At(0, 3) {
		t.Error("there is ink outside")
	}
}

func TestRowsAndCrop(t *testing.T) {
	b := New(9, 10)
	if from, to := b.Rows(); from != 0 || to != 0 {
		t.Errorf("a blank picture: %d to %d", from, to)
	}
	b.Set(8, 3)
	b.Set(0, 6)
	from, to := b.Rows()
	if from != 3 || to != 7 {
		t.Errorf("%d to %d", from, to)
	}
	if c := b.Crop(from, to); c.Height != 4 || !c.At(8, 0) || !c.At(0, 3) {
		t.Errorf("%+v", c)
	}
}

// Every character that a ticket may have has ink of its own, inside its cell.
func TestGlyphs(t *testing.T) {
	seen := map[string]rune{}
	for _, r := range "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя0123456789№«»—,.:;!?()\"-" {
		for _, f := range []Face{FontA, FontB, {FontA.Width, FontA.Height, true}} {
			g := Glyph(r, f)
			if from, to := g.Rows(); g.Width != f.Width || g.Height != f.Height || to == from {
				t.Errorf("%c in %+v: %d×%d, ink from %d to %d", r, f, g.Width, g.Height, from, to)
			}
		}
		bits := string(Glyph(r, FontA).Bits)
		if other, ok := seen[bits]; ok && !strings.Contains("АВЕКМНОРСТХаеорсухЗзЁё3", string(r)) {
			t.Errorf("%c looks like %c", r, other)
		}
		seen[bits] = r
	}
	if Text("аб", FontA).Width != 24 {
		t.Error("two characters are not two cells wide")
	}
}

const russian = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя"

// The letters of the languages of the country, and of its neighbours.
const letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі" + // Kazakh
	"ҖҗӘәҢңӨөҮүҺһ" + // Tatar
	"ҐґЄєІіЇїЎўʼ" + // Ukrainian, Belarusian
	"ҘҙҪҫӐӑӖӗӲӳҔҕҤҥӜӝӞӟӤӥӦӧӴӵӀҲҳӢӣӮӯ" + // Bashkir, Chuvash, Yakut, Udmurt, of the Caucasus, Tajik
	"ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև" + // Armenian
	"აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ" + // Georgian
	"éüöäñçşğİıńłøåœßžščřőű" // Latin

// Each letter has ink in both fonts and weights, and is not the box that stands for a character without a shape.
func TestLettersOfOtherLanguages(t *testing.T) {
	for _, f := range []Face{FontA, FontB, {FontA.Width, FontA.Height, true}, {FontB.Width, FontB.Height, true}} {
		box := string(Glyph('\uFFFF', f).Bits)
		for _, r := range letters {
			g := Glyph(r, f)
			if from, to := g.Rows(); !Has(r) || to == from || string(g.Bits) == box {
				t.Errorf("%c in %+v has no shape", r, f)
			}
		}
	}
	for _, r := range "\uFFFF一אҠ" {
		if Has(r) {
			t.Errorf("%c is said to be there", r)
		}
	}
}

// No stroke of a letter is cut off at the edge of its cell: drawn in a larger cell it has as much ink.
func TestGlyphsFitTheirCells(t *testing.T) {
	for _, f := range []Face{FontA, FontB, {FontA.Width, FontA.Height, true}} {
		for _, r := range letters + russian + "0123456789№«»—(),;QjgpyÅÉ" {
			bounds, ok := inkOf(r, f)
			if !ok || bounds.Min.Y < 0 || bounds.Max.Y > f.Height || bounds.Min.X < 0 || bounds.Max.X > f.Width {
				t.Errorf("%c in %+v has ink in %v", r, f, bounds)
			}
		}
	}
}

func TestQRScans(t *testing.T) {
	for _, level := range []Level{L, M, Q, H} {
		code, err := QR("9d8ea16f-205b-4bc7-92e5-752cd84cb0db", level)
		if err != nil {
			t.Fatal(err)
		}
		img := image.NewGray(image.Rect(0, 0, 6*(code.Width+8), 6*(code.Height+8)))
		for i := range img.Pix {
			x, y := i%img.Stride/6-4, i/img.Stride/6-4
			if !code.At(x, y) {
				img.Pix[i] = 0xFF
			}
		}
		name := filepath.Join(t.TempDir(), "qr.png")
		if err := os.WriteFile(name, encoded(t, img), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("zbarimg", "--quiet", "--raw", name).Output()
		if got := strings.TrimSpace(string(out)); err != nil || got != "9d8ea16f-205b-4bc7-92e5-752cd84cb0db" {
			t.Errorf("level %c reads %q, %v", level, got, err)
		}
	}
	if _, err := QR(strings.Repeat("x", 5000), M); err == nil {
		t.Error("a code of 5000 characters")
	}
}

func encoded(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecode(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 200, 100))
	for y := range 100 {
		for x := range 100 {
			img.Set(x, y, color.Black) // the right half stays transparent
		}
	}
	for _, c := range []struct{ width, height, wantW, wantH int }{
		{576, 240, 200, 100}, {100, 240, 100, 50}, {576, 50, 100, 50}, {10, 10, 10, 5},
	} {
		b, err := Decode(bytes.NewReader(encoded(t, img)), c.width, c.height)
		if err != nil || b.Width != c.wantW || b.Height != c.wantH || !b.At(1, 1) || b.At(c.wantW-1, 1) {
			t.Errorf("%+v: %v, %+v", c, err, b)
		}
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "text": []byte("logo"), "half": encoded(t, img)[:60], "huge": encoded(
			t, image.NewGray(image.Rect(0, 0, 5000, 1)),
		),
	} {
		if _, err := Decode(bytes.NewReader(data), 576, 240); !errors.Is(err, ErrPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
