package terminal

import (
	"fmt"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/device/ticket"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/terminal/checks"
)

// paper is how tickets are printed: what they look like, on which printer, at which port.
type paper struct {
	profile escpos.Profile
	form    ticket.Form
	zone    *time.Location // the clinic's; nil: not known
	device  device.Config
	lacks   []error // what of the form cannot be used
}

// newPaper returns the paper of the settings. Void is printed over what broke off, in the words given. A logo or a
// template that cannot be used is left out.
func newPaper(c config.Config, words ticket.Words) (*paper, error) {
	pr, err := Profile(c.Printer)
	if err != nil {
		return nil, err
	}
	flow, err := serialport.ParseFlow(c.Printer.Flow)
	if err != nil {
		return nil, badSetting("printer.flow", err)
	}
	parity, err := serialport.ParseParity(c.Printer.Parity)
	if err != nil {
		return nil, badSetting("printer.parity", err)
	}
	f, lacks := Form(c.Ticket, pr)
	return &paper{profile: pr, form: f, zone: c.Clinic.Location(), lacks: lacks, device: device.Config{
		Port: c.Printer.Port, Baud: c.Printer.Baud, Flow: flow, Parity: parity, Profile: pr,
		Timeout: c.Printer.Timeout.Duration, Void: ticket.Void(pr.Columns, words).Encode(pr),
	}}, nil
}

// Profile returns the printer's profile with the site's own columns and code page. It is a [SettingError] where a
// setting is wrong, another error where the file of the site's own profiles cannot be used.
func Profile(c config.Printer) (escpos.Profile, error) {
	all, err := escpos.Load(c.ProfilesFile)
	if err != nil {
		return escpos.Profile{}, fmt.Errorf("printer.profiles_file: %w", err)
	}
	pr, err := all.ByName(c.Profile)
	if err != nil {
		if c.ProfilesFile != "" { // the file may get it
			return pr, fmt.Errorf("printer.profile: %w", err)
		}
		return pr, badSetting("printer.profile", err)
	}
	if pr, err = pr.With(c.Columns, c.CodePage); err != nil {
		return pr, &SettingError{fmt.Errorf("printer: %w", err)}
	}
	return pr, nil
}

// Form returns what the site puts on its tickets, without what cannot be used, and the errors of that.
func Form(c config.Ticket, pr escpos.Profile) (f ticket.Form, problems []error) {
	f = ticket.Form{Header: c.Header, Footer: c.Footer}
	var err error
	if c.Logo != "" {
		if f.Logo, err = checks.Logo(c.Logo, pr.Dots); err != nil {
			problems = append(problems, fmt.Errorf("ticket.logo: %w", err))
		}
	}
	if c.Template != "" {
		if f.Template, err = checks.Template(c.Template); err != nil {
			problems = append(problems, fmt.Errorf("ticket.template: %w", err))
		}
	}
	return f, problems
}

// paperTicket returns the facts of a ticket. All its times are told in the appointment's own offset, where it is known,
// else in the clinic's zone; nil: that is not known either, and they are told in the computer's.
func paperTicket(p kiosk.Paper, now time.Time, zone *time.Location) ticket.Ticket {
	t := p.Ticket
	where := time.Local
	switch {
	case !t.Begin.IsZero():
		where = t.Begin.Location()
	case zone != nil:
		where = zone
	}
	return ticket.Ticket{
		Clinic: t.Clinic, Num: t.Num, Room: t.Room, Floor: t.Floor, Doctor: t.Doctor, Post: t.Post,
		Speciality: t.Speciality, District: t.District, Begin: t.Begin, HoldUntil: p.HoldUntil.In(where), GUID: t.GUID,
		Issued: now.In(where), Code: kiosk.Code(p.Operation), Copy: p.Copy, Unconfirmed: p.Unconfirmed,
		Visited: p.Visit == kiosk.VisitMade, InDoubt: p.Visit == kiosk.VisitUnknown,
	}
}
