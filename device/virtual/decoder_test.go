package virtual_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/device/dots"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
)

// encodings are the names of code pages in iconv-lite.
var encodings = map[string]string{"cp866": "cp866", "wpc1251": "win1251"}

// decoderJob is what decode.cjs is given, decoderPaper what it finds.
type (
	decoderJob struct {
		Job   []byte          `json:"job"`
		Pages map[byte]string `json:"pages"`
		First byte            `json:"first"`
	}
	decoderPaper struct {
		Lines    []string `json:"lines"`
		QR       []string `json:"qr"`
		Cuts     int      `json:"cuts"`
		Pictures []struct {
			Width, Height, Wide, High int
			Bits                      []byte
		} `json:"pictures"`
		Error string `json:"error"`
	}
)

// facts is a ticket with everything, and with a name that no code page has.
func facts() ticket.Ticket {
	moscow := time.FixedZone("", 3*3600)
	return ticket.Ticket{
		Clinic: "ООО «Ёлка» — № 1", Num: "008", Room: "каб. 202", Floor: 2, Doctor: "Нұрсұлтанқызы Әлия",
		Post: "врач-офтальмолог", Speciality: "Офтальмолог", District: "12", Code: "1A2B-3C4D",
		Begin: time.Date(2026, 11, 24, 12, 15, 0, 0, moscow), HoldUntil: time.Date(2026, 11, 24, 10, 25, 0, 0, moscow),
		Issued: time.Date(2026, 11, 24, 10, 15, 0, 0, moscow),
		GUID:   uuid.MustParse("9d8ea16f-205b-4bc7-92e5-752cd84cb0db"),
	}
}

func words(t *testing.T) ticket.Words {
	t.Helper()
	b, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.Language("ru")
	if err != nil {
		t.Fatal(err)
	}
	return l.Text
}

// A decoder that is not ours finds the same text, pictures, QR code and cut in the ticket of every profile as the
// virtual printer.
func TestForeignDecoder(t *testing.T) {
	all, err := escpos.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	names := all.Names()
	var jobs []decoderJob
	for _, name := range names {
		p := all[name]
		j := decoderJob{
			Job: ticket.Layout(facts(), p.Columns, words(t)).Encode(p), Pages: map[byte]string{}, First: p.Page.Number,
		}
		for _, page := range p.Pages {
			j.Pages[page.Number] = encodings[page.Name]
		}
		jobs = append(jobs, j)
	}
	input, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	out, code := node(t, input, "decode.cjs")
	if code != 0 {
		t.Fatal(code)
	}
	var found []decoderPaper
	if err := json.Unmarshal(out, &found); err != nil || len(found) != len(names) {
		t.Fatalf("%d papers, %v", len(found), err)
	}
	for i, name := range names {
		t.Run(name, func(t *testing.T) { compare(t, found[i], jobs[i].Job, all[name]) })
	}
}

// compare fails if a decoder and the virtual printer have not found the same ticket.
func compare(t *testing.T, found decoderPaper, job []byte, p escpos.Profile) {
	t.Helper()
	if found.Error != "" {
		t.Fatal(found.Error)
	}
	code := facts().GUID.String()
	var lines []string
	var pictures []*dots.Bitmap
	for _, it := range virtual.Interpret(job, p)[0].Items {
		switch {
		case it.Raster != nil:
			pictures = append(pictures, it.Raster)
		case it.QR == nil && it.Feed == 0:
			text := ""
			for _, r := range it.Runs {
				text += r.Text
			}
			lines = append(lines, text)
		}
	}
	if !slices.Equal(found.Lines, lines) {
		t.Errorf("it reads\n%s\nand not\n%s", strings.Join(found.Lines, "\n"), strings.Join(lines, "\n"))
	}
	if p.Text == escpos.TextPage && !slices.Contains(found.Lines, "Кабинет 202") {
		t.Errorf("the room is not on\n%s", strings.Join(found.Lines, "\n"))
	}
	if found.Cuts != min(1, len(p.Cut)) {
		t.Errorf("%d cuts", found.Cuts)
	}
	sheet := comparePictures(t, found, pictures)
	if p.QR == escpos.QRNative {
		if !slices.Equal(found.QR, []string{code}) {
			t.Errorf("the QR codes are %q", found.QR)
		}
		return
	}
	img, err := virtual.Draw(sheet, p)
	if err != nil {
		t.Fatal(err)
	}
	if got := scan(t, img); got != code {
		t.Errorf("the QR code of the decoder's pictures reads %q", got)
	}
}

// comparePictures fails if a decoder has found other pictures, and returns a paper with those that it found.
func comparePictures(t *testing.T, found decoderPaper, want []*dots.Bitmap) (sheet virtual.Paper) {
	t.Helper()
	if len(found.Pictures) != len(want) {
		t.Fatalf("%d pictures, want %d", len(found.Pictures), len(want))
	}
	for i, f := range found.Pictures {
		if f.Width != want[i].Width || f.Height != want[i].Height || !slices.Equal(f.Bits, want[i].Bits) {
			t.Errorf("picture %d is another", i)
		}
		b := &dots.Bitmap{Width: f.Width, Height: f.Height, Bits: f.Bits}
		sheet.Items = append(sheet.Items, virtual.Item{Raster: b, W: f.Wide, H: f.High})
	}
	return sheet
}

// scan reads a QR code as a patient's telephone does.
func scan(t *testing.T, img image.Image) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "paper.png")
	if err := os.WriteFile(name, pixels(t, img), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("zbarimg", "--quiet", "--raw", name).Output()
	if err != nil {
		t.Fatalf("zbarimg (from the package zbar-tools; the project's setup installs it): %v", err)
	}
	return strings.TrimSpace(string(out))
}

// pixels is a picture as PNG.
func pixels(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
