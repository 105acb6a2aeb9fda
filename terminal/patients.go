package terminal

import (
	"context"
	"errors"

	"infomat/apiclient"
	"infomat/device/ticket"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
)

// patientsLine is the registry where it knows for whom it books. It builds upon the line of all visits.
type patientsLine struct {
	*registryLine
	timetable *timetable
}

// identifies are the words of patient.identify.
var identifies = map[string]kiosk.Identify{
	config.IdentifyNone: kiosk.IdentifyNone, config.IdentifyOptional: kiosk.IdentifyOptional,
	config.IdentifyRequired: kiosk.IdentifyRequired,
}

// asPatient returns the context of a person's requests; of nobody's where the person is nil or has no token.
func asPatient(ctx context.Context, p *kiosk.Person) context.Context {
	token, _ := p.Token().(*apiclient.PatientToken)
	return apiclient.AsPatient(ctx, token)
}

// Identify asks for the token of a person. The log says what came of it, and nothing of the person.
func (p *patientsLine) Identify(ctx context.Context, who *kiosk.Person) kiosk.Recognition {
	client, err := p.connection.get()
	if err != nil {
		p.log.Warn("patient", "outcome", "not asked", "error", err)
		p.poke(health.PartRegistry)
		return kiosk.Recognition{Kind: kiosk.RecognisedDown}
	}
	var token *apiclient.PatientToken
	asked := who.Show(func(number, birthday []byte) {
		token, err = client.PatientToken(ctx, apiclient.PatientQuery{Number: number, Birthday: birthday})
	})
	switch {
	case !asked:
		return kiosk.Recognition{Kind: kiosk.RecognisedDown}
	case err != nil:
		p.log.Warn("patient", "outcome", "no token", "error", err)
		return p.unrecognised(err)
	}
	who.Keep(token)
	p.log.Info("patient", "outcome", "known")
	return kiosk.Recognition{Kind: kiosk.RecognisedKnown}
}

var recognitions = map[apiclient.PatientProblem]kiosk.RecognitionKind{
	apiclient.PatientOther: kiosk.RecognisedRefused, apiclient.PatientNotFound: kiosk.RecognisedNobody,
	apiclient.PatientSeveral: kiosk.RecognisedSeveral, apiclient.PatientNoCard: kiosk.RecognisedNoCard,
}

// unrecognised returns what an error means to the visit. A refusal of the terminal itself closes booking.
func (p *patientsLine) unrecognised(err error) kiosk.Recognition {
	var problem *apiclient.PatientError
	switch {
	case errors.As(err, &problem):
		return kiosk.Recognition{
			Kind: recognitions[problem.Problem], Text: ticket.CleanLong(problem.Refusal.PatientText()),
		}
	case errors.Is(err, apiclient.AccessDenied):
		p.refused(err)
	default:
		p.poke(health.PartRegistry)
	}
	return kiosk.Recognition{Kind: kiosk.RecognisedDown}
}

// Make asks once for a visit.
func (p *patientsLine) Make(ctx context.Context, o kiosk.VisitOrder, beforeSend func() error) kiosk.Answer {
	client, err := p.connection.get()
	if err != nil {
		p.log.Warn("visit", "operation", o.Operation, "outcome", apiclient.Unreachable.String(), "error", err)
		p.poke(health.PartRegistry)
		return kiosk.Answer{Verdict: kiosk.VerdictUnreachable}
	}
	t, err := client.MakeVisit(asPatient(ctx, o.Person), apiclient.VisitRequest{
		Operation: o.Visit, TimeTable: o.Cell, BeforeSend: beforeSend,
	})
	if err != nil {
		p.log.Warn("visit", "operation", o.Operation, "outcome", apiclient.OutcomeOf(err).String(), "error", err)
		return p.failed(err)
	}
	p.log.Info("visit", "operation", o.Operation, "outcome", "made")
	return kiosk.Answer{
		Verdict: kiosk.VerdictConfirmed, Ticket: ticketOf(t, p.clinic.Name, p.clinic.Location()),
		Clock: clockOf(p.connection.health()),
	}
}

// Recheck reads a cell again with a person's token. Where the registry does not take that any more, it is asked for a
// new one, once.
func (p *patientsLine) Recheck(ctx context.Context, c kiosk.Cell, who *kiosk.Person) kiosk.CellState {
	state, err := p.timetable.cellState(asPatient(ctx, who), c)
	var refusal *apiclient.RefusalError
	if errors.As(err, &refusal) && refusal.TokenRefused() && p.Identify(ctx, who).Kind == kiosk.RecognisedKnown {
		state, _ = p.timetable.cellState(asPatient(ctx, who), c)
	}
	return state
}
