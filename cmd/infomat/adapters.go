package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/device"
	"infomat/device/ticket"
	"infomat/kiosk"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// registry is the registry's client as the visit needs it.
type registry struct{ *parts }

// Reserve asks once for a cell.
func (r registry) Reserve(ctx context.Context, o kiosk.Order, beforeSend func() error) kiosk.Answer {
	t, err := r.client.Reserve(ctx, apiclient.ReserveRequest{
		Operation: o.Operation, TimeTable: o.Cell, AgeCategory: apiclient.AgeCategory(o.Age), ReserveMinutes: int(o.Hold / time.Minute), BeforeSend: beforeSend,
	})
	if err != nil {
		r.log.Warn("reservation", "operation", o.Operation, "outcome", apiclient.OutcomeOf(err), "error", err)
		if errors.Is(err, &apiclient.Refusal{Meaning: apiclient.CellTaken}) {
			r.store.Gone(o.Cell, time.Now())
		}
		return r.failed(err)
	}
	r.log.Info("reservation", "operation", o.Operation, "outcome", apiclient.Reserved)
	r.store.Gone(o.Cell, time.Now())
	return kiosk.Answer{Verdict: kiosk.VerdictConfirmed, Ticket: ticketOf(t, r.config.Clinic.Name), Clock: r.registryClock()}
}

var verdicts = map[apiclient.Outcome]kiosk.Verdict{
	apiclient.Refused: kiosk.VerdictRefused, apiclient.Busy: kiosk.VerdictBusy, apiclient.Unreachable: kiosk.VerdictUnreachable, apiclient.Unknown: kiosk.VerdictUnknown,
}

var meanings = map[apiclient.Meaning]kiosk.Meaning{
	apiclient.CellTaken: kiosk.MeaningCellTaken, apiclient.ChildrenOnly: kiosk.MeaningChildren, apiclient.SelfBookingForbidden: kiosk.MeaningForbidden,
	apiclient.AlreadyBooked: kiosk.MeaningAlready, apiclient.AgeLimit: kiosk.MeaningAgeLimit, apiclient.OurFault: kiosk.MeaningOurFault, apiclient.AccessDenied: kiosk.MeaningAccess,
}

// failed tells what an error means to the visit.
func (r registry) failed(err error) kiosk.Answer {
	a := kiosk.Answer{Verdict: verdicts[apiclient.OutcomeOf(err)]}
	var refusal *apiclient.Refusal
	if errors.As(err, &refusal) {
		a.Refusal = kiosk.Refusal{
			Meaning: meanings[refusal.Meaning], HTTPStatus: refusal.HTTPStatus, Code: refusal.Code,
			Text: ticket.CleanLong(refusal.PatientText()), Message: ticket.CleanLong(refusal.Message),
		}
	}
	if a.Refusal.Meaning == kiosk.MeaningAccess {
		r.access.Shut(err)
		r.report(checks.Refused(err))
	}
	if a.Verdict == kiosk.VerdictUnreachable || a.Verdict == kiosk.VerdictUnknown {
		r.poke(health.PartRegistry)
	}
	var busy *apiclient.BusyError
	if errors.As(err, &busy) {
		a.After = busy.RetryAfter
		a.Refusal = kiosk.Refusal{HTTPStatus: busy.HTTPStatus, Code: strconv.Itoa(busy.HTTPStatus)}
	}
	return a
}

// ticketOf takes from an answer what a patient needs to know, cleaned; clinic is the clinic's name where the registry's is blank.
func ticketOf(t *apiclient.TicketVisitWithLpu, clinic string) kiosk.Ticket {
	k := kiosk.Ticket{
		Clinic: ticket.Clean(t.Lpu.Name), Num: ticket.Clean(t.Num), Room: ticket.Clean(t.Room), Floor: t.Flat, Doctor: ticket.Clean(t.DocFio), Post: ticket.Clean(t.DoctorRole),
		Speciality: ticket.Clean(t.Speciality), District: ticket.Clean(t.UchastokNum), Begin: t.BeginTime.Time, GUID: t.TicketGuid,
	}
	if k.Clinic == "" {
		k.Clinic = ticket.Clean(clinic)
	}
	return k
}

// records is the journal as the visit needs it. A record that cannot be written is reported to the watch.
type records struct{ *parts }

// Append writes a record durably.
func (r records) Append(ctx context.Context, k kiosk.Record) error {
	err := r.journal.Append(ctx, k)
	if err != nil && ctx.Err() == nil {
		r.report(checks.Unwritable(err))
	}
	return err
}

// timetable is the store as the visit needs it.
type timetable struct{ *parts }

// catalogue is the newest timetable that may be believed, or nil.
func (t timetable) catalogue() *schedule.Catalogue {
	c, err := t.store.Snapshot(time.Now())
	if err != nil {
		return nil // the watch has closed booking, and tells why
	}
	return c
}

// Specialities lists the specialities of an age.
func (t timetable) Specialities(_ context.Context, age kiosk.Age) (list []kiosk.Speciality) {
	c := t.catalogue()
	if c == nil {
		return nil
	}
	for _, s := range c.Specialities(apiclient.AgeCategory(age), time.Now()) {
		list = append(list, kiosk.Speciality{Code: s.Code, Name: ticket.Clean(s.Name), Free: s.Free, Nearest: s.Nearest})
	}
	return list
}

// Doctors lists the doctors of a speciality.
func (t timetable) Doctors(_ context.Context, age kiosk.Age, speciality string) (list []kiosk.Doctor) {
	c := t.catalogue()
	if c == nil {
		return nil
	}
	for _, d := range c.Doctors(speciality, apiclient.AgeCategory(age), time.Now()) {
		list = append(list, kiosk.Doctor{
			GUID: d.GUID, Name: ticket.Clean(d.Name), Post: ticket.Clean(d.Post), Speciality: ticket.Clean(d.SpecialityName), Room: ticket.Clean(d.Room), Floor: d.Floor,
			District: ticket.Clean(d.District), Free: d.Free, Nearest: d.Nearest,
		})
	}
	return list
}

// Days gives a doctor's days; with fresh they are read anew first, and where that fails what was read before is given.
func (t timetable) Days(ctx context.Context, doctor uuid.UUID, fresh bool) []kiosk.Day {
	if fresh {
		if err := t.store.RefreshDoctor(ctx, doctor); err != nil {
			t.log.Warn("the doctor's timetable could not be read anew", "doctor", doctor, "error", err)
		}
	}
	c := t.catalogue()
	if c == nil {
		return nil
	}
	now := time.Now()
	var list []kiosk.Day
	for _, d := range schedule.Days(c.Cells(doctor, now), now, t.config.Schedule.Days) {
		day := kiosk.Day{Date: d.Date}
		for _, c := range d.Cells {
			day.Cells = append(day.Cells, kiosk.Cell{
				GUID: c.GUID, Begin: c.Begin, End: c.End, Room: ticket.Clean(c.Room), Floor: c.Floor, Doctor: doctor,
			})
		}
		list = append(list, day)
	}
	return list
}

// recheckWithin bounds the fresh look at a cell.
const recheckWithin = 10 * time.Second

var cellStates = map[schedule.CellState]kiosk.CellState{
	schedule.CellFree: kiosk.CellFree, schedule.CellTaken: kiosk.CellTaken, schedule.CellUnknown: kiosk.CellUnread,
}

// Recheck re-reads a cell.
func (t timetable) Recheck(ctx context.Context, c kiosk.Cell) kiosk.CellState {
	ctx, cancel := context.WithTimeout(ctx, recheckWithin)
	defer cancel()
	state, err := t.store.Source.CellState(ctx, c.Doctor, c.GUID, c.Begin)
	if err != nil {
		t.log.Warn("the cell could not be read anew", "cell", c.GUID, "error", err)
	}
	return cellStates[state]
}

// overview is what the welcome screen tells.
func (t timetable) overview(now time.Time) kiosk.Overview {
	o := kiosk.Overview{Clinic: kiosk.Clinic{Name: ticket.Clean(t.config.Clinic.Name), Desk: ticket.Clean(t.config.Clinic.Desk)}}
	c := t.catalogue()
	if c == nil {
		return o
	}
	if name := ticket.Clean(c.Clinic.Name); name != "" {
		o.Clinic.Name = name
	}
	o.Clinic.Phone = ticket.Clean(c.Clinic.Phone)
	cell, doctor, today := c.Nearest(now)
	o.FreeToday = today
	if !cell.Begin.IsZero() {
		o.Nearest = kiosk.Opening{Speciality: ticket.Clean(c.SpecialityOf(doctor)), Begin: cell.Begin, Room: ticket.Clean(doctor.Room)}
	}
	return o
}

// printer is the ticket printer as the visit needs it.
type printer struct{ *parts }

var printStates = map[device.Outcome]kiosk.PrintState{
	device.Printed: kiosk.PrintDone, device.Failed: kiosk.PrintFailed, device.Unknown: kiosk.PrintUnknown,
}

// Print lays a ticket out in the patient's language and prints it.
func (p printer) Print(ctx context.Context, paper kiosk.Paper) (kiosk.PrintState, string) {
	language, err := p.languages.Language(paper.Language)
	if err != nil {
		return kiosk.PrintFailed, err.Error()
	}
	how := p.paper.Load()
	d, err := how.form.Layout(paperTicket(paper, time.Now()), how.profile.Columns, language.Text)
	if err != nil {
		p.log.Error("the site's ticket template failed: the built-in ticket is printed", "operation", paper.Operation) // its error may hold a text of the registry
	}
	data := d.Encode(how.profile)
	began := time.Now()
	r := p.printer.Print(ctx, device.Job{ID: paper.Job, Data: data})
	p.metrics.Print(r.Outcome.String(), time.Since(began))
	p.poke(health.PartPrinter)
	reason := ""
	if r.Err != nil {
		reason = r.Err.Error()
	}
	p.log.Info("print", "operation", paper.Operation, "job", paper.Job, "outcome", r.Outcome, "bytes", len(data), "reason", reason)
	return printStates[r.Outcome], reason
}

// paperTicket is the ticket's facts. All its times are told in the appointment's own offset, where it is known.
func paperTicket(p kiosk.Paper, now time.Time) ticket.Ticket {
	t := p.Ticket
	where := time.Local
	if !t.Begin.IsZero() {
		where = t.Begin.Location()
	}
	return ticket.Ticket{
		Clinic: t.Clinic, Num: t.Num, Room: t.Room, Floor: t.Floor, Doctor: t.Doctor, Post: t.Post, Speciality: t.Speciality, District: t.District, Begin: t.Begin,
		HoldUntil: p.HoldUntil.In(where), GUID: t.GUID, Issued: now.In(where), Code: kiosk.Code(p.Operation), Copy: p.Copy, Unconfirmed: p.Unconfirmed,
	}
}
