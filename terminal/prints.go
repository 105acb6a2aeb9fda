package terminal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/desk"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/terminal/checks"
)

// testWithin bounds a test print.
const testWithin = 45 * time.Second

// printTests has the printer do what a technician asks for.
type printTests struct {
	press    *press
	settings func() config.Config
	note     func(journal.Kind, journal.Note)
}

// list returns what the printer can be told to do.
func (t *printTests) list() []desk.PrinterTest {
	all := []desk.PrinterTest{desk.TestTicket, desk.TestPages, desk.TestSelf, desk.TestFeed, desk.TestCut, desk.TestReset}
	how := t.press.paper.Load()
	if how != nil && how.profile.Presenter != nil && len(how.profile.Presenter.Retract) > 0 {
		all = append(all, desk.TestRetract)
	}
	return all
}

// run has the printer do one of list, and returns what became of it.
func (t *printTests) run(ctx context.Context, what desk.PrinterTest, words *lang.Language) health.Finding {
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	data, err := t.data(ctx, what, words)
	if err != nil {
		return checks.NotPrinted(err)
	}
	f := checks.Print(t.press.send(ctx, device.Job{ID: uuid.New(), Data: data}))
	t.note(journal.KindOperator, journal.Note{Subject: "printer", State: f.Kind, Detail: "test: " + string(what)})
	return f
}

// data returns the bytes of a test.
func (t *printTests) data(ctx context.Context, what desk.PrinterTest, words *lang.Language) ([]byte, error) {
	how := t.press.paper.Load()
	if how == nil {
		return nil, errNoProfile
	}
	switch what {
	case desk.TestTicket:
		doc, err := how.form.Layout(testTicket(time.Now(), words), how.profile.Columns, words.Text)
		return doc.Encode(how.profile), err
	case desk.TestPages:
		all, err := escpos.Load(t.settings().Printer.ProfilesFile)
		return ticket.CodePages(how.profile, ticket.PageNumbers(all), words.Text).Encode(how.profile), err
	case desk.TestSelf:
		s, err := t.press.status(ctx)
		status := []string{s.Device.String(), s.Paper.String()}
		return ticket.SelfTest(how.profile, status, words.Text).Encode(how.profile), err
	case desk.TestRetract:
		if how.profile.Presenter == nil {
			return nil, errors.New("the printer has no presenter")
		}
		return how.profile.Presenter.Retract, nil
	case desk.TestFeed, desk.TestCut, desk.TestReset:
	}
	e := escpos.NewEncoder(how.profile) // begins with the command that resets
	switch what {
	case desk.TestFeed:
		e.Feed(5)
	case desk.TestCut:
		e.Cut()
	case desk.TestTicket, desk.TestPages, desk.TestSelf, desk.TestRetract, desk.TestReset:
	}
	return e.Bytes(), nil
}

// testTicket returns a ticket that cannot be taken for a real one.
func testTicket(now time.Time, words *lang.Language) ticket.Ticket {
	name := words.Text("service.printer.ticket", nil)
	return ticket.Ticket{
		Clinic: name, Num: "000", Room: "0-0", Doctor: name, Begin: now, HoldUntil: now, Issued: now,
		Code: "0000-0000", Copy: true,
	}
}

// reprinter prints the ticket of a booking again.
type reprinter struct {
	journal  string // the journal's name
	records  *records
	print    func(ctx context.Context, p kiosk.Paper) (kiosk.PrintState, string)
	language func() string
	clinic   func() string
	log      *slog.Logger
}

// reprint prints the ticket of an operation, marked as a copy. The record is on disk before the first byte. What the
// journal has no place for, such as the doctor's name, is not on the copy.
func (p *reprinter) reprint(ctx context.Context, operation string) health.Finding {
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	r, err := confirmed(p.journal, operation)
	if err != nil {
		return checks.NotPrinted(err)
	}
	job := uuid.New()
	begun := r // with all that is known of the booking: after a crash in the middle of the print it is confirmed still
	begun.Stage, begun.At, begun.Job, begun.Copy = kiosk.StagePrinting, time.Now(), job, true
	if err := p.records.Append(ctx, begun); err != nil {
		return checks.NotPrinted(err)
	}
	state, reason := p.print(ctx, kiosk.Paper{
		Operation: r.Operation, Job: job, HoldUntil: r.HoldUntil, Language: p.language(), Copy: true,
		Ticket: kiosk.Ticket{
			Clinic: p.clinic(), Num: r.Num, Room: r.Room, Floor: r.Floor, Begin: r.Begin, GUID: r.Ticket,
		},
		Visit: r.VisitState(),
	})
	p.finish(context.WithoutCancel(ctx), kiosk.Record{Operation: r.Operation, Job: job, Copy: true, Reason: reason}, state)
	f := health.New(health.PartPrint, printKinds[state])
	f.Detail = reason
	return f
}

// finish records the end of a reprint.
func (p *reprinter) finish(ctx context.Context, r kiosk.Record, s kiosk.PrintState) {
	for _, stage := range []kiosk.Stage{s.Stage(), kiosk.StageDone} {
		r.Stage, r.At = stage, time.Now()
		if err := p.records.Append(ctx, r); err != nil {
			p.log.Error("a reprint could not be recorded", "operation", r.Operation, "stage", stage, "error", err)
		}
	}
}

var printKinds = map[kiosk.PrintState]string{
	kiosk.PrintDone: "printed", kiosk.PrintFailed: "failed", kiosk.PrintUnknown: "unknown",
}

// confirmed returns the record of a booking that has a ticket, while it is held, or where its visit was made: the paper
// of one that is not held any more would promise what is over.
func confirmed(name, operation string) (kiosk.Record, error) {
	var found kiosk.Record
	err := journal.ReadBack(name, operation, func(r kiosk.Record) bool {
		if r.Operation.String() == operation && r.Num != "" {
			found = r
		}
		return found.Num == "" && r.Stage != kiosk.StageIntent
	})
	switch {
	case err != nil:
		return found, err
	case found.Num == "":
		return found, fmt.Errorf("the journal has no ticket of %s", operation)
	case time.Now().After(found.HoldUntil) && found.VisitState() != kiosk.VisitMade:
		return found, fmt.Errorf("the hold of %s is over", operation)
	}
	return found, nil
}
