package terminal

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/device/ticket"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
)

// registryLine is the registry's client as the visit needs it.
type registryLine struct {
	connection *connection
	clinic     config.Clinic                      // its name is told where the registry's is blank
	gone       func(cell uuid.UUID, at time.Time) // told of each cell that is surely taken
	refused    func(err error)                    // told of each answer that refuses the terminal as such
	poke       func(parts ...health.Part)
	log        *slog.Logger
}

// Reserve asks once for a cell. While the client cannot be built nothing is sent, and the registry is unreachable.
func (r *registryLine) Reserve(ctx context.Context, o kiosk.Order, beforeSend func() error) kiosk.Answer {
	client, err := r.connection.get()
	if err != nil {
		r.log.Warn("reservation", "operation", o.Operation, "outcome", apiclient.Unreachable.String(), "error", err)
		r.poke(health.PartRegistry)
		return kiosk.Answer{Verdict: kiosk.VerdictUnreachable}
	}
	t, err := client.Reserve(asPatient(ctx, o.Person), apiclient.ReserveRequest{
		Operation: o.Operation, TimeTable: o.Cell, AgeCategory: apiclient.AgeCategory(o.Age),
		ReserveMinutes: int(o.Hold / time.Minute), BeforeSend: beforeSend,
	})
	if err != nil {
		r.log.Warn("reservation", "operation", o.Operation, "outcome", apiclient.OutcomeOf(err).String(), "error", err)
		if errors.Is(err, apiclient.CellTaken) {
			r.gone(o.Cell, time.Now())
		}
		return r.failed(err)
	}
	r.log.Info("reservation", "operation", o.Operation, "outcome", apiclient.Reserved.String())
	r.gone(o.Cell, time.Now())
	return kiosk.Answer{
		Verdict: kiosk.VerdictConfirmed, Ticket: ticketOf(t, r.clinic.Name, r.clinic.Location()),
		Clock: clockOf(r.connection.health()),
	}
}

// clockOf returns how far the registry's clock is from ours, as its answers tell.
func clockOf(h apiclient.Health) kiosk.RegistryClock {
	return kiosk.RegistryClock{Skew: h.Skew, Known: !h.SkewAt.IsZero()}
}

var verdicts = map[apiclient.Outcome]kiosk.Verdict{
	apiclient.Refused:     kiosk.VerdictRefused,
	apiclient.Busy:        kiosk.VerdictBusy,
	apiclient.Unreachable: kiosk.VerdictUnreachable,
	apiclient.Unknown:     kiosk.VerdictUnknown,
}

var meanings = map[apiclient.Meaning]kiosk.Meaning{
	apiclient.CellTaken:            kiosk.MeaningCellTaken,
	apiclient.ChildrenOnly:         kiosk.MeaningChildren,
	apiclient.SelfBookingForbidden: kiosk.MeaningForbidden,
	apiclient.AlreadyBooked:        kiosk.MeaningAlready,
	apiclient.AgeLimit:             kiosk.MeaningAgeLimit,
	apiclient.OurFault:             kiosk.MeaningOurFault,
	apiclient.AccessDenied:         kiosk.MeaningAccess,
}

// failed returns what an error means to the visit.
func (r *registryLine) failed(err error) kiosk.Answer {
	a := kiosk.Answer{Verdict: verdicts[apiclient.OutcomeOf(err)]}
	var refusal *apiclient.RefusalError
	if errors.As(err, &refusal) {
		a.Refusal = kiosk.Refusal{
			Meaning: meanings[refusal.Meaning], HTTPStatus: refusal.HTTPStatus, Code: refusal.Code,
			Text: ticket.CleanLong(refusal.PatientText()), Message: ticket.CleanLong(refusal.Message),
		}
	}
	if refusal != nil && refusal.TokenRefused() {
		a.Refusal.Meaning = kiosk.MeaningPatient
	}
	if a.Refusal.Meaning == kiosk.MeaningAccess {
		r.refused(err)
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

// ticketOf returns what a patient needs to know of an answer, cleaned: number, room and district without the words that
// screen and paper write before them. Where the registry's name of the clinic is blank, it is the one given. The time
// is told in the clinic's zone: see [apiclient.InZone].
func ticketOf(t *apiclient.TicketVisitWithLPU, clinic string, zone *time.Location) kiosk.Ticket {
	k := kiosk.Ticket{
		Clinic: ticket.Clean(t.LPU.Name), Num: ticket.Number(t.Num), Doctor: ticket.Doctor(t.DocFio),
		Post: ticket.Clean(t.DoctorRole), Speciality: ticket.Clean(t.Speciality),
		District: ticket.District(t.UchastokNum), Begin: t.BeginTime.Told(zone), GUID: t.TicketGUID,
	}
	k.Room, k.Floor = ticket.Room(t.Room, t.Flat)
	if k.Clinic == "" {
		k.Clinic = ticket.Clean(clinic)
	}
	return k
}
