package checks

import (
	"errors"
	"net/http"

	"infomat/apiclient"
	"infomat/kiosk/health"
)

// Access reports whether the registry accepts this terminal, as the running terminal knows it: refusal is what has shut
// the latch of its reservations, and timetable the error of the last reading of the timetable where that comes from
// the registry; both may be nil. A FHIR server that refuses says nothing of the registry.
func Access(refusal, timetable error) health.Finding {
	switch {
	case refusal != nil:
		return Answer(refusal)
	case TimetableRefused(timetable):
		return health.New(health.PartAccess, "timetable").Because(timetable)
	}
	return health.New(health.PartAccess, health.KindOK)
}

// TimetableRefused reports whether a reading of the timetable failed because the registry does not accept this
// terminal.
func TimetableRefused(err error) bool {
	return errors.Is(err, apiclient.AccessDenied)
}

// Refused is what a refused reservation says of the terminal's access; it closes nothing where the refusal is of
// another kind.
func Refused(err error) health.Finding {
	if errors.Is(err, apiclient.AccessDenied) {
		return Answer(err)
	}
	return health.New(health.PartAccess, health.KindOK)
}

// Answer judges what the probe of the registry was answered: it was asked for a cell that does not exist, and a
// refusal of that is what is wanted.
func Answer(err error) health.Finding {
	var refusal *apiclient.RefusalError
	var busy *apiclient.BusyError
	switch {
	case errors.As(err, &refusal):
		kind := refusalKind(refusal)
		f := health.New(health.PartAccess, kind)
		if kind != health.KindOK {
			f.Data = map[string]any{"Status": refusal.HTTPStatus, "Code": refusal.Code}
		}
		return f
	case errors.As(err, &busy):
		return health.New(health.PartAccess, "busy").With(map[string]any{"Status": busy.HTTPStatus})
	}
	return health.New(health.PartAccess, health.KindOK)
}

func refusalKind(r *apiclient.RefusalError) string {
	switch {
	case r.Code == "5009":
		return "signature"
	case r.Code == "5403":
		return "client"
	case r.HTTPStatus == http.StatusUnauthorized:
		return "token"
	case r.HTTPStatus == http.StatusNotFound:
		return "not_found"
	case r.HTTPStatus == http.StatusForbidden:
		return "refused"
	}
	return health.KindOK
}

// Foreign reports whether an answer of the probe did not come from a registry, with the kind of finding of the part
// http and the HTTP status. Only a code of the registry proves the registry: a gateway's page with 400 or 405, or a
// proxy's 407, proves nothing. 401, 403 and 404 without a code are told as what they say of the access.
func Foreign(err error) (kind string, status int, foreign bool) {
	var unknown *apiclient.UnknownError
	var answer *apiclient.ForeignAnswerError
	switch {
	case errors.As(err, &unknown) && unknown.HTTPStatus >= 500:
		return "server_error", unknown.HTTPStatus, true
	case errors.As(err, &unknown) && unknown.HTTPStatus == 0:
		return "cut", 0, true
	case errors.As(err, &unknown):
		return "unreadable", unknown.HTTPStatus, true
	case errors.As(err, &answer) && refusalKind(answer.Refusal) == health.KindOK:
		return "unreadable", answer.HTTPStatus(), true
	}
	return "", 0, false
}
