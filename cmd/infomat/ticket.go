package main

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/assets/lang"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/config"
)

// ticketCommand lays the ticket of an answer out to a file.
type ticketCommand struct {
	Answer       string `placeholder:"FILE" help:"The registry's answer, as JSON; the test prints need none."`
	Out          string `required:"" placeholder:"FILE" help:"FILE.bin: the printer's bytes; FILE.txt: the paper's text; FILE.png: its picture."`
	Profile      string `default:"epson" help:"Printer profile: ${profiles}."`
	ProfilesFile string `placeholder:"FILE" help:"A site's own printer profiles."`
	Columns      int    `help:"Characters in a line; 0: the profile's."`
	Lang         string `default:"ru" help:"Language of the ticket."`
	Kind         string `default:"ticket" enum:"ticket,copy,slip,codepages,selftest" help:"What to print: ticket, copy, slip (of an unconfirmed result), codepages or selftest (the service prints)."`
	Template     string `placeholder:"FILE" help:"A site's own ticket, instead of the built-in one."`
	Logo         string `placeholder:"FILE" help:"A PNG file, printed at the top."`
}

// Run writes the file.
func (c *ticketCommand) Run() error {
	pr, err := profile(config.Printer{Profile: c.Profile, ProfilesFile: c.ProfilesFile, Columns: c.Columns})
	if err != nil {
		return err
	}
	languages, err := lang.Embedded()
	if err != nil {
		return err
	}
	language, err := languages.Language(c.Lang)
	if err != nil {
		return usage(fmt.Errorf("--lang: %w", err))
	}
	d, err := c.document(pr, language.Text)
	if err != nil {
		return err
	}
	out, err := render(filepath.Ext(c.Out), d.Encode(pr), pr)
	if err != nil {
		return err
	}
	return os.WriteFile(c.Out, out, 0o644)
}

// document is what is printed.
func (c *ticketCommand) document(pr escpos.Profile, words ticket.Words) (ticket.Document, error) {
	var none ticket.Document
	switch c.Kind {
	case "codepages":
		all, err := escpos.Load(c.ProfilesFile)
		return ticket.CodePages(pr, ticket.PageNumbers(all), words), err
	case "selftest":
		return ticket.SelfTest(pr, nil, words), nil
	}
	body, err := os.ReadFile(c.Answer)
	if err != nil {
		return none, usage(fmt.Errorf("--answer: %w", err))
	}
	answer, err := apiclient.DecodeTicket(body)
	if err != nil {
		return none, usage(fmt.Errorf("--answer: %s is no answer to a reservation: %w", c.Answer, err))
	}
	f, err := form(config.Ticket{Template: c.Template, Logo: c.Logo}, pr)
	if err != nil {
		return none, err
	}
	t := sampleTicket(answer)
	t.Copy, t.Unconfirmed = c.Kind == "copy", c.Kind == "slip"
	return f.Layout(t, pr.Columns, words)
}

// sampleTicket is the ticket as it would have been printed at the moment at which the answer says it was made.
func sampleTicket(a *apiclient.TicketVisitWithLpu) ticket.Ticket {
	at := a.DateOfAppointment.Time
	if at.IsZero() {
		at = time.Now()
	}
	return paperTicket(kiosk.Paper{Ticket: ticketOf(a, ""), HoldUntil: at.Add(10 * time.Minute), Operation: uuid.NewSHA1(a.TicketGuid, nil)}, at)
}

// render turns the printer's bytes into what the file's ending asks for.
func render(ending string, data []byte, p escpos.Profile) ([]byte, error) {
	switch strings.ToLower(ending) {
	case ".bin":
		return data, nil
	case ".txt":
		var text strings.Builder
		for _, paper := range virtual.Interpret(data, p) {
			text.WriteString(paper.Text())
		}
		return []byte(text.String()), nil
	case ".png":
		return paperPNG(data, p)
	}
	return nil, usage(fmt.Errorf("--out: the file has to end in .bin, .txt or .png, not %q", ending))
}

// paperPNG draws the first piece of paper that the bytes print.
func paperPNG(data []byte, p escpos.Profile) ([]byte, error) {
	papers := virtual.Interpret(data, p)
	if len(papers) == 0 {
		return nil, fmt.Errorf("nothing was printed")
	}
	img, err := virtual.Draw(papers[0], p)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
