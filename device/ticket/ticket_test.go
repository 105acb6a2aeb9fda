package ticket_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
)

var moscow = time.FixedZone("", 3*3600)

func sample() ticket.Ticket {
	return ticket.Ticket{
		Clinic: "Поликлиника № 3", Num: "008", Room: "202", Floor: 2,
		Doctor: "Щербакова Елена Юрьевна", Post: "врач-офтальмолог", Speciality: "Офтальмолог", District: "12",
		Begin: time.Date(2026, 11, 24, 12, 15, 0, 0, moscow), HoldUntil: time.Date(2026, 11, 24, 10, 25, 0, 0, moscow),
		Issued: time.Date(2026, 11, 24, 10, 15, 0, 0, moscow),
		GUID:   uuid.MustParse("9d8ea16f-205b-4bc7-92e5-752cd84cb0db"), Code: "1A2B-3C4D",
	}
}

func words(t testing.TB, tag string) ticket.Words {
	t.Helper()
	b, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	l, err := b.Language(tag)
	if err != nil {
		t.Fatal(err)
	}
	return l.Text
}

func profile(t testing.TB, columns int) escpos.Profile {
	t.Helper()
	p, err := escpos.ByName("epson")
	if err != nil {
		t.Fatal(err)
	}
	p, err = p.With(columns, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// paper prints a ticket and gives the text of the one piece of paper that may come of it.
func paper(t testing.TB, tk ticket.Ticket, columns int, tag string) virtual.Paper {
	t.Helper()
	p := profile(t, columns)
	papers := virtual.Interpret(ticket.Layout(tk, columns, words(t, tag)).Encode(p), p)
	if len(papers) != 1 || !papers[0].Cut {
		t.Fatalf("%d papers", len(papers))
	}
	if len(papers[0].Notes) > 0 {
		t.Fatalf("the printer was sent what it does not know: %q", papers[0].Notes)
	}
	return papers[0]
}

func TestTicketSaysEverything(t *testing.T) {
	for _, columns := range []int{32, 42, 48} {
		text := strings.Join(strings.Fields(paper(t, sample(), columns, "ru").Text()), " ")
		for _, want := range []string{
			"Поликлиника № 3", "ТАЛОН № 008", "Кабинет 202", "2 этаж", "вторник, 24 ноября, 12:15", "Щербакова Елена Юрьевна",
			"врач-офтальмолог", "Участок 12",
			"Бронь действует до 10:25", "[QR: 9d8ea16f-205b-4bc7-92e5-752cd84cb0db]", "24.11.2026 10:15", "1A2B-3C4D",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%d columns: %q is not on\n%s", columns, want, text)
			}
		}
		if strings.Contains(text, "КОПИЯ") {
			t.Error("a first print is marked as a copy")
		}
	}
}

func TestNumberAndRoomAreLarge(t *testing.T) {
	for _, it := range paper(t, sample(), 48, "ru").Items {
		for _, r := range it.Runs {
			large := strings.Contains(r.Text, "№ 008") || strings.Contains(r.Text, "Кабинет 202")
			if large != (r.W == 2 && r.H == 2) {
				t.Errorf("%q is printed %d×%d", r.Text, r.W, r.H)
			}
		}
	}
}

func TestACopyAndASlipAreToldFromAfar(t *testing.T) {
	again, unknown := sample(), sample()
	again.Copy, unknown.Unconfirmed = true, true
	for _, columns := range []int{32, 42, 48} {
		for mark, tk := range map[string]ticket.Ticket{"КОПИЯ": again, "ЭТО НЕ ТАЛОН": unknown} {
			large := false
			for _, it := range paper(t, tk, columns, "ru").Items {
				for _, r := range it.Runs {
					large = large || r.Text == mark && r.W == 2 && r.H == 2
				}
			}
			if !large {
				t.Errorf("%d columns: %q does not stand there in double size", columns, mark)
			}
		}
	}
}

func TestBlankValuesLeaveTheirLinesOut(t *testing.T) {
	tk := sample()
	tk.Clinic, tk.Doctor, tk.Post, tk.Speciality, tk.District, tk.Floor = " ", ". .", "", "\u00a0", "", 0
	text := paper(t, tk, 48, "ru").Text()
	for _, never := range []string{". .", "этаж", "Участок", "\n\n\n"} {
		if strings.Contains(text, never) {
			t.Errorf("%q is on\n%s", never, text)
		}
	}
	tk.Room = " "
	if text := paper(t, tk, 48, "ru").Text(); !strings.Contains(text, "Кабинет уточните в регистратуре") {
		t.Errorf("without a room:\n%s", text)
	}
}

func TestCopyAndSlip(t *testing.T) {
	tk := sample()
	tk.Copy = true
	if text := paper(t, tk, 32, "ru").Text(); !strings.HasPrefix(text, "КОПИЯ\n") {
		t.Errorf("a copy begins\n%s", text)
	}
	tk = sample()
	tk.Unconfirmed = true
	text := paper(t, tk, 48, "ru").Text()
	if !strings.Contains(text, "НЕ ТАЛОН") || !strings.Contains(
		text, "1A2B-3C4D",
	) || strings.Contains(text, "008") || strings.Contains(text, "QR") {
		t.Errorf("the slip says\n%s", text)
	}
}

func TestNothingIsCutInMidWord(t *testing.T) {
	tk := sample()
	tk.Doctor, tk.Post = "Константинопольский-Задунайский Александр "+
		"Константинович", "врач ультразвуковой диагностики высшей категории"
	for _, columns := range []int{32, 42, 48} {
		for _, it := range paper(t, tk, columns, "ru").Items {
			width := 0
			for _, r := range it.Runs {
				width += utf8.RuneCountInString(r.Text) * r.W
				for _, word := range strings.Fields(r.Text) {
					if strings.Contains(tk.Doctor, word) || !strings.Contains(tk.Doctor, strings.TrimSuffix(word, "-")) {
						continue
					}
					t.Errorf("%d columns: %q is a part of a word", columns, word)
				}
			}
			if width > columns {
				t.Errorf("%d columns: a line of %d", columns, width)
			}
		}
	}
}

// Whatever the registry sends, the paper is one ticket of a sane length, and the printer is sent no command
// that is not ours.
func TestForeignTextIsHarmless(t *testing.T) {
	evil := []string{
		"\x1b@\x1dV\x00\x10\x05\x02Иванов", strings.Repeat("А", 100_000), strings.Repeat("слово ", 20_000), "👩‍⚕️ Врач 🏥",
		"\u202eвонавИ\u202c", "а\u0308\u0301\u0301\u0301", "\xff\xfe\x00",
		"строка\nдругая\rтретья\x0b\x0c", "<b>&amp;</b>", "1️⃣2️⃣", strings.Repeat("\u200b", 5000) + "х",
	}
	for _, s := range evil {
		tk := sample()
		tk.Clinic, tk.Num, tk.Room, tk.Doctor, tk.Post, tk.Speciality, tk.District = s, s, s, s, s, s, s
		p := paper(t, tk, 32, "ru")
		if n := len(p.Items); n > 80 {
			t.Errorf("%.20q: %d lines", s, n)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"": "", " ": "", ". .": "", "-": "", "  Иванов \t Иван\u00a0": "Иванов Иван", "\x1b@Иванов": "@Иванов",
		"\u202eабв": "абв", "№ 3": "№ 3",
		// Characters with marks.
		"и\u0306": "й", "И\u0306од": "Йод", "е\u0308лка": "ёлка", "Ки\u0457в": "Київ", "Киі\u0308в": "Київ",
		"у\u0306": "ў", "Ивано\u0301в": "Иванов", "e\u0301": "é", "и\u200d\u0306": "й", "\u0306": "",
		"а\u0308\u0301\u0301": "ӓ", "Қазбек Әлия": "Қазбек Әлия", "Հայկ": "Հայկ", "გიორგი": "გიორგი",
		// HTML.
		"ООО &quot;Ёлка&quot; &amp; Ко":                     `ООО "Ёлка" & Ко`,
		"Иванов&nbsp;И.&nbsp;И.":                            "Иванов И. И.",
		"Иванов<br/>Пётр<br>Ильич":                          "Иванов Пётр Ильич",
		"<p>Кардиолог</p><p>1 категории</p>":                "Кардиолог 1 категории",
		"<b>Ко</b><i>нев</i>":                               "Конев",
		"&laquo;Ёж&raquo; &mdash; &#8470;&#x35;":            "«Ёж» — №5",
		"&#1071;&#1082;&#1086;&#1074;&#1083;&#1077;&#1074;": "Яковлев",
		"&amp;quot;Ёж&amp;quot; &amp;amp;nbsp;1":            `"Ёж" 1`,
		"&lt;b&gt;Хирург&lt;/b&gt;":                         "Хирург",
		"A&B; AT&T, R&D":                                    "A&B; AT&T, R&D",
		"до 18 <лет>, 5 < 6 > 4, a<b":                       "до 18 <лет>, 5 < 6 > 4, a<b",
		"<ivan@clinic.ru>":                                  "<ivan@clinic.ru>",
		"&lt;18 лет":                                        "<18 лет",
		"<script>alert(1)</script>Врач<!-- 5 -->":           "Врач",
		`<a href="x" onclick='y'>Врач</a>`:                  "Врач",
		"&#27;@&#x1b;&#0;&#8238;Врач&#x200b;":               "@Врач",
		"и&#774;од":                                         "йод",
		"Кардио&shy;лог":                                    "Кардиолог",
		"&":                                                 "",
		"&nbsp;":                                            "",
		"<br/>":                                             "",
	} {
		got := ticket.Clean(in)
		if got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
		if again := ticket.Clean(got); again != got {
			t.Errorf("%q: cleaned twice it is %q", in, again)
		}
	}
}

// A text that is encoded without end takes bounded time and stays harmless.
func TestCleanIsBounded(t *testing.T) {
	for _, s := range []string{
		strings.Repeat("&amp;", 100_000), "&" + strings.Repeat("amp;", 100_000) + "#27;", strings.Repeat("<", 100_000),
		strings.Repeat("<b>", 100_000) + "х", strings.Repeat("<!--", 100_000), strings.Repeat("а\u0308", 100_000),
	} {
		if got := ticket.CleanLong(s); utf8.RuneCountInString(got) > 600 || strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("%.20q… gives %d characters", s, utf8.RuneCountInString(got))
		}
	}
}

func TestQRCodeScans(t *testing.T) {
	p := profile(t, 48)
	img, err := virtual.Draw(paper(t, sample(), 48, "ru"), p)
	if err != nil {
		t.Fatal(err)
	}
	if got := scan(t, file(t, img)); got != sample().GUID.String() {
		t.Errorf("the QR code reads %q", got)
	}
}

func FuzzTicket(f *testing.F) {
	for _, s := range []string{
		"Иванов", "\x1b@", "👩", strings.Repeat("ж", 300), "\xff", "&#27;@", strings.Repeat("Ә", 300),
		"Кабинет <b>&amp;#27;</b>",
	} {
		f.Add(s, 48)
	}
	w := words(f, "ru")
	f.Fuzz(func(t *testing.T, s string, columns int) {
		columns = escpos.MinColumns + int(binary.LittleEndian.Uint16([]byte{
			byte(columns), 0,
		}))%(escpos.MaxColumns-escpos.MinColumns)
		tk := sample()
		tk.Clinic, tk.Num, tk.Room, tk.Doctor = s, s, s, s
		p := profile(t, columns)
		data := ticket.Layout(tk, columns, w).Encode(p)
		papers := virtual.Interpret(data, p)
		if len(papers) != 1 || len(papers[0].Notes) > 0 {
			t.Fatalf("%d papers, notes %q", len(papers), papers[0].Notes)
		}
		if len(data) > 64<<10 { // lines of dots
			t.Fatalf("%d bytes", len(data))
		}
		dots := bytes.Contains(data, []byte("\x1dv0")) // which may hold every byte
		if !dots && bytes.Count(data, []byte{0x1B, '@'}) != 1 {
			t.Fatal("a command was smuggled in")
		}
	})
}

// BenchmarkTicket lays a ticket out and encodes it, for a printer with Cyrillic and for one that gets dots.
func BenchmarkTicket(b *testing.B) {
	for _, name := range []string{"epson", "star", "clone58", "nippon-np2511", "raster", "raster58"} {
		b.Run(name, func(b *testing.B) {
			p, err := escpos.ByName(name)
			if err != nil {
				b.Fatal(err)
			}
			w := words(b, "ru")
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = len(ticket.Layout(sample(), p.Columns, w).Encode(p))
			}
			b.ReportMetric(float64(n), "bytes/ticket")
		})
	}
}
