package kiosk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// who plays patients on a terminal that asks them who they are.
type who struct {
	*testing.T
	s        State
	now      time.Time
	commands []Command // of the last event
}

func ask(t *testing.T, change func(*Settings)) *who {
	t.Helper()
	settings := modelSettings
	settings.Identify, settings.MakeVisit = IdentifyRequired, true
	if change != nil {
		change(&settings)
	}
	w := &who{T: t, s: Begin(settings), now: time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)}
	return w.give(ServiceChanged{})
}

func (w *who) give(events ...Event) *who {
	w.Helper()
	for _, e := range events {
		w.s, w.commands = Update(w.s, w.now, e)
	}
	return w
}

func (w *who) type_(digits string) *who {
	w.Helper()
	for _, d := range []byte(digits) {
		w.give(Digit{d})
	}
	return w
}

func (w *who) at(step Step) *who {
	w.Helper()
	if w.s.Step != step {
		w.Fatalf("on %v, want %v", w.s.Step, step)
	}
	return w
}

const (
	policyDigits = "0100000000000017"
	bornDigits   = "31011980"
)

// say goes from the welcome screen to the question to the registry.
func (w *who) say() *who {
	w.Helper()
	if w.s.Step == StepWelcome {
		w.give(Start{})
	}
	return w.at(StepPolicy).type_(policyDigits).give(Entered{}).at(StepBirth).type_(bornDigits).give(Entered{}).
		at(StepIdentifying)
}

func (w *who) recognised(kind RecognitionKind) *who {
	w.Helper()
	if kind == RecognisedKnown {
		w.s.Person.Keep(&paperSecret{})
	}
	return w.give(Identified{w.s.Person, Recognition{Kind: kind}})
}

type paperSecret struct{ wiped bool }

func (p *paperSecret) Wipe() { p.wiped = true }

// reserve goes on to the request for a cell.
func (w *who) reserve() *who {
	w.Helper()
	doctor := doctorsOf(2)[1]
	w.at(StepSpeciality).give(SpecialitiesListed{w.s.Age, specialitiesOf(2)}, ChooseSpeciality{"1"})
	w.give(DoctorsListed{"1", doctorsOf(2)}, ChooseDoctor{doctor.GUID})
	w.give(DaysListed{doctor.GUID, daysOf(w.now, doctor.GUID, 2)})
	w.give(ChooseCell{w.s.Days[w.s.Day].Cells[0].GUID}).at(StepCheck).give(Confirm{uuid.New()})
	return w.written(StageIntent)
}

// written answers the record of a stage, which has to be asked for.
func (w *who) written(stage Stage) *who {
	w.Helper()
	i := slices.IndexFunc(w.commands, func(c Command) bool {
		r, ok := c.(WriteRecord)
		return ok && r.Record.Stage == stage
	})
	if i < 0 {
		w.Fatalf("%v was not written: %+v", stage, w.commands)
	}
	r := w.commands[i].(WriteRecord).Record
	return w.give(Recorded{r.Operation, r.Stage, r.Job, nil})
}

func (w *who) held() *who {
	w.Helper()
	a := Answer{Verdict: VerdictConfirmed, From: w.now, Ticket: Ticket{Num: "008", Room: "202", GUID: uuid.New()}}
	return w.give(Answered{w.s.Booking.Operation, a}).at(StepTicket).written(StageConfirmed)
}

func one[C Command](w *who) C {
	w.Helper()
	for _, c := range w.commands {
		if c, ok := c.(C); ok {
			return c
		}
	}
	var none C
	w.Fatalf("no %T among %+v", none, w.commands)
	return none
}

func TestNobodyIsAskedWithoutTheSetting(t *testing.T) {
	w := ask(t, func(s *Settings) { s.Identify, s.MakeVisit = IdentifyNone, false })
	number := []byte(policyDigits)
	w.give(PolicyRead{number}).at(StepWelcome).give(Start{}).at(StepAge)
	if !bytes.Equal(number, make([]byte, len(number))) || w.s.Person != nil {
		t.Error("a policy that nobody has asked for was kept")
	}
}

func TestHoldBecomesAVisit(t *testing.T) {
	w := ask(t, nil).say()
	person, token := w.s.Person, &paperSecret{}
	if one[IdentifyPatient](w).Person != person {
		t.Error("another person is asked for")
	}
	person.Keep(token)
	w.give(Identified{person, Recognition{Kind: RecognisedKnown}}).at(StepSpeciality)
	if w.s.Age != AgeAdult {
		t.Errorf("the age is %s", w.s.Age)
	}
	w.reserve()
	if one[SendReservation](w).Order.Person != person {
		t.Error("the reservation is not the patient's")
	}
	w.held()
	if w.s.Settled() || w.give(Home{}).s.Step != StepTicket {
		t.Error("the patient is let go before the visit is made")
	}
	w.give(Recorded{w.s.Booking.Operation, StageVisitIntent, uuid.Nil, nil})
	order := one[MakeVisit](w).Order
	if order.Person != person || order.Cell != w.s.Cell.GUID || order.Visit == order.Operation {
		t.Errorf("%+v", order)
	}
	w.give(VisitAnswered{order.Visit, Answer{Verdict: VerdictConfirmed, Ticket: Ticket{Num: "009"}}})
	record := one[WriteRecord](w).Record
	if record.Stage != StageVisited || record.Num != "009" || record.Room != "202" || record.Visit != StageVisited {
		t.Errorf("%+v", record)
	}
	w.written(StageVisited).written(StagePrinting)
	if paper := one[PrintTicket](w).Paper; paper.Visit != VisitMade || paper.Ticket.Num != "009" {
		t.Errorf("%+v", paper)
	}
	if w.s.Outcome() != OutcomeVisited || !token.wiped {
		t.Errorf("%s, the token is wiped: %v", w.s.Outcome(), token.wiped)
	}
	w.now = w.now.Add(11 * time.Minute)
	if w.give(Tick{}); w.s.Booking.HoldOver {
		t.Error("a visit that was made runs out")
	}
}

func TestVisitThatIsNotMadeLeavesTheHold(t *testing.T) {
	for verdict, stage := range map[Verdict]Stage{
		VerdictRefused: StageVisitRefused, VerdictBusy: StageVisitRefused, VerdictUnreachable: StageVisitRefused,
		VerdictUnknown: StageVisitUnknown,
	} {
		w := ask(t, nil).say().recognised(RecognisedKnown).reserve().held()
		w.give(Recorded{w.s.Booking.Operation, StageVisitIntent, uuid.Nil, nil})
		visit := one[MakeVisit](w).Order.Visit
		a := Answer{Verdict: verdict, Refusal: Refusal{Meaning: MeaningForbidden, HTTPStatus: 400, Code: "4007"}}
		w.give(VisitAnswered{visit, a}).written(stage).written(StagePrinting)
		if p := one[PrintTicket](w).Paper; p.Visit.Stage() != stage || p.Ticket.Num != "008" {
			t.Errorf("%v: %+v", verdict, p)
		}
		if w.s.Outcome() != OutcomeReserved || w.s.Step != StepTicket {
			t.Errorf("%v: %s on %v", verdict, w.s.Outcome(), w.s.Step)
		}
		if w.give(VisitAnswered{visit, a}); len(w.commands) > 0 {
			t.Error("an answer counts twice")
		}
	}
}

func TestVisitWithoutItsIntentOnDiskIsNotMade(t *testing.T) {
	w := ask(t, nil).say().recognised(RecognisedKnown).reserve().held()
	w.give(Recorded{w.s.Booking.Operation, StageVisitIntent, uuid.Nil, errDisk}).written(StageVisitRefused)
	one[WriteRecord](w) // of the print
}

func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	refused := Answer{Verdict: VerdictRefused, Refusal: Refusal{Meaning: MeaningPatient, HTTPStatus: 401}}
	w := ask(t, nil).say().recognised(RecognisedKnown).reserve()
	first := w.s.Booking.Operation
	w.give(Answered{first, refused}).at(StepReserving)
	one[IdentifyPatient](w)
	w.recognised(RecognisedKnown).at(StepReserving).written(StageIntent)
	if one[SendReservation](w).Order.Operation == first {
		t.Error("the same operation was sent twice")
	}
	w.give(Answered{w.s.Booking.Operation, refused}).at(StepRefused)
	if w.s.Service.Down != "" || w.give(Home{}).s.Step != StepWelcome {
		t.Error("the terminal is closed because of a patient's token")
	}

	w = ask(t, nil).say().recognised(RecognisedKnown).reserve().held()
	w.give(Recorded{w.s.Booking.Operation, StageVisitIntent, uuid.Nil, nil})
	visit := one[MakeVisit](w).Order.Visit
	w.give(VisitAnswered{visit, refused})
	one[IdentifyPatient](w)
	w.recognised(RecognisedKnown)
	w.give(Recorded{w.s.Booking.Operation, StageVisitRefused, uuid.Nil, nil})
	w.give(Recorded{w.s.Booking.Operation, StageVisitIntent, uuid.Nil, nil})
	if again := one[MakeVisit](w).Order.Visit; again == visit {
		t.Error("the same request was sent twice")
	}
}

func TestThreeTriesThenTheDesk(t *testing.T) {
	w := ask(t, nil)
	for range mostTries {
		w.say().recognised(RecognisedNobody).at(StepUnidentified).give(EnterPolicy{})
	}
	w.at(StepUnidentified).give(EnterPolicy{}, Digit{'1'}).at(StepUnidentified)
	w.give(PolicyRead{[]byte(policyDigits)}).at(StepUnidentified)
	w.give(Home{}).at(StepWelcome).say()

	w = ask(t, nil)
	for range mostTries + 2 {
		w.say().recognised(RecognisedDown).at(StepUnidentified).give(AskAgain{}).at(StepIdentifying)
		w.recognised(RecognisedDown).give(Home{})
	}
}

func TestManyFailuresSlowTheTerminalDown(t *testing.T) {
	w := ask(t, nil)
	var waits []time.Duration
	for range 40 {
		w.say()
		waits = append(waits, one[IdentifyPatient](w).After)
		w.recognised(RecognisedNobody).give(Home{})
	}
	if waits[failuresFree-1] != 0 || waits[failuresFree] == 0 || waits[39] != slowMost || !slices.IsSorted(waits) {
		t.Errorf("%v", waits)
	}
	if len(w.s.Failures) > failuresKept {
		t.Errorf("%d failures are kept", len(w.s.Failures))
	}
	w.now = w.now.Add(time.Hour)
	if w.say(); one[IdentifyPatient](w).After != 0 {
		t.Error("an hour later the terminal is still slow")
	}
}

func TestNothingOfAPersonOutlivesTheVisit(t *testing.T) {
	ways := map[string]func(*who){
		"home from the keypad": func(w *who) { w.give(Start{}).type_("0123").give(Home{}) },
		"idle": func(w *who) {
			w.give(Start{}).type_("0123")
			w.now = w.now.Add(identityIdle + w.s.Settings.Warning)
			w.give(Tick{})
		},
		"closed":       func(w *who) { w.give(Start{}).type_("0123").give(ServiceChanged{Service{Down: ReasonAccess}}) },
		"not found":    func(w *who) { w.say().recognised(RecognisedNobody) },
		"another try":  func(w *who) { w.say().recognised(RecognisedNobody).give(EnterPolicy{}) },
		"back to ask":  func(w *who) { w.say().recognised(RecognisedKnown).give(Back{}) },
		"after ticket": func(w *who) { w.say().recognised(RecognisedKnown).reserve() },
	}
	for name, way := range ways {
		w := ask(t, func(s *Settings) { s.MakeVisit = false })
		person := new(*Person)
		w.give(Start{})
		*person = w.s.Person
		w.give(Home{})
		if way(w); name == "after ticket" {
			*person = w.s.Person
			w.held()
			w.give(Home{})
		}
		if n, _ := (*person).Typed(); n != 0 || (*person).Token() != nil {
			t.Errorf("%s: %d digits are left", name, n)
		}
	}
	w := ask(t, nil).say()
	person := w.s.Person
	w.recognised(RecognisedNobody)
	if person.number != [numberDigits]byte{} || person.birth != [birthDigits]byte{} {
		t.Error("the digits are not overwritten")
	}
	late := &paperSecret{}
	if person.Keep(late); !late.wiped {
		t.Error("a token that came late is kept")
	}
}

func TestIdentityHasAShorterIdleTime(t *testing.T) {
	w := ask(t, nil).give(Start{})
	w.now = w.now.Add(identityIdle)
	if w.give(Tick{}); !w.s.Warning {
		t.Error("nobody is asked after 45 seconds")
	}
	w.now = w.now.Add(w.s.Settings.Warning)
	w.give(Tick{}).at(StepWelcome)
}

func TestOptionalIdentity(t *testing.T) {
	w := ask(t, func(s *Settings) { s.Identify = IdentifyOptional }).give(Start{}).at(StepWho)
	w.give(SkipPolicy{}).at(StepAge)
	if w.s.Person != nil || w.s.Known {
		t.Error("somebody is known")
	}
	w.give(ChooseAge{AgeAdult}).reserve().held()
	if one[WriteRecord](w).Record.Stage != StagePrinting {
		t.Error("a visit of nobody")
	}
	w = ask(t, nil).give(Start{}, SkipPolicy{}).at(StepPolicy)
	w.give(EnterPolicy{}, Back{}).at(StepWelcome)
	w = ask(t, func(s *Settings) { s.Scanner = true }).give(Start{}).at(StepWho).give(SkipPolicy{}).at(StepWho)
	w.give(EnterPolicy{}).type_("12").give(Back{}).at(StepWho)
}

func TestScannedPolicy(t *testing.T) {
	for _, step := range []func(*who){func(*who) {}, func(w *who) { w.give(Start{}) }} {
		w := ask(t, nil)
		step(w)
		number := []byte(policyDigits)
		w.give(PolicyRead{number}).at(StepBirth)
		if !bytes.Equal(number, make([]byte, len(number))) {
			t.Error("the bytes of the code are left")
		}
		w.type_(bornDigits).give(Entered{}).at(StepIdentifying)
	}
	for _, bad := range []string{"", "1", "01000000000000170", "01000000000000ы", "010000000000001a"} {
		w := ask(t, nil).give(Start{}, PolicyRead{[]byte(bad)}).at(StepPolicy)
		if w.s.Notice != NoticeCodeUnread {
			t.Errorf("%q: the notice is %d", bad, w.s.Notice)
		}
	}
	w := ask(t, nil).give(Start{}, CodeUnreadable{})
	if w.s.Notice != NoticeCodeUnread {
		t.Error("nobody says that the code cannot be read")
	}
}

func TestImpossibleBirthDatesCannotBeEntered(t *testing.T) {
	today := time.Date(2026, 11, 28, 0, 5, 0, 0, time.FixedZone("", 5*3600))
	for typed, want := range map[string]string{
		"31011980": "31011980", "29022024": "29022024", "29022023": "2902202", "30021980": "300", "31041980": "310",
		"28112026": "28112026", "29112026": "2911202", "01011900": "0101190", "01012027": "0101202", "32": "3", "00": "0",
		"1331": "13", "28111906": "28111906", "27111906": "27111906", "01011905": "0101190",
	} {
		p := &Person{}
		for _, d := range []byte(typed) {
			if !p.addBirth(d, today) {
				break
			}
		}
		if day, month, year := p.Birth(); day+month+year != want {
			t.Errorf("%s: %s%s%s was taken, want %s", typed, day, month, year, want)
		}
	}
}

func TestAgeFollowsFromTheDayOfTheVisit(t *testing.T) {
	zone := time.FixedZone("clinic", 5*3600)
	for _, c := range []struct {
		year, month, day int
		at               time.Time
		want             Age
	}{
		{2008, 11, 29, time.Date(2026, 11, 28, 23, 59, 0, 0, zone), AgeTeen},
		{2008, 11, 29, time.Date(2026, 11, 28, 19, 1, 0, 0, time.UTC).In(zone), AgeAdult}, // after midnight in the clinic
		{2008, 11, 29, time.Date(2026, 11, 28, 18, 59, 0, 0, time.UTC).In(zone), AgeTeen},
		{2011, 11, 28, time.Date(2026, 11, 28, 0, 0, 0, 0, zone), AgeTeen},
		{2011, 11, 29, time.Date(2026, 11, 28, 0, 0, 0, 0, zone), AgeChild},
		{2008, 2, 29, time.Date(2026, 2, 28, 12, 0, 0, 0, zone), AgeTeen},
		{2008, 2, 29, time.Date(2026, 3, 1, 0, 0, 0, 0, zone), AgeAdult},
	} {
		if got := ageOn(c.year, c.month, c.day, c.at); got != c.want {
			t.Errorf("born %d-%d-%d, at %v: %s, want %s", c.year, c.month, c.day, c.at, got, c.want)
		}
	}
	w := ask(t, nil).give(Start{}).type_(policyDigits).give(Entered{}).type_("29112008").give(Entered{})
	w.recognised(RecognisedKnown)
	if w.s.Age != AgeTeen {
		t.Fatalf("today it is %s", w.s.Age)
	}
	w.reserve() // of the next day
	if order := one[SendReservation](w).Order; order.Age != AgeAdult {
		t.Errorf("on the day of the visit it is %s", order.Age)
	}
}

func TestRecoveryKnowsTheVisit(t *testing.T) {
	for stage, want := range map[Stage]struct {
		end   Stage
		visit VisitState
	}{
		StageVisitIntent: {StageVisitRefused, VisitRefused}, StageVisitSent: {StageVisitUnknown, VisitUnknown},
		StageVisited: {"", VisitMade}, StageVisitRefused: {"", VisitRefused}, StageVisitUnknown: {"", VisitUnknown},
	} {
		w := ask(t, nil)
		r := Record{
			Operation: uuid.New(), Stage: stage, Visit: stage, Num: "008", HoldUntil: w.now.Add(time.Minute), At: w.now,
		}
		w.give(Recovered{Records: []Record{r}}).at(StepOffer)
		if want.end != "" && one[WriteRecord](w).Record.Stage != want.end {
			t.Errorf("%v: %+v", stage, w.commands)
		}
		w.give(PrintCopy{}).at(StepTicket).written(StagePrinting)
		if paper := one[PrintTicket](w).Paper; paper.Visit != want.visit {
			t.Errorf("%v: the paper says %d, want %d", stage, paper.Visit, want.visit)
		}
		for _, c := range w.commands {
			if _, ok := c.(MakeVisit); ok {
				t.Errorf("%v: a visit is made by itself", stage)
			}
		}
	}
}

func TestPersonCannotBePrinted(t *testing.T) {
	w := ask(t, nil).say()
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb, w.s.Person, w.s.Visit, w.commands)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "person", w.s.Person, "command", w.commands)
	_ = json.NewEncoder(&out).Encode(w.s.Person)
	for _, found := range []string{policyDigits, bornDigits, "1980", fmt.Sprint([]byte(policyDigits))} {
		if strings.Contains(out.String(), found) {
			t.Errorf("%s was written", found)
		}
	}
}
