package kiosk

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// The model plays the world around the machine: it keeps the commands that wait for an answer, answers them in any
// order and with any outcome, taps where it likes, lets time pass, and counts what reached the registry, the printer
// and the disk.
type model struct {
	s    State
	now  time.Time
	n    int       // makes identifiers
	todo []Command // commands without an answer yet
	old  []Event   // answers already given, to be given again

	onDisk  map[uuid.UUID]Stage // the newest stage written of each operation
	intents map[uuid.UUID]bool  // operations whose INTENT is on disk for sure
	posts   map[uuid.UUID]int
	retryOf map[uuid.UUID]uuid.UUID
	unsure  map[uuid.UUID]bool // operations with an unknown end
	free    map[uuid.UUID]bool // operations whose cell was seen free again
	jobs    map[uuid.UUID]int  // papers of each job
	papers  map[uuid.UUID]int  // papers of each operation
	asked   map[uuid.UUID]int  // papers of each operation that a person has asked for
	offered map[uuid.UUID]bool
	shown   uuid.UUID // the confirmed booking that has to be on the screen

	sent map[uuid.UUID]time.Time // when each request was handed over
}

var modelSettings = Settings{
	Hold: 10 * time.Minute, Idle: 90 * time.Second, Warning: 30 * time.Second, Patience: time.Minute, Print: true,
	View: View{Language: "ru"},
}

func newModel() *model {
	m := &model{
		s: Begin(modelSettings), now: time.Now(),
		onDisk: map[uuid.UUID]Stage{}, intents: map[uuid.UUID]bool{}, posts: map[uuid.UUID]int{},
		retryOf: map[uuid.UUID]uuid.UUID{}, unsure: map[uuid.UUID]bool{},
		free: map[uuid.UUID]bool{}, jobs: map[uuid.UUID]int{}, papers: map[uuid.UUID]int{}, asked: map[uuid.UUID]int{},
		offered: map[uuid.UUID]bool{}, sent: map[uuid.UUID]time.Time{},
	}
	return m
}

func (m *model) id() uuid.UUID {
	m.n++
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte{byte(m.n), byte(m.n >> 8)})
}

// give hands one event to the machine and holds what comes of it against the rules.
func (m *model) give(t *rapid.T, e Event) {
	before := m.s
	m.foresee(e)
	s, commands := Update(m.s, m.now, e)
	m.s = s
	for _, c := range commands {
		m.obey(t, before, e, c)
	}
	m.check(t, before, e)
}

// foresee notes what the event allows.
func (m *model) foresee(e Event) {
	switch e := e.(type) {
	case PrintCopy:
		switch {
		case m.s.Step == StepOffer:
			m.asked[m.s.Offers[0].Operation]++
		case m.s.Step == StepTicket || m.s.Step == StepUnconfirmed:
			m.asked[m.s.Booking.Operation]++
		}
	case Recorded:
		if e.Stage == StageIntent && e.Err == nil {
			m.intents[e.Operation] = true
		}
		if e.Stage == StageIntent && e.Err != nil {
			delete(m.onDisk, e.Operation) // there is no booking to be forgotten
		}
	case Rechecked:
		if e.State == CellFree {
			m.free[e.Operation] = true
		}
	}
}

// next are the stages that can follow a stage.
var next = map[Stage][]Stage{
	"":                {StageIntent},
	StageIntent:       {StageUnreachable},
	StageSent:         {StageConfirmed, StageRefused, StageUnreachable, StageUnknown},
	StageUnknown:      {StagePrinting, StageDone},
	StageConfirmed:    {StagePrinting, StageDone},
	StagePrinting:     {StagePrinted, StagePrintFailed, StagePrintUnknown, StageDone},
	StagePrinted:      {StagePrinting, StageDone},
	StagePrintFailed:  {StagePrinting, StageDone},
	StagePrintUnknown: {StagePrinting, StageDone},
}

func (m *model) obey(t *rapid.T, before State, e Event, c Command) {
	switch c := c.(type) {
	case WriteRecord:
		r := c.Record
		was := m.onDisk[r.Operation]
		if !slices.Contains(next[was], r.Stage) {
			t.Fatalf("%v after %v for one operation, because of %T", r.Stage, was, e)
		}
		m.onDisk[r.Operation] = r.Stage
		if r.Stage == StageUnknown {
			m.unsure[r.Operation] = true
		}
		if r.Stage == StageConfirmed && r.Num == "" {
			t.Fatal("a confirmed booking without its number in the journal")
		}
		if r.Stage == StageIntent && m.unsure[r.RetryOf] && !m.free[r.RetryOf] {
			t.Fatal("a second try of an unknown end without a fresh look at the cell")
		}
		if r.Stage == StageIntent && m.retryOf[r.RetryOf] != uuid.Nil {
			t.Fatal("a third try")
		}
		if r.Stage == StageIntent {
			m.retryOf[r.Operation] = r.RetryOf
		}
	case SendReservation:
		id := c.Order.Operation
		m.posts[id]++
		if m.posts[id] > 1 {
			t.Fatal("a second request for one intent")
		}
		if !m.intents[id] {
			t.Fatal("a request without its intent on disk")
		}
		if i := slices.IndexFunc(m.todo, isRequest); i >= 0 {
			t.Fatal("a request while another one of the same patient is unanswered")
		}
		m.onDisk[id], m.sent[id] = StageSent, m.now
	case PrintTicket:
		m.print(t, before, e, c.Paper)
	}
	m.todo = append(m.todo, c)
}

func (m *model) print(t *rapid.T, before State, e Event, p Paper) {
	m.jobs[p.Job]++
	m.papers[p.Operation]++
	if m.jobs[p.Job] > 1 {
		t.Fatal("one job was printed twice")
	}
	unasked := 1
	if m.offered[p.Operation] {
		unasked = 0
	}
	if m.papers[p.Operation] > unasked+m.asked[p.Operation] {
		t.Fatalf("a paper that nobody asked for, because of %T in %v", e, before.Step)
	}
	if m.papers[p.Operation] > 1 && !p.Copy {
		t.Fatal("a second paper that is not marked as a copy")
	}
	if !p.Unconfirmed && p.Ticket.Num == "" {
		t.Fatal("a ticket without a number")
	}
	if p.Unconfirmed && p.Ticket.Num != "" {
		t.Fatal("a slip of an unconfirmed result that promises a number")
	}
	if m.onDisk[p.Operation] != StagePrinting {
		t.Fatal("a paper whose beginning is not on disk")
	}
}

func isRequest(c Command) bool {
	_, ok := c.(SendReservation)
	return ok
}

// remembered reports whether an operation stands somewhere in the state, so that it will be brought to its end.
func (m *model) remembered(op uuid.UUID) bool {
	s := m.s
	return s.Booking.Operation == op ||
		slices.ContainsFunc(s.Offers, func(o Offer) bool { return o.Operation == op }) ||
		slices.ContainsFunc(s.Unjudged, func(r Record) bool { return r.Operation == op }) ||
		slices.ContainsFunc(s.Reconciling, func(r Reconciling) bool { return r.Operation == op }) ||
		slices.ContainsFunc(s.Leaving, func(l Leaving) bool { return l.Operation == op })
}

// check holds the state against what must always be true.
func (m *model) check(t *rapid.T, before State, e Event) {
	s := m.s
	if a, ok := e.(Answered); ok && a.Answer.Verdict == VerdictConfirmed && before.Step == StepReserving &&
		before.Booking.Operation == a.Operation && before.Booking.Stage == StageSent {
		m.shown = a.Operation
	}
	if m.shown != uuid.Nil && (s.Step != StepTicket || s.Booking.Operation != m.shown) {
		left := e == Event(Home{}) || e == Event(Back{})
		ranOut := e == Event(Tick{}) && (before.Booking.HoldOver || before.Booking.Print == PrintDone) &&
			m.now.Sub(before.Touched) >= s.Settings.Idle+s.Settings.Warning
		if !left && !ranOut {
			t.Fatalf("a confirmed booking left the screen because of %T", e)
		}
		m.shown = uuid.Nil
	}
	if s.Step == StepTicket {
		if s.Booking.Stage != StageConfirmed || s.Booking.Ticket.Num == "" {
			t.Fatal("a ticket screen without a confirmed number")
		}
		if s.Booking.Hold.Left(m.now) > s.Settings.Hold {
			t.Fatal("a hold longer than the registry's")
		}
	}
	if sent, ok := m.sent[s.Booking.Operation]; ok && s.Booking.Hold.Until.After(sent.Add(s.Settings.Hold)) {
		t.Fatal("a hold that is counted from after the first byte")
	}
	for op, stage := range m.onDisk {
		if !stage.Ends() && !m.remembered(op) {
			t.Fatalf("a booking at %s is forgotten because of %T", stage, e)
		}
	}
	if s.Step == StepTime && s.Day >= len(s.Days) {
		t.Fatal("a day that does not exist")
	}
	if s.Step == StepReserving && s.Warning {
		t.Fatal("an idle question while the registry is being asked")
	}
	if s.Step == StepOffer && len(s.Offers) == 0 {
		t.Fatal("an offer without a booking")
	}
	if atHome(s) && (s.Booking != Booking{} || s.Cell != Cell{} || s.Doctor.Name != "" || s.Specialities != nil) {
		t.Fatalf("something of a visit is left after it: %+v", s)
	}
}

func atHome(s State) bool {
	return s.Step == StepWelcome || s.Step == StepClosed || s.Step == StepOffer
}

// answer makes one of the possible answers to a command.
func (m *model) answer(t *rapid.T, c Command) Event {
	switch c := c.(type) {
	case ListSpecialities:
		return SpecialitiesListed{c.Age, specialitiesOf(rapid.IntRange(0, 3).Draw(t, "specialities"))}
	case ListDoctors:
		return DoctorsListed{c.Speciality, doctorsOf(rapid.IntRange(0, 3).Draw(t, "doctors"))}
	case ListDays:
		return DaysListed{c.Doctor, daysOf(m.now, c.Doctor, rapid.IntRange(0, 3).Draw(t, "days"))}
	case ListAnyDays:
		return AnyDaysListed{
			c.Speciality, daysOf(m.now, guid(rapid.IntRange(0, 2).Draw(t, "doctor")), rapid.IntRange(0, 3).Draw(t, "days")),
		}
	case WriteRecord:
		var err error
		if rapid.IntRange(0, 9).Draw(t, "disk") == 0 {
			err = errDisk
		}
		return Recorded{c.Record.Operation, c.Record.Stage, c.Record.Job, err}
	case SendReservation:
		return Answered{c.Order.Operation, m.verdict(t, m.sent[c.Order.Operation])}
	case Recheck:
		return Rechecked{c.Operation, rapid.SampledFrom([]CellState{CellUnread, CellFree, CellTaken}).Draw(t, "cell")}
	case PrintTicket:
		return PrintEnded{
			Operation: c.Paper.Operation, Job: c.Paper.Job,
			Outcome: rapid.SampledFrom([]PrintState{PrintDone, PrintFailed, PrintUnknown}).Draw(t, "paper"),
		}
	}
	t.Fatalf("no answer for %T", c)
	return nil
}

func (m *model) verdict(t *rapid.T, sent time.Time) Answer {
	a := Answer{Verdict: Verdict(rapid.IntRange(0, 4).Draw(t, "verdict")), From: sent}
	switch a.Verdict {
	case VerdictConfirmed:
		a.Ticket = Ticket{Num: "008", GUID: m.id()}
	case VerdictRefused:
		a.Refusal = Refusal{Meaning: Meaning(rapid.IntRange(0, int(MeaningAccess)).Draw(t, "meaning")), HTTPStatus: 400}
	case VerdictBusy:
		a.After = time.Duration(rapid.IntRange(1, 90).Draw(t, "after")) * time.Second
	case VerdictUnknown, VerdictUnreachable:
	}
	return a
}

// answerable are the commands that can be answered next: records in their order, everything else at any time.
func (m *model) answerable() []int {
	var open []int
	record := false
	for i, c := range m.todo {
		_, isRecord := c.(WriteRecord)
		if isRecord && record {
			continue
		}
		record = record || isRecord
		open = append(open, i)
	}
	return open
}

func (m *model) answerOne(t *rapid.T) {
	open := m.answerable()
	if len(open) == 0 {
		return
	}
	i := rapid.SampledFrom(open).Draw(t, "command")
	e := m.answer(t, m.todo[i])
	m.todo = slices.Delete(m.todo, i, i+1)
	m.old = append(m.old, e)
	m.give(t, e)
}

// tap chooses among what the screen offers, and sometimes what it does not.
func (m *model) tap(t *rapid.T) {
	taps := []Event{
		Start{},
		Back{},
		Home{},
		Touch{},
		PrintCopy{},
		ChooseAnyDoctor{},
		ChangeAge{},
		ChangeDoctor{},
		Confirm{Operation: m.id()},
		ChooseAge{AgeAdult},
		ChooseAge{"?"},
		ChooseDay{1},
		ChooseDay{-7},
	}
	for _, x := range m.s.Specialities {
		taps = append(taps, ChooseSpeciality{x.Code})
	}
	for _, x := range m.s.Doctors {
		taps = append(taps, ChooseDoctor{x.GUID})
	}
	for _, d := range m.s.Days {
		for _, c := range d.Cells {
			taps = append(taps, ChooseCell{c.GUID})
		}
	}
	m.give(t, rapid.SampledFrom(taps).Draw(t, "tap"))
}

// forward taps what leads on to a booking, so that the interesting states are reached often.
func (m *model) forward(t *rapid.T) {
	switch s := m.s; s.Step {
	case StepWelcome:
		m.give(t, Start{})
	case StepAge:
		m.give(t, ChooseAge{AgeAdult})
	case StepSpeciality:
		m.give(t, SpecialitiesListed{s.Age, specialitiesOf(2)})
		m.give(t, ChooseSpeciality{"1"})
	case StepDoctor:
		m.give(t, DoctorsListed{s.Speciality.Code, doctorsOf(2)})
		m.give(t, ChooseDoctor{m.s.Doctors[1].GUID})
	case StepTime:
		if s.Any {
			m.give(t, AnyDaysListed{s.Speciality.Code, daysOf(m.now, m.s.Doctors[1].GUID, 2)})
		} else {
			m.give(t, DaysListed{s.Doctor.GUID, daysOf(m.now, s.Doctor.GUID, 2)})
		}
		m.give(t, ChooseCell{m.s.Days[m.s.Day].Cells[0].GUID})
	case StepCheck, StepUnreachable:
		m.give(t, Confirm{m.id()})
	case StepClosed:
		m.give(t, ServiceChanged{})
	default:
		m.answerOne(t)
	}
}

func (m *model) pass(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "seconds")) * time.Second)
	m.give(t, Tick{})
}

func (m *model) again(t *rapid.T) {
	if len(m.old) > 0 {
		m.give(t, rapid.SampledFrom(m.old).Draw(t, "old answer"))
	}
}

func (m *model) crash(t *rapid.T) {
	stages := []Stage{
		StageIntent,
		StageSent,
		StageConfirmed,
		StagePrinting,
		StagePrinted,
		StagePrintFailed,
		StagePrintUnknown,
		StageUnknown,
	}
	r := Record{
		Operation: m.id(),
		Stage:     rapid.SampledFrom(stages).Draw(t, "stage"),
		HoldUntil: m.now.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "held")) * time.Minute),
	}
	if rapid.Bool().Draw(t, "doctor") {
		r.Doctor = m.id()
	}
	if !slices.Contains([]Stage{StageIntent, StageSent, StageUnknown}, r.Stage) {
		r.Num = "008"
	}
	if r.Stage != StageConfirmed {
		r.Job = m.id()
		m.papers[r.Operation] = 1 // an earlier life may have printed it
		m.asked[r.Operation] = 1
	}
	m.onDisk[r.Operation] = r.Stage
	m.offered[r.Operation] = true
	m.give(t, Recovered{Records: []Record{r}})
}

func TestVisitKeepsItsPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel()
		m.give(t, ServiceChanged{})
		t.Repeat(map[string]func(*rapid.T){
			"answer":   m.answerOne,
			"answer2":  m.answerOne,
			"forward":  m.forward,
			"forward2": m.forward,
			"forward3": m.forward,
			"tap":      m.tap,
			"time":     m.pass,
			"again":    m.again,
			"crash":    m.crash,
			"sleep": func(t *rapid.T) {
				m.give(t, Slept{time.Duration(rapid.IntRange(1, 900).Draw(t, "slept")) * time.Second})
			},
			"clock": func(t *rapid.T) {
				m.give(
					t,
					ClockMeasured{
						RegistryClock{Skew: time.Duration(rapid.IntRange(-600, 600).Draw(t, "skew")) * time.Second, Known: true},
					},
				)
			},
			"service": func(t *rapid.T) {
				m.give(
					t,
					ServiceChanged{Service{Down: rapid.SampledFrom([]Reason{"", ReasonTimetable, ReasonAccess}).Draw(t, "down")}},
				)
			},
		})
	})
}

// TestEveryWayLeadsHome takes the machine anywhere, then lets the world answer what it still owes and takes one of
// the two ways home.
func TestEveryWayLeadsHome(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel()
		m.give(t, ServiceChanged{})
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			rapid.SampledFrom([]func(*rapid.T){m.forward, m.forward, m.tap, m.answerOne, m.pass, m.crash}).Draw(t, "step")(t)
		}
		byTap := rapid.Bool().Draw(t, "by tap")
		offers := len(m.s.Offers)
		// The longest stay: the whole patience of a busy registry, the hold, and the idle time after it.
		s := m.s.Settings
		end := m.now.Add(s.Patience + s.Hold + 2*(s.Idle+s.Warning))
		for !atHome(m.s) && m.now.Before(end) {
			for len(m.todo) > 0 {
				m.answerOne(t)
			}
			if byTap && m.s.Step != StepReserving {
				m.give(t, Home{})
				break
			}
			m.now = m.now.Add(time.Second)
			m.give(t, Tick{})
		}
		if !atHome(m.s) {
			t.Fatalf("still in %v with by tap = %v", m.s.Step, byTap)
		}
		if len(m.s.Offers) != offers {
			t.Fatal("the way home lost an offered booking")
		}
	})
}
