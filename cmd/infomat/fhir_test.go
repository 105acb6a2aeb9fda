package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"infomat/apiclient/fhirpeer"
	"infomat/kiosk"
)

// TestVisitByAForeignFHIRServer plays a visit whose timetable comes from Medplum's server, which holds slots of the
// simulated registry. It ends with a printed ticket.
func TestVisitByAForeignFHIRServer(t *testing.T) {
	world := newWorld(t)
	peer, err := fhirpeer.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(peer.Close)
	if err := peer.Put(t.Context(), slotsOf(t, world.Registry)...); err != nil {
		t.Fatal(err)
	}
	world.Config.Schedule.Source, world.Config.Schedule.FHIRURL = "fhir", peer.URL
	v := visitIn(t, world, nil)
	v.book()
	v.at(kiosk.StepTicket)
	s := v.until("the printed ticket", kiosk.State.Settled)
	papers := v.paper.Papers()
	if s.Outcome() != kiosk.OutcomeReserved || s.PrintOutcome() != kiosk.PrintOutcomePrinted || len(papers) != 1 ||
		!strings.Contains(papers[0].Text(), s.Booking.Ticket.Num) || len(v.sim.Bookings()) != 1 {
		t.Errorf("%s, %s, %d papers, %d bookings", s.Outcome(), s.PrintOutcome(), len(papers), len(v.sim.Bookings()))
	}
}

// slotsOf returns the first free slots of a simulated registry with what they refer to, as FHIR resources.
func slotsOf(t *testing.T, registry http.Handler) (all []any) {
	t.Helper()
	const search = "/fhir/Slot?status=free&_count=200&_include=Slot:schedule&_include:iterate=Schedule:actor" +
		"&_include:iterate=PractitionerRole:practitioner&_include:iterate=Location:partof"
	answer := httptest.NewRecorder()
	registry.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, search, nil))
	var bundle struct {
		Entry []struct{ Resource map[string]any }
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &bundle); err != nil || len(bundle.Entry) < 200 {
		t.Fatalf("%d entries, %v", len(bundle.Entry), err)
	}
	for _, e := range bundle.Entry {
		all = append(all, e.Resource)
	}
	return all
}
