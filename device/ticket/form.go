package ticket

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"text/template"

	"infomat/device/dots"
	"infomat/device/escpos"
)

// Form is what a site puts on its tickets beside the facts. The zero Form is the built-in ticket.
type Form struct {
	Header   string       // lines below the clinic's name
	Footer   string       // lines above the time of issue
	Logo     *dots.Bitmap // nil: none
	Template *Template    // nil: the built-in ticket
}

// Layout sets a ticket, or the slip, in lines of a width. Where the site's template fails the document is
// the built-in ticket, and the error says why: nobody leaves without one.
func (f Form) Layout(t Ticket, columns int, words Words) (Document, error) {
	if f.Template == nil || t.Unconfirmed {
		return f.builtIn(t, columns, words), nil
	}
	d, err := f.Template.layout(f, t, columns, words)
	if err != nil {
		err = fmt.Errorf("ticket: the site's template cannot be used, so the built-in ticket is: %w", err)
		return f.builtIn(t, columns, words), err
	}
	return d, nil
}

// Template is a site's own ticket: a text/template that writes one line of the ticket on each of its lines.
// A line may begin with how it looks, in square brackets: left, bold, small, big, huge (otherwise a line is
// centred); [rule] and [gap] stand alone; [qr] makes a code of its line, [logo] is the site's. A line
// without text is left out, so a blank value leaves none. The fields are all texts, cleaned, and blank where nothing
// is known: Clinic, Num, Room, Floor, Doctor, Post, Speciality, District, Weekday, Day, Month, Time, HoldUntil, Issued,
// Code, GUID, and of the clinic's own guide Way and Bring.
type Template struct{ parsed *template.Template }

// facts are what a template may use. All are texts, cleaned; a blank one is not known.
type facts struct {
	Clinic, Num, Room, Floor, Doctor, Post, Speciality, District string
	Weekday, Day, Month, Time                                    string // of the appointment
	HoldUntil                                                    string // hours and minutes
	Issued                                                       string // date and time
	Code                                                         string // of the operation
	GUID                                                         string // of the ticket
	Way, Bring                                                   string // of the clinic's own guide
}

// NewTemplate reads a template and tries it with a ticket that has everything and one that has next to nothing.
func NewTemplate(text string) (*Template, error) {
	parsed, err := template.New("ticket").Option("missingkey=error").Funcs(stepper()).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("ticket: %w", err)
	}
	if err := counted(parsed); err != nil {
		return nil, fmt.Errorf("ticket: %w", err)
	}
	t := &Template{parsed}
	for _, try := range []Ticket{
		{Num: "008", Room: "202", Floor: 2, Clinic: "К", Doctor: "Д", Post: "П", Speciality: "С", District: "1"},
		{Num: "1"},
	} {
		words := func(id string, _ map[string]any) string { return id }
		if _, err := t.layout(Form{}, try, escpos.MinColumns, words); err != nil {
			return nil, fmt.Errorf("ticket: %w", err)
		}
	}
	return t, nil
}

// The bounds of what a template may write.
const (
	maxTemplateBytes = 16 << 10
	maxTemplateLines = 100
)

var errTooLong = errors.New("it writes, or does, more than a ticket may hold")

// bounded is a buffer that refuses to grow beyond measure.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxTemplateBytes {
		return 0, errTooLong
	}
	return b.Buffer.Write(p)
}

func (t *Template) layout(f Form, tk Ticket, columns int, words Words) (Document, error) {
	var out bounded
	values := factsOf(tk, words)
	own, err := t.parsed.Clone() // with a count of its own
	if err != nil {
		return Document{}, err
	}
	if err := own.Funcs(stepper()).Execute(&out, values); err != nil {
		return Document{}, err
	}
	d := &Document{columns: columns}
	if tk.Copy {
		d.add(copyMark(words))
	}
	for line := range strings.Lines(out.String()) {
		if err := d.marked(f, strings.TrimSpace(line)); err != nil {
			return Document{}, err
		}
	}
	if len(d.Lines) > maxTemplateLines {
		return Document{}, errTooLong
	}
	return *d, d.says(values.Num, values.Room)
}

// says reports whether what a patient cannot do without stands on the ticket.
func (d *Document) says(needed ...string) error {
	var all strings.Builder
	for _, l := range d.Lines {
		all.WriteString(l.Text + " ")
	}
	for _, n := range needed {
		if !strings.Contains(all.String(), n) {
			return errors.New("number and room have to stand on every ticket: it does not write {{.Num}} or {{.Room}}")
		}
	}
	return nil
}

// marked adds a line that may begin with how it looks.
func (d *Document) marked(f Form, s string) error {
	l := Line{Align: Centre}
	marks, rest, ok := strings.Cut(s, "]")
	if !ok || !strings.HasPrefix(marks, "[") {
		l.Text = CleanLong(s)
		d.add(l)
		return nil
	}
	l.Text = CleanLong(rest)
	for _, mark := range strings.Fields(marks[1:]) {
		switch mark {
		case "left":
			l.Align = Left
		case "bold":
			l.Bold = true
		case "small":
			l.Small = true
		case "big":
			l.Size = 2
		case "huge":
			l.Size = 3
		case "rule":
			d.rule()
		case "gap":
			d.gap()
		case "logo":
			if f.Logo != nil {
				d.Lines = append(d.Lines, Line{Picture: f.Logo})
			}
		case "qr":
			d.code(l.Text)
			l.Text = ""
		default:
			return fmt.Errorf("there is no mark %q; there are: left, bold, small, big, huge, rule, gap, logo, qr", mark)
		}
	}
	if l.Small && l.Size > 1 {
		return errors.New("small does not go with big or huge")
	}
	d.add(l)
	return nil
}

func (d *Document) code(text string) {
	if text != "" && len(text) <= escpos.MaxQR {
		d.Lines = append(d.Lines, Line{QR: text, Align: Centre})
	}
}

func factsOf(t Ticket, words Words) facts {
	t = cleaned(t)
	v := facts{
		Clinic: value(t.Clinic), Num: value(t.Num), Room: value(t.Room), Doctor: value(t.Doctor), Post: value(t.Post),
		Speciality: value(t.Speciality), District: value(t.District), HoldUntil: t.HoldUntil.Format("15:04"),
		Issued: t.Issued.Format("02.01.2006 15:04"), Code: value(t.Code), GUID: t.GUID.String(),
		Way: value(t.Way), Bring: value(t.Bring),
	}
	if t.Visited {
		v.HoldUntil = "" // nothing has to be done before a time
	}
	if t.Floor != 0 {
		v.Floor = fmt.Sprint(t.Floor)
	}
	if !t.Begin.IsZero() {
		v.Weekday, v.Day = weekday(t.Begin, words), fmt.Sprint(t.Begin.Day())
		v.Month, v.Time = month(t.Begin, words), t.Begin.Format("15:04")
	}
	return v
}

// value is a cleaned text for a template: it cannot pretend to be a mark.
func value(s string) string { return strings.NewReplacer("[", "(", "]", ")").Replace(s) }
