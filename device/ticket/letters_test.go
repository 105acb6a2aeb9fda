package ticket_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"infomat/device/dots"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
)

// people have names with letters that no code page of any printer has.
var people = []string{
	"Қазбек Әлия Нұрсұлтанқызы", "Гөлнара Җәмилә Һадиева", "Ґалаґан Єва Іванівна", "Գրիգորյան Հայկ", "ბერიძე გიორგი",
}

// A line with a letter that no page has is sent as dots, on every printer with pictures, in every style, and the lines
// around it stay text. What stands on the paper is what the font draws.
func TestLettersThatNoPageHas(t *testing.T) {
	all, err := escpos.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all.Names() {
		p := all[name]
		if p.Text != escpos.TextPage {
			continue
		}
		widths := []int{0} // the profile's
		if name == "epson" || name == "nippon-np2511" {
			widths = []int{32, 42, 48}
		}
		for _, columns := range widths {
			p, err := p.With(columns, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, who := range people {
				tk := sample()
				tk.Doctor, tk.Room = who, "Ә-2"
				papers := virtual.Interpret(ticket.Layout(tk, p.Columns, words(t, "ru")).Encode(p), p)
				if len(papers) != 1 || len(papers[0].Notes) > 0 {
					t.Fatalf("%s: %d papers, %q", name, len(papers), papers[0].Notes)
				}
				text := papers[0].Text()
				for _, want := range []string{"ТАЛОН № 008\n", "врач-офтальмолог\n", "2 этаж\n", "Участок 12\n"} {
					if !strings.Contains(text, want) {
						t.Errorf("%s: %q is not on\n%s", name, want, text)
					}
				}
				if strings.ContainsAny(text, "?□") {
					t.Errorf("%s: %s", name, text)
				}
				if escpos.Plain(who, p.Pages) == who { // Ukrainian, where there is a page 1251
					if !strings.Contains(text, who+"\n") {
						t.Errorf("%s: %q is not on\n%s", name, who, text)
					}
				} else {
					onPaper(t, papers[0], p, who, dots.FontA, 1)
				}
				bold := dots.FontA
				bold.Bold = true
				onPaper(t, papers[0], p, "Кабинет Ә-2", bold, 2)
			}
		}
	}
}

// onPaper fails if a text does not stand on a paper as dots, in the middle.
func onPaper(t *testing.T, paper virtual.Paper, p escpos.Profile, text string, f dots.Face, times int) {
	t.Helper()
	line := dots.Text(text, f)
	want := dots.New(p.Dots, line.Height*times)
	want.Draw((p.Dots/times-line.Width)/2*times, 0, line, times, times)
	from, to := want.Rows()
	if got := allDots(paper, p.Dots); !bytes.Contains(got.Bits, want.Crop(from, to).Bits) {
		t.Errorf("%s at %d columns: %q does not stand on the paper", p.Name, p.Columns, text)
	}
}

// allDots are the pictures of a paper as the printer prints them, one below the other, each on the left.
func allDots(paper virtual.Paper, width int) *dots.Bitmap {
	height := 0
	for _, it := range paper.Items {
		if it.Raster != nil {
			height += it.Raster.Height * it.H
		}
	}
	sheet := dots.New(width, height)
	y := 0
	for _, it := range paper.Items {
		if it.Raster != nil {
			sheet.Draw(0, y, it.Raster, it.W, it.H)
			y += it.Raster.Height * it.H
		}
	}
	return sheet
}

// The lines after a drawn one stand where they should, and the encoder keeps the styles that it was told.
func TestTextAfterDots(t *testing.T) {
	p := profile(t, 48)
	e := escpos.NewEncoder(p)
	e.Align(escpos.Centre)
	e.Bold(true)
	for _, s := range []string{"до", "Әлия", "после"} {
		e.Line(s)
	}
	e.Cut()
	for _, it := range virtual.Interpret(e.Bytes(), p)[0].Items {
		for _, r := range it.Runs {
			if it.Align != escpos.Centre || !r.Bold {
				t.Errorf("%q: align %d, bold %t", r.Text, it.Align, r.Bold)
			}
		}
	}
	for _, name := range []string{"epson", "nippon-np2511"} {
		if plain, drawn := above(t, name, "и", "до", "после"), above(t, name, "и", "до", "Әлия"); plain != drawn {
			t.Errorf("%s: below a line of dots a text begins at %d, below one of text at %d", name, drawn, plain)
		}
	}
}

// above is how many dots of paper are above a line that is printed after others.
func above(t *testing.T, name, last string, lines ...string) int {
	t.Helper()
	p, err := escpos.ByName(name)
	if err != nil {
		t.Fatal(err)
	}
	e := escpos.NewEncoder(p)
	for _, s := range append(lines, last) {
		e.Line(s)
	}
	e.Cut()
	paper := virtual.Interpret(e.Bytes(), p)[0]
	at := slices.IndexFunc(paper.Items, func(it virtual.Item) bool { return len(it.Runs) > 0 && it.Runs[0].Text == last })
	img, err := virtual.Draw(virtual.Paper{Items: paper.Items[:at]}, p)
	if err != nil {
		t.Fatal(err)
	}
	return img.Bounds().Dy()
}

// What a printer writes with more characters than the text has is wrapped at its words all the same.
func TestReplacementsFit(t *testing.T) {
	p, err := escpos.ByName("epson-old")
	if err != nil {
		t.Fatal(err)
	}
	p.Raster = escpos.RasterNone
	for word, replaced := range map[string]string{"Анна…": "Анна...", "Եւգենիև": "Ewgeniew"} {
		tk := sample()
		tk.Clinic = strings.TrimSpace(strings.Repeat(word+" ", 14))
		for _, columns := range []int{32, 42, 48} {
			p, err := p.With(columns, "")
			if err != nil {
				t.Fatal(err)
			}
			text := virtual.Interpret(ticket.Layout(tk, columns, words(t, "ru")).Encode(p), p)[0].Text()
			head, _, _ := strings.Cut(text, "─")
			for _, w := range strings.Fields(head) {
				if w != replaced {
					t.Errorf("%d columns: %q is a part of a word on\n%s", columns, w, head)
				}
			}
		}
	}
}
