package terminal

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// over returns a terminal over a simulated registry that asks for a token.
func over(t *testing.T, token string, change ...func(*config.Config)) (*Terminal, *registrysim.Registry) {
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
	p, err := New(Options{Config: conf, Log: slog.New(slog.NewTextHandler(&bytes.Buffer{}, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
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

func reserveAny(t *testing.T, p *Terminal, sim *registrysim.Registry) (kiosk.Answer, uuid.UUID) {
	t.Helper()
	cell, err := sim.FreeCell(apiclient.Adult)
	if err != nil {
		t.Fatal(err)
	}
	o := kiosk.Order{Operation: uuid.New(), Cell: cell, Age: kiosk.AgeAdult, Hold: 10 * time.Minute}
	return p.line().Reserve(t.Context(), o, func() error { return nil }), cell
}

// A reservation that is refused for the terminal's sake closes booking; it opens when the registry would admit
// the terminal, and not before.
func TestARefusedTerminalClosesBookingUntilItIsAdmitted(t *testing.T) {
	token := tokenFile(t, "wrong")
	p, sim := over(t, token)
	if reason := p.access.look(t.Context()).Closes; reason != "" {
		t.Fatalf("closed from the beginning: %s", reason)
	}
	if a, _ := reserveAny(t, p, sim); a.Verdict != kiosk.VerdictRefused || a.Refusal.Meaning != kiosk.MeaningAccess {
		t.Fatalf("%+v", a)
	}
	asked := make(chan bool)
	probe := p.access.latch.Probe
	p.access.latch.Every, p.access.latch.Probe = time.Millisecond, func(ctx context.Context) (bool, error) {
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
	go func() { defer close(ended); p.access.latch.Run(ctx) }()
	for range 3 {
		if <-asked || p.access.look(t.Context()).Closes != kiosk.ReasonAccess {
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
	if reason := p.access.look(t.Context()).Closes; reason != "" {
		t.Errorf("closed although the registry admits it: %s", reason)
	}
	if a, _ := reserveAny(t, p, sim); a.Verdict != kiosk.VerdictConfirmed || len(sim.Bookings()) != 1 {
		t.Errorf("%+v, and %d bookings", a, len(sim.Bookings()))
	}
}

// A token that is gone closes booking, whatever the timetable's source: no reservation could be sent.
func TestATokenThatIsGoneClosesBooking(t *testing.T) {
	token := tokenFile(t, "right")
	p, _ := over(t, token)
	if f := p.registry.look(t.Context(), p.certificates); f.Level != health.OK {
		t.Fatalf("%+v", f)
	}
	if err := os.Remove(token); err != nil {
		t.Fatal(err)
	}
	if f := p.registry.look(t.Context(), p.certificates); f.Level != health.Failure || f.Closes != kiosk.ReasonAccess ||
		!strings.Contains(f.Detail, token) {
		t.Errorf("%+v", f)
	}
}

// A timetable that the registry refuses to show closes booking too; a FHIR server is not the registry, and has
// an access of its own. Where the timetable is refused no reservation is tried.
func TestARefusedTimetable(t *testing.T) {
	for source, want := range map[string]kiosk.Reason{"registry": kiosk.ReasonAccess, "fhir": ""} {
		p, sim := over(
			t,
			tokenFile(t, "wrong"),
			func(c *config.Config) { c.Schedule.Source, c.Schedule.FHIRURL = source, c.Registry.URL+"/fhir" },
		)
		if err := p.store.Load(t.Context()); err == nil {
			t.Errorf("%s: it was shown", source)
		}
		if got := p.access.look(t.Context()).Closes; got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
		sim.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: "4036"})
		admitted, err := p.access.admitted(t.Context())
		if err != nil || admitted == (want == kiosk.ReasonAccess) {
			t.Errorf("%s: admitted %v, %v", source, admitted, err)
		}
	}
}

// The technician is told how old the timetable is, and why it is not read again; the patient is offered nothing
// once it is too old.
func TestTheTimetablesAgeIsTold(t *testing.T) {
	p, sim := over(t, tokenFile(t, "right"))
	p.store.MaxAge = time.Hour
	look := func(later time.Duration) health.Finding { return checks.Timetable(p.store, time.Now().Add(later)) }
	fail := func() {
		sim.AddFault(registrysim.Fault{Kind: registrysim.ResetBefore, Method: http.MethodGet, Times: -1})
		defer sim.ClearFaults()
		if err := p.store.Load(t.Context()); err == nil {
			t.Error("it was read")
		}
	}
	if f := look(0); f.Closes != kiosk.ReasonStarting {
		t.Errorf("before the first reading: %+v", f)
	}
	fail()
	if f := look(0); f.Closes != kiosk.ReasonTimetable || f.Kind != "no_line" || f.Detail == "" {
		t.Errorf("never read: %+v", f)
	}
	if err := p.store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, _ := p.store.Snapshot(time.Now())
	age := c.AsOf.Format("02.01 15:04")
	if f := look(0); f.Level != health.OK || f.Data["AsOf"] != age {
		t.Errorf("read: %+v", f)
	}
	fail()
	if f := look(0); f.Level != health.Warning || f.Kind != "not_renewed" || f.Closes != "" ||
		f.Data["AsOf"] != age || f.Detail == "" {
		t.Errorf("not read anew: %+v", f)
	}
	if f := look(2 * time.Hour); f.Closes != kiosk.ReasonTimetable || f.Kind != "stale" || f.Data["AsOf"] != age {
		t.Errorf("too old: %+v", f)
	}
}

// What was reserved here, and what the registry calls taken, is no longer offered, without a word of the timetable.
func TestWhatIsGoneIsNotOffered(t *testing.T) {
	p, sim := over(t, tokenFile(t, "right"))
	if err := p.store.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	offered := func(cell uuid.UUID) bool {
		for _, s := range p.timetable.Specialities(t.Context(), kiosk.AgeAdult) {
			for _, d := range p.timetable.Doctors(t.Context(), kiosk.AgeAdult, s.Code) {
				for _, day := range p.timetable.Days(t.Context(), d.GUID, false) {
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
	p, sim := over(t, tokenFile(t, "right"))
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
		if a.Verdict != c.verdict || a.Refusal.Meaning != c.meaning || a.Refusal.Code != c.code ||
			(a.Refusal.Text != "") != c.text {
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

// The runner waits at its end for as long as one request and one print may take with the longest time-outs that the
// settings allow, and systemd waits longer.
func TestTheEndWaitsForWhatHasBegun(t *testing.T) {
	unit, err := os.ReadFile("../packaging/systemd/infomat.service")
	if err != nil {
		t.Fatal(err)
	}
	_, stop, _ := strings.Cut(string(unit), "TimeoutStopSec=")
	line, _, _ := strings.Cut(stop, "\n")
	stopWithin, err := time.ParseDuration(strings.ReplaceAll(line, "min", "m"))
	if err != nil {
		t.Fatal(err)
	}
	for _, timeout := range []time.Duration{5 * time.Second, 2 * time.Minute} {
		p, _ := over(t, tokenFile(t, "right"), func(c *config.Config) {
			c.Registry.Timeout.Duration, c.Printer.Timeout.Duration = timeout, timeout
		})
		r := p.Runner(func(kiosk.State) {})
		if least := 2*timeout + recheckWithin + timeout; r.Grace <= least || r.Grace >= stopWithin {
			t.Errorf("a time-out of %v: it waits %v, want more than %v and less than %v", timeout, r.Grace, least, stopWithin)
		}
	}
}
