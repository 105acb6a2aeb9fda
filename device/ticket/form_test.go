package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"infomat/device/dots"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
)

// printed gives the text of a document's paper.
func printed(t testing.TB, d ticket.Document, p escpos.Profile) string {
	t.Helper()
	var text strings.Builder
	for _, paper := range virtual.Interpret(d.Encode(p), p) {
		if len(paper.Notes) > 0 {
			t.Errorf("%s was sent what it does not know: %q", p.Name, paper.Notes)
		}
		text.WriteString(paper.Text())
	}
	return text.String()
}

func template(t testing.TB, text string) *ticket.Template {
	t.Helper()
	tmpl, err := ticket.NewTemplate(text)
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

func TestHeaderFooterAndLogo(t *testing.T) {
	logo := dots.New(64, 64)
	logo.Set(3, 3)
	form := ticket.Form{Header: "Запись: 8-800\n\n\x1b@с 8 до 20", Footer: "Сохраняйте талон", Logo: logo}
	d, err := form.Layout(sample(), 48, words(t, "ru"))
	if err != nil {
		t.Fatal(err)
	}
	text := printed(t, d, profile(t, 48))
	at := -1
	for _, want := range []string{
		"[picture", "Поликлиника № 3", "Запись: 8-800\n@с 8 до 20\n", "ТАЛОН № 008", "Сохраняйте талон", "24.11.2026",
	} {
		i := strings.Index(text, want)
		if i <= at {
			t.Errorf("%q does not stand in its place on\n%s", want, text)
		}
		at = i
	}
}

func TestTemplate(t *testing.T) {
	form := ticket.Form{Template: template(t, `[logo]
[bold] {{.Clinic}}
[rule]
[huge bold] {{.Num}}
[big] Кабинет {{.Room}}
{{if .Floor}}{{.Floor}} этаж{{end}}
{{.District}}
[left] {{.Doctor}}, {{.Weekday}} {{.Day}} {{.Month}} {{.Time}}
[gap]
[qr] {{.GUID}}
[small] {{.HoldUntil}} {{.Issued}} {{.Code}}
`)}
	tk := sample()
	tk.District, tk.Copy = "", true
	tk.Doctor = "[qr] Иванов {{.Num}}" // the registry's, and no mark
	d, err := form.Layout(tk, 32, words(t, "ru"))
	if err != nil {
		t.Fatal(err)
	}
	text := printed(t, d, profile(t, 32))
	for _, want := range []string{
		"КОПИЯ\n", "008\n", "Кабинет 202\n2 этаж\n(qr) Иванов {{.Num}}, вторник 24", "[QR: 9d8ea16f",
		"10:25 24.11.2026 10:15 1A2B-3C4D",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on\n%s", want, text)
		}
	}
	tk.Unconfirmed = true
	if d, err := form.Layout(tk, 32, words(t, "ru")); err != nil || !strings.Contains(
		printed(t, d, profile(t, 32)), "НЕ ТАЛОН",
	) {
		t.Errorf("the slip is not a site's: %v", err)
	}
}

// A template that cannot be used is said to be so when it is read, and what fails later gives the built-in ticket.
func TestTemplateThatFails(t *testing.T) {
	for text, says := range map[string]string{
		"{{.Num":                        "unclosed action",
		"{{.Number}} {{.Room}}":         "can't evaluate field Number",
		"[loud] {{.Num}} {{.Room}}":     `no mark "loud"`,
		"{{.Num}}":                      "number and room have to stand",
		"":                              "number and room have to stand",
		"{{range 100000}}x\n{{end}}":    "more than a ticket may hold",
		"{{range 200}}x\n{{end}}":       "more than a ticket may hold",
		"[small big] {{.Num}}{{.Room}}": "small does not go with big",
		"{{range 1000000000}}{{continue}}{{end}}{{.Num}} {{.Room}}":              "more than a ticket may hold",
		"{{if .Num}}{{range 1000000000}}{{end}}{{end}}{{.Num}} {{.Room}}":        "more than a ticket may hold",
		`{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}`:              "more than a ticket may hold",
		`{{define "a"}}{{end}}{{with .Num}}{{else}}{{range 9999}}{{end}}{{end}}`: "number and room have to stand",
	} {
		if _, err := ticket.NewTemplate(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
	form := ticket.Form{Template: template(t, `{{.Num}} {{.Room}} {{if eq .District "13"}}{{template "none"}}{{end}}`)}
	tk := sample()
	if d, err := form.Layout(tk, 48, words(t, "ru")); err != nil || strings.Contains(
		printed(t, d, profile(t, 48)), "ТАЛОН",
	) {
		t.Errorf("a district that it can do with: %v", err)
	}
	tk.District = "13"
	d, err := form.Layout(tk, 48, words(t, "ru"))
	if err == nil || !strings.Contains(printed(t, d, profile(t, 48)), "ТАЛОН № 008") {
		t.Errorf("one that it fails at: %v", err)
	}
}

// The same ticket reads the same on every printer, and its code scans.
func TestTicketOnEveryPrinter(t *testing.T) {
	all, err := escpos.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all.Names() {
		t.Run(name, func(t *testing.T) {
			p := all[name]
			tk := sample()
			tk.Clinic = "ООО «Ёлка» — № 1"
			d := ticket.Layout(tk, p.Columns, words(t, "ru"))
			text := printed(t, d, p)
			if p.Text == escpos.TextPage && (!strings.Contains(
				text, "ТАЛОН № 008",
			) || !strings.Contains(text, "Ёлка") || strings.Contains(text, "?")) {
				t.Errorf("it reads\n%s", text)
			}
			papers := virtual.Interpret(d.Encode(p), p)
			img, err := virtual.Draw(papers[0], p)
			if err != nil {
				t.Fatal(err)
			}
			if got := scan(t, file(t, img)); got != tk.GUID.String() {
				t.Errorf("the QR code reads %q", got)
			}
		})
	}
}

// No line of a centred text is left with a forgotten word.
func TestLinesAreEven(t *testing.T) {
	tk := sample()
	tk.Unconfirmed = true
	for _, line := range strings.Split(paper(t, tk, 48, "ru").Text(), "\n") {
		if strings.TrimSpace(line) == "код." {
			t.Errorf("%q stands alone", line)
		}
	}
}

func TestServicePrints(t *testing.T) {
	all, err := escpos.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	numbers := ticket.PageNumbers(all)
	if !slices.IsSorted(numbers) || !slices.Contains(numbers, 17) || !slices.Contains(numbers, 4) {
		t.Errorf("the numbers are %v", numbers)
	}
	for _, name := range all.Names() {
		p := all[name]
		var raw strings.Builder
		for _, paper := range virtual.Interpret(ticket.CodePages(p, numbers, words(t, "ru")).Encode(p), p) {
			raw.WriteString(paper.Text())
		}
		for _, page := range p.Pages {
			want := fmt.Sprintf("%3d %-7s Ёжик ест борщ, щи №5\n", page.Number, page.Name)
			if strings.Count(raw.String(), want) != 1 {
				t.Errorf("%s: %q is not on\n%s", name, want, raw.String())
			}
		}
		text := printed(t, ticket.SelfTest(p, []string{"бумага: есть"}, words(t, "ru")), p)
		if p.Text == escpos.TextRaster {
			continue
		}
		for _, want := range []string{
			"бумага: есть", "123456789012345678901234", p.Name, "французских", "ТАЛОН № 008", "Проверка окончена",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not on\n%s", name, want, text)
			}
		}
	}
	if d := ticket.Void(32, words(t, "ru")); !strings.Contains(printed(t, d, profile(t, 32)), "недействителен") {
		t.Error("what is void does not say so")
	}
}

// Whatever a site writes for its tickets, a ticket comes out.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{
		"{{.Num}} {{.Room}}", "[big] {{.Num}}\n[qr]{{.Room}}", "[[]] {{.Num}}{{.Room}}",
		"[gap rule logo] {{.Num}} {{.Room}}", "{{printf \"%c\" 27}}{{.Num}}{{.Room}}", "] [ {{.Num}} {{.Room}}",
	} {
		f.Add(s)
	}
	w := words(f, "ru")
	p := profile(f, 32)
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "range") || strings.Contains(s, "template") {
			return // may take its time
		}
		tmpl, err := ticket.NewTemplate(s)
		if err != nil {
			return
		}
		d, _ := ticket.Form{Template: tmpl}.Layout(sample(), 32, w) // with an error the ticket is the built-in one
		papers := virtual.Interpret(d.Encode(p), p)
		if len(papers) != 1 || len(papers[0].Notes) > 0 {
			t.Fatalf("%d papers, notes %q", len(papers), papers[0].Notes)
		}
	})
}
