package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/google/uuid"

	"infomat/assets/lang"
	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/kiosk"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/terminal/checks"
)

// printerTests are what the printer can be told to do.
func (d *desk) printerTests() []string {
	all := []string{"ticket", "pages", "self", "feed", "cut", "reset"}
	if p := d.paper.Load().profile.Presenter; p != nil && len(p.Retract) > 0 {
		all = append(all, "retract")
	}
	return all
}

// testWithin bounds a test print.
const testWithin = 45 * time.Second

// test lets the printer do one of printerTests.
func (d *desk) test(ctx context.Context, what string, words *lang.Language) health.Finding {
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	data, err := d.testData(ctx, what, words)
	if err != nil {
		return checks.NotPrinted(err)
	}
	f := checks.Print(d.printer.Print(ctx, device.Job{ID: uuid.New(), Data: data}))
	d.note(journal.KindOperator, journal.Note{Subject: "printer", State: f.Kind, Detail: "test: " + what})
	return f
}

func (d *desk) testData(ctx context.Context, what string, words *lang.Language) ([]byte, error) {
	how := d.paper.Load()
	switch what {
	case "ticket":
		doc, err := how.form.Layout(testTicket(time.Now(), words), how.profile.Columns, words.Text)
		return doc.Encode(how.profile), err
	case "pages":
		all, err := escpos.Load(d.config.Printer.ProfilesFile)
		return ticket.CodePages(how.profile, ticket.PageNumbers(all), words.Text).Encode(how.profile), err
	case "self":
		s, err := d.printer.Status(ctx)
		return ticket.SelfTest(how.profile, []string{s.Device.String(), s.Paper.String()}, words.Text).Encode(how.profile), err
	}
	if p := how.profile.Presenter; what == "retract" && p != nil {
		return p.Retract, nil
	}
	e := escpos.NewEncoder(how.profile) // begins with the command that resets
	switch what {
	case "feed":
		e.Feed(5)
	case "cut":
		e.Cut()
	}
	return e.Bytes(), nil
}

// testTicket is a ticket that nobody takes for one.
func testTicket(now time.Time, words *lang.Language) ticket.Ticket {
	name := words.Text("service.printer.ticket", nil)
	return ticket.Ticket{Clinic: name, Num: "000", Room: "000", Doctor: name, Begin: now, HoldUntil: now, Issued: now, Code: "0000-0000", Copy: true}
}

// reprint prints a booking's ticket again, marked as a copy. The journal has it before the printer does. What the journal has no place for, such as the
// doctor's name, is not on the copy.
func (d *desk) reprint(ctx context.Context, operation string) health.Finding {
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	r, err := d.confirmed(operation)
	if err != nil {
		return checks.NotPrinted(err)
	}
	job := uuid.New()
	record := kiosk.Record{Operation: r.Operation, Stage: kiosk.StagePrinting, At: time.Now(), Job: job, Copy: true}
	begun := r // with all that is known of the booking: after a crash in the middle of the print it is confirmed still
	begun.Stage, begun.At, begun.Job, begun.Copy = record.Stage, record.At, record.Job, record.Copy
	if err := d.journal.Append(ctx, begun); err != nil {
		return checks.NotPrinted(err)
	}
	state, reason := printer{d.parts}.Print(ctx, kiosk.Paper{
		Operation: r.Operation, Job: job, HoldUntil: r.HoldUntil, Language: d.config.Screen.Language, Copy: true,
		Ticket: kiosk.Ticket{Clinic: d.state().Overview.Clinic.Name, Num: r.Num, Room: r.Room, Floor: r.Floor, Begin: r.Begin, GUID: r.Ticket},
	})
	record.Stage, record.Reason = printStages[state], reason
	f := health.New(health.PartPrint, printKinds[state])
	f.Detail = reason
	for _, stage := range []kiosk.Stage{record.Stage, kiosk.StageDone} {
		record.Stage, record.At = stage, time.Now()
		if err := d.journal.Append(context.WithoutCancel(ctx), record); err != nil {
			d.log.Error("a reprint could not be recorded", "operation", r.Operation, "stage", stage, "error", err)
		}
	}
	return f
}

var (
	printStages = map[kiosk.PrintState]kiosk.Stage{
		kiosk.PrintDone: kiosk.StagePrinted, kiosk.PrintFailed: kiosk.StagePrintFailed, kiosk.PrintUnknown: kiosk.StagePrintUnknown,
	}
	printKinds = map[kiosk.PrintState]string{kiosk.PrintDone: "printed", kiosk.PrintFailed: "failed", kiosk.PrintUnknown: "unknown"}
)

// confirmed is the record of a booking that has a ticket, while it is held: the paper of one that is not would promise what is over.
func (d *desk) confirmed(operation string) (kiosk.Record, error) {
	var found kiosk.Record
	err := journal.ReadBack(d.journal.Path(), operation, func(r kiosk.Record) bool {
		if r.Num != "" && r.Operation.String() == operation {
			found = r
		}
		return found.Num == "" && r.Stage != kiosk.StageIntent
	})
	switch {
	case err != nil:
		return found, err
	case found.Num == "":
		return found, fmt.Errorf("the journal has no ticket of %s", operation)
	case time.Now().After(found.HoldUntil):
		return found, fmt.Errorf("the hold of %s is over", operation)
	}
	return found, nil
}

// players are the programs that can play a file of sound, the better first.
var players = [][]string{{"pw-play"}, {"paplay"}, {"aplay", "-q"}}

// player plays a short tone; nil where the system has no sound.
func player() func(context.Context) error {
	for _, p := range players {
		path, err := exec.LookPath(p[0])
		if err != nil {
			continue
		}
		return func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			f, err := os.CreateTemp("", "infomat-tone-*.wav")
			if err != nil {
				return err
			}
			defer os.Remove(f.Name())
			if err := writeFile(f.Name(), func(f *os.File) error { _, err := f.Write(diag.Tone()); return err }); err != nil {
				return err
			}
			out, err := exec.CommandContext(ctx, path, append(p[1:], f.Name())...).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%s: %w: %s", p[0], err, out)
			}
			return nil
		}
	}
	return nil
}
