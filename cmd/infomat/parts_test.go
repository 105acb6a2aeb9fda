package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/kiosk"
	"infomat/kiosk/config"
)

// terminal is a terminal's parts over a simulated registry that asks for a token.
func terminal(t *testing.T, token string, change ...func(*config.Config)) (*parts, *registrysim.Registry) {
	t.Helper()
	sim, err := registrysim.New(registrysim.Options{Token: "right"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	conf, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	conf.Registry.URL, conf.Registry.LPU.UUID, conf.Registry.Auth.TokenFile = server.URL, sim.LPU(), token
	conf.Printer.Port, conf.Journal.Path = "virtual", filepath.Join(t.TempDir(), "journal.db")
	for _, c := range change {
		c(&conf)
	}
	p, err := build(conf, slog.New(slog.NewTextHandler(&bytes.Buffer{}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	})
	return p, sim
}

func tokenFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func reserveAny(t *testing.T, p *parts, sim *registrysim.Registry) (kiosk.Answer, uuid.UUID) {
	t.Helper()
	cell, err := sim.FreeCell(apiclient.Adult)
	if err != nil {
		t.Fatal(err)
	}
	o := kiosk.Order{Operation: uuid.New(), Cell: cell, Age: kiosk.AgeAdult, Hold: 10 * time.Minute}
	return registry{p}.Reserve(t.Context(), o, func() error { return nil }), cell
}

// A reservation that is refused for the terminal's sake closes booking; it opens when the registry would admit the terminal, and not before.
func TestARefusedTerminalClosesBookingUntilItIsAdmitted(t *testing.T) {
	token := tokenFile(t, "wrong")
	p, sim := terminal(t, token)
	if reason := p.accessFinding(t.Context()).Closes; reason != "" {
		t.Fatalf("closed from the beginning: %s", reason)
	}
	if a, _ := reserveAny(t, p, sim); a.Verdict != kiosk.VerdictRefused || a.Refusal.Meaning != kiosk.MeaningAccess {
		t.Fatalf("%+v", a)
	}
	asked := make(chan bool)
	probe := p.access.Probe
	p.access.Every, p.access.Probe = time.Millisecond, func(ctx context.Context) (bool, error) {
		admitted, err := probe(ctx)
		select {
		case asked <- admitted:
		case <-ctx.Done():
		}
		return admitted, err
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan struct{})
	go func() { defer close(ended); p.access.Run(ctx) }()
	for range 3 {
		if <-asked || p.accessFinding(t.Context()).Closes != kiosk.ReasonAccess {
			t.Fatal("it opened although the token is still wrong")
		}
	}
	if err := os.WriteFile(token, []byte("right"), 0o600); err != nil {
		t.Fatal(err)
	}
	for !<-asked {
	}
	cancel()
	<-ended
	if reason := p.accessFinding(t.Context()).Closes; reason != "" {
		t.Errorf("closed although the registry admits it: %s", reason)
	}
	if a, _ := reserveAny(t, p, sim); a.Verdict != kiosk.VerdictConfirmed || len(sim.Bookings()) != 1 {
		t.Errorf("%+v, and %d bookings", a, len(sim.Bookings()))
	}
}

// A timetable that the registry refuses to show closes booking too; a FHIR server is not the registry, and has an access of its own.
func TestARefusedTimetable(t *testing.T) {
	for source, want := range map[string]kiosk.Reason{"registry": kiosk.ReasonAccess, "fhir": ""} {
		p, _ := terminal(t, tokenFile(t, "wrong"), func(c *config.Config) { c.Schedule.Source, c.Schedule.FHIRURL = source, c.Registry.URL+"/fhir" })
		if err := p.store.Load(t.Context()); err == nil {
			t.Errorf("%s: it was shown", source)
		}
		if got := p.accessFinding(t.Context()).Closes; got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}

// What was reserved here, and what the registry calls taken, is no longer offered, without a word of the timetable.
func TestWhatIsGoneIsNotOffered(t *testing.T) {
	p, sim := terminal(t, tokenFile(t, "right"))
	if err := p.store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	offered := func(cell uuid.UUID) bool {
		for _, s := range (timetable{p}).Specialities(t.Context(), kiosk.AgeAdult) {
			for _, d := range (timetable{p}).Doctors(t.Context(), kiosk.AgeAdult, s.Code) {
				for _, day := range (timetable{p}).Days(t.Context(), d.GUID, false) {
					for _, c := range day.Cells {
						if c.GUID == cell {
							return true
						}
					}
				}
			}
		}
		return false
	}
	if taken, err := sim.FreeCell(apiclient.Adult); err != nil || !offered(taken) {
		t.Fatalf("%v", err)
	}
	if a, reserved := reserveAny(t, p, sim); a.Verdict != kiosk.VerdictConfirmed || offered(reserved) {
		t.Errorf("%+v: offered again", a)
	}
	sim.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: "4009"})
	if a, taken := reserveAny(t, p, sim); a.Refusal.Meaning != kiosk.MeaningCellTaken || offered(taken) {
		t.Errorf("%+v: offered again", a)
	}
}

// Each row of the table of answers, from the wire to the machine that decides by it.
func TestWhatEachAnswerMeansToAVisit(t *testing.T) {
	p, sim := terminal(t, tokenFile(t, "right"))
	refuse := func(code string) registrysim.Fault { return registrysim.Fault{Kind: registrysim.Refuse, Code: code} }
	status := func(code string, after int) registrysim.Fault {
		return registrysim.Fault{Kind: registrysim.Status, Code: code, RetryAfter: after}
	}
	for _, c := range []struct {
		fault   registrysim.Fault
		verdict kiosk.Verdict
		meaning kiosk.Meaning
		code    string
		text    bool // the registry's text is for the patient
	}{
		{registrysim.Fault{Kind: registrysim.Delay}, kiosk.VerdictConfirmed, kiosk.MeaningOther, "", false},
		{refuse("4009"), kiosk.VerdictRefused, kiosk.MeaningCellTaken, "4009", true},
		{refuse("4005"), kiosk.VerdictRefused, kiosk.MeaningChildren, "4005", true},
		{refuse("4007"), kiosk.VerdictRefused, kiosk.MeaningForbidden, "4007", true},
		{refuse("4007-dispensary"), kiosk.VerdictRefused, kiosk.MeaningForbidden, "4007", true},
		{refuse("4008"), kiosk.VerdictRefused, kiosk.MeaningAlready, "4008", true},
		{refuse("4029"), kiosk.VerdictRefused, kiosk.MeaningAgeLimit, "4029", true},
		{refuse("4036"), kiosk.VerdictRefused, kiosk.MeaningOurFault, "4036", false},
		{refuse("5009"), kiosk.VerdictRefused, kiosk.MeaningAccess, "5009", false},
		{refuse("5403"), kiosk.VerdictRefused, kiosk.MeaningAccess, "5403", false},
		{status("401", 0), kiosk.VerdictRefused, kiosk.MeaningAccess, "", false},
		{status("404", 0), kiosk.VerdictRefused, kiosk.MeaningOther, "", false},
		{status("429", 7), kiosk.VerdictBusy, kiosk.MeaningOther, "429", false},
		{status("503", 7), kiosk.VerdictBusy, kiosk.MeaningOther, "503", false},
		{status("503", 0), kiosk.VerdictUnknown, kiosk.MeaningOther, "", false},
		{status("500", 0), kiosk.VerdictUnknown, kiosk.MeaningOther, "", false},
		{registrysim.Fault{Kind: registrysim.ResetAfter}, kiosk.VerdictUnknown, kiosk.MeaningOther, "", false},
	} {
		sim.AddFault(c.fault)
		a, _ := reserveAny(t, p, sim)
		if a.Verdict != c.verdict || a.Refusal.Meaning != c.meaning || a.Refusal.Code != c.code || (a.Refusal.Text != "") != c.text {
			t.Errorf("%+v: %+v", c.fault, a)
		}
		if c.verdict == kiosk.VerdictBusy && a.After != 7*time.Second {
			t.Errorf("%+v: ask again in %v", c.fault, a.After)
		}
		if c.verdict == kiosk.VerdictConfirmed && (a.Ticket.Num == "" || a.Ticket.Room == "") {
			t.Errorf("%+v", a.Ticket)
		}
	}
}
