package commands

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"infomat/apiclient"
	"infomat/assets/lang"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/kiosk/config"
	"infomat/terminal"
)

// Ticket lays the ticket of an answer out to a file.
type Ticket struct {
	Answer       string `placeholder:"FILE" help:"The registry's answer, as JSON; the test prints need none."`
	Out          string `required:"" placeholder:"FILE" help:"FILE.bin: bytes; FILE.txt: text; FILE.png: picture."`
	Profile      string `default:"epson" help:"Printer profile: ${profiles}."`
	ProfilesFile string `placeholder:"FILE" help:"A site's own printer profiles."`
	Columns      int    `help:"Characters in a line; 0: the profile's."`
	Lang         string `default:"ru" help:"Language of the ticket."`
	Kind         string `default:"ticket" enum:"ticket,copy,slip,codepages,selftest" help:"What to print: ${enum}."`
	Template     string `placeholder:"FILE" help:"A site's own ticket, instead of the built-in one."`
	Logo         string `placeholder:"FILE" help:"A PNG file, printed at the top."`
}

// Run writes the file.
func (c *Ticket) Run() error {
	pr, err := terminal.Profile(config.Printer{Profile: c.Profile, ProfilesFile: c.ProfilesFile, Columns: c.Columns})
	if err != nil {
		return Usage(err)
	}
	languages, err := lang.Embedded()
	if err != nil {
		return err
	}
	language, err := languages.Language(c.Lang)
	if err != nil {
		return Usage(fmt.Errorf("--lang: %w", err))
	}
	d, err := c.document(pr, language.Text)
	if err != nil {
		return err
	}
	out, err := terminal.Render(filepath.Ext(c.Out), d.Encode(pr), pr)
	if err != nil {
		return Usage(fmt.Errorf("--out: %w", err))
	}
	return os.WriteFile(c.Out, out, 0o644)
}

// document is what is printed.
func (c *Ticket) document(pr escpos.Profile, words ticket.Words) (ticket.Document, error) {
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
		return none, Usage(fmt.Errorf("--answer: %w", err))
	}
	answer, err := apiclient.DecodeTicket(body)
	if err != nil {
		return none, Usage(fmt.Errorf("--answer: %s is no answer to a reservation: %w", c.Answer, err))
	}
	f, problems := terminal.Form(config.Ticket{Template: c.Template, Logo: c.Logo}, pr)
	if len(problems) > 0 {
		return none, Usage(errors.Join(problems...))
	}
	t := terminal.SampleTicket(answer)
	t.Copy, t.Unconfirmed = c.Kind == "copy", c.Kind == "slip"
	return f.Layout(t, pr.Columns, words)
}
