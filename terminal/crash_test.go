package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"infomat/apiclient"
	"infomat/apiclient/registrysim"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/registry"
	"infomat/device/escpos"
	"infomat/device/virtual"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/journal"
)

// crashSite is a terminal's surroundings, which outlive its lives: the registry and the printer, whose books judge.
type crashSite struct {
	dir, config, journal string
	sim                  *registrysim.Registry
	server               *httptest.Server
	profile              escpos.Profile
	printers             []*virtual.Printer // the last is the one that is plugged in
	cells                []schedule.Cell
	doctors              map[uuid.UUID]uuid.UUID // by cell
}

// tester is what testing.T and rapid.T have in common.
type tester interface {
	Fatalf(format string, args ...any)
	Helper()
}

func newCrashSite(t tester) *crashSite {
	t.Helper()
	s := &crashSite{doctors: map[uuid.UUID]uuid.UUID{}}
	if err := s.build(); err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

func (s *crashSite) build() (err error) {
	if s.dir, err = os.MkdirTemp("", "infomat-crash-"); err != nil {
		return err
	}
	if s.sim, err = registrysim.New(registrysim.Options{}); err != nil {
		return err
	}
	s.server = httptest.NewServer(s.sim)
	if s.profile, err = escpos.ByName("epson"); err != nil {
		return err
	}
	s.config, s.journal = filepath.Join(s.dir, "infomat.toml"), filepath.Join(s.dir, "journal.db")
	text := fmt.Sprintf(
		"[registry]\nurl = %q\nlpu_guid = %q\ntimeout = \"1s\"\n"+
			"[printer]\nport = %q\nbaud = 115200\ntimeout = \"1s\"\n[journal]\npath = %q\n",
		s.server.URL,
		s.sim.LPU(),
		filepath.Join(s.dir, "printer"),
		s.journal,
	)
	return errors.Join(os.WriteFile(s.config, []byte(text), 0o600), s.plugIn(virtual.Options{}), s.readCells())
}

// plugIn puts another printer at the port.
func (s *crashSite) plugIn(o virtual.Options) error {
	o.Profile = s.profile
	p, err := virtual.Start(o)
	if err != nil {
		return err
	}
	s.printers = append(s.printers, p)
	port := filepath.Join(s.dir, "printer")
	if err := os.Remove(port); err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.Symlink(p.Path(), port)
}

func (s *crashSite) readCells() error {
	client, err := apiclient.New(apiclient.Config{BaseURL: s.server.URL, LPU: s.sim.LPU(), Timeout: 10 * time.Second})
	if err != nil {
		return err
	}
	defer client.Close()
	conf, err := config.Default()
	if err != nil {
		return err
	}
	window := schedule.Window{Days: conf.Schedule.Days}
	source := registry.New(client, registryOptions(conf.Schedule.Registry), window)
	c, err := source.Catalogue(context.Background())
	if err != nil {
		return err
	}
	now := time.Now().Add(time.Hour)
	for _, sp := range c.Specialities(apiclient.Adult, now) {
		for _, d := range c.Doctors(sp.Code, apiclient.Adult, now) {
			for _, cell := range c.Cells(d.GUID, now) {
				s.cells = append(s.cells, cell)
				s.doctors[cell.GUID] = d.GUID
			}
		}
	}
	return nil
}

func (s *crashSite) close() {
	s.server.CloseClientConnections()
	s.server.Close()
	for _, p := range s.printers {
		_ = p.Close() // some have been pulled
	}
	_ = os.RemoveAll(s.dir)
}

// plan completes a plan with a cell of its own.
func (s *crashSite) plan(c crashPlan) crashPlan {
	cell := s.cells[0]
	s.cells = s.cells[1:]
	c.Config, c.Cell, c.Doctor, c.Begin = s.config, cell.GUID, s.doctors[cell.GUID], cell.Begin
	return c
}

// live lets a terminal live its life, and tells whether it came to its end. killAfter kills it from outside; 0:
// not at all.
func (s *crashSite) live(t tester, c crashPlan, killAfter time.Duration) (whole bool) {
	t.Helper()
	plan, err := json.Marshal(c)
	if err != nil {
		t.Fatalf("%v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), crashVariable+"="+string(plan))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v", err)
	}
	if killAfter > 0 {
		timer := time.AfterFunc(killAfter, func() { _ = cmd.Process.Kill() })
		defer timer.Stop()
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		t.Fatalf("a life of %+v did not end: %s", c, errs.String())
	}
	var exited *exec.ExitError
	if errors.As(err, &exited) {
		if w, ok := exited.Sys().(syscall.WaitStatus); ok && w.Signal() == syscall.SIGKILL {
			return false
		}
	}
	if err != nil {
		t.Fatalf("a life of %+v: %v\n%s", c, err, errs.String())
	}
	return true
}

// past is what the journal says of one operation.
type past struct {
	stages  map[kiosk.Stage]int
	last    kiosk.Stage
	num     string
	ticket  uuid.UUID
	retryOf uuid.UUID
	cell    kiosk.CellState
}

// pasts reads the journal.
func (s *crashSite) pasts(t tester) map[uuid.UUID]*past {
	t.Helper()
	all := map[uuid.UUID]*past{}
	if _, err := os.Stat(s.journal); os.IsNotExist(err) {
		return all // killed before it was made
	}
	err := journal.Read(s.journal, func(e journal.Entry) error {
		if e.Record == nil {
			return nil
		}
		p := all[e.Operation]
		if p == nil {
			p = &past{stages: map[kiosk.Stage]int{}}
			all[e.Operation] = p
		}
		p.stages[e.Stage]++
		p.last = e.Stage
		if e.Stage == kiosk.StageIntent {
			p.retryOf = e.RetryOf
		}
		if e.Stage == kiosk.StageConfirmed {
			p.num, p.ticket = e.Num, e.Ticket
		}
		if e.CellState != "" {
			p.cell = e.CellState
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return all
}

// papers are the texts of all that was printed for an operation, by the code that stands on it, in their order.
func (s *crashSite) papers() map[string][]string {
	all := map[string][]string{}
	for _, printer := range s.printers {
		for _, p := range printer.Papers() {
			text := p.Text()
			for word := range strings.FieldsSeq(text) {
				if len(word) == 9 && word[4] == '-' && strings.ToUpper(word) == word {
					all[word] = append(all[word], text)
					break
				}
			}
		}
	}
	return all
}

// judge holds the journal against the registry's and the printer's own books.
func (s *crashSite) judge(t tester, whole bool) {
	t.Helper()
	pasts := s.pasts(t)
	booked := map[string]registrysim.Booking{}
	for _, b := range s.sim.Bookings() {
		if _, twice := booked[b.RequestID]; twice {
			t.Fatalf("operation %s is in the registry's books twice", b.RequestID)
		}
		booked[b.RequestID] = b
		p := pasts[uuid.MustParse(b.RequestID)]
		if p == nil || p.stages[kiosk.StageSent] == 0 {
			t.Fatalf("the registry has a booking of %s, and the journal does not know that it was asked for", b.RequestID)
		}
	}
	papers := s.papers()
	for op, p := range pasts {
		s.judgeBooking(t, op, p, booked)
		s.judgePaper(t, op, p, papers[kiosk.Code(op)])
		if whole && p.last != kiosk.StageDone && p.last != kiosk.StageRefused && p.last != kiosk.StageUnreachable {
			t.Fatalf("operation %s was left at %s by a life that came to its end", op, p.last)
		}
	}
}

func (s *crashSite) judgeBooking(t tester, op uuid.UUID, p *past, booked map[string]registrysim.Booking) {
	t.Helper()
	b, isBooked := booked[op.String()]
	posts := s.sim.Posts(op.String())
	switch {
	case posts > 1:
		t.Fatalf("%d requests for %s", posts, op)
	case posts > p.stages[kiosk.StageSent]:
		t.Fatalf("a request for %s that the journal does not know", op)
	case p.num != "" && (!isBooked || b.Num != p.num || b.Ticket != p.ticket):
		t.Fatalf("%s is confirmed in the journal with %s, the registry has %+v", op, p.num, b)
	case isBooked && (p.stages[kiosk.StageRefused] > 0 || p.stages[kiosk.StageUnreachable] > 0):
		t.Fatalf("%s is booked, and the journal says that it is not: %v", op, p.stages)
	case isBooked && p.cell == kiosk.CellFree:
		t.Fatalf("%s is booked, and was found free", op)
	}
	if _, first := booked[p.retryOf.String()]; isBooked && first {
		t.Fatalf("%s and the operation that it tries once more are both booked", op)
	}
}

func (s *crashSite) judgePaper(t tester, op uuid.UUID, p *past, papers []string) {
	t.Helper()
	if len(papers) < p.stages[kiosk.StagePrinted] {
		t.Fatalf("%s was said to be printed %d times, and there are %d papers", op, p.stages[kiosk.StagePrinted], len(papers))
	}
	if len(papers) > p.stages[kiosk.StagePrinting] {
		t.Fatalf("%d papers of %s, and the journal knows of %d", len(papers), op, p.stages[kiosk.StagePrinting])
	}
	for i, text := range papers {
		if p.num != "" && !strings.Contains(text, "ТАЛОН № "+p.num) {
			t.Fatalf("the paper of %s has another number than %s:\n%s", op, p.num, text)
		}
		if p.num == "" && strings.Contains(text, "ТАЛОН № ") {
			t.Fatalf("a ticket for %s, which nobody has confirmed:\n%s", op, text)
		}
		if p.num != "" && i > 0 && !strings.Contains(text, "КОПИЯ") {
			t.Fatalf("a second ticket of %s that is not marked as a copy:\n%s", op, text)
		}
	}
}

// quiet is a life that only recovers: it must not ask the registry for anything, nor print.
func (s *crashSite) quiet(t tester) {
	t.Helper()
	before := s.counted(t)
	whole := s.live(t, s.plan(crashPlan{}), 0)
	s.judge(t, whole)
	if after := s.counted(t); after != before {
		t.Fatalf("a restart has done something by itself: %s, then %s", before, after)
	}
}

func (s *crashSite) counted(t tester) string {
	t.Helper()
	posts, papers := 0, 0
	for op := range s.pasts(t) {
		posts += s.sim.Posts(op.String())
	}
	for _, p := range s.papers() {
		papers += len(p)
	}
	return fmt.Sprintf("%d bookings, %d requests, %d papers", len(s.sim.Bookings()), posts, papers)
}

// TestKilledAtEveryRecord kills a terminal before and after each record of a visit with a copy, and again at
// each record of the life after it, which prints what is offered. Both times the books judge.
func TestKilledAtEveryRecord(t *testing.T) {
	for name, after := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // a life mostly waits
			killAtEveryRecord(t, after)
		})
	}
}

func killAtEveryRecord(t *testing.T, after bool) {
	s := newCrashSite(t)
	defer s.close()
	for n := 1; ; n++ {
		whole := s.live(t, s.plan(crashPlan{Kill: n, After: after, Book: true, Copy: true}), 0)
		s.judge(t, whole)
		if whole {
			t.Logf("a visit with a copy has %d records", n-1)
			return
		}
		for again := 1; !whole; again++ {
			whole = s.live(t, s.plan(crashPlan{Kill: again, After: !after, Accept: again < 4}), 0)
			s.judge(t, whole)
		}
		s.quiet(t)
	}
}

// crashRounds is how many sequences of lives TestWeather plays: a few in the ordinary tests, as many as one
// likes in a soak.
func crashRounds() int {
	if n, err := strconv.Atoi(os.Getenv("INFOMAT_CRASH_ROUNDS")); err == nil {
		return n
	}
	return 8
}

// Weather of a terminal: what goes wrong with the network and with the printer.
var (
	networkWeather = []registrysim.Fault{
		{},
		{},
		{},
		{Kind: registrysim.ResetBefore},
		{Kind: registrysim.ResetAfter},
		{Kind: registrysim.Cut},
		{Kind: registrysim.Garbage},
		{Kind: registrysim.Empty},
		{Kind: registrysim.Status, Code: "500"},
		{Kind: registrysim.Refuse, Code: "4009"},
		{Kind: registrysim.Refuse, Code: "4008"},
		{Kind: registrysim.Delay, Delay: 300 * time.Millisecond},
		{Kind: registrysim.Delay, Delay: 3 * time.Second},
		{Kind: registrysim.Drip, Delay: time.Millisecond},
	}
	printerWeather = []virtual.Fault{
		virtual.None,
		virtual.None,
		virtual.None,
		virtual.PaperLow,
		virtual.PaperOut,
		virtual.CoverOpen,
		virtual.Silent,
		virtual.Offline,
	}
)

// TestWeather plays sequences of lives in which everything goes wrong at random: the network before, during and
// after the answer, the printer, its cable, and kill -9 at a record or at any moment. A failing seed plays the
// same weather again.
func TestWeather(t *testing.T) {
	const sites = 2 // side by side: a life mostly waits
	if err := flag.Set("rapid.checks", strconv.Itoa(max(1, crashRounds()/sites))); err != nil {
		t.Fatal(err)
	}
	for i := range sites {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, playWeather)
		})
	}
}

func playWeather(t *rapid.T) {
	s := newCrashSite(t)
	defer s.close()
	for range rapid.IntRange(1, 6).Draw(t, "lives") {
		s.weather(t)
		after := rapid.SampledFrom([]int{0, 0, 0, 50, 100, 150, 200, 300, 500}).Draw(t, "kill after ms")
		whole := s.live(t, s.plan(crashPlan{
			Kill:   rapid.IntRange(0, 9).Draw(t, "kill at record"),
			After:  rapid.Bool().Draw(t, "after it"),
			Accept: rapid.Bool().Draw(t, "accept"),
			Book:   rapid.IntRange(0, 4).Draw(t, "book") > 0,
			Copy:   rapid.Bool().Draw(t, "copy"),
		}), time.Duration(after)*time.Millisecond)
		s.judge(t, whole)
	}
	s.sim.ClearFaults()
	s.quiet(t)
}

// weather changes what is wrong.
func (s *crashSite) weather(t *rapid.T) {
	s.sim.ClearFaults()
	if f := rapid.SampledFrom(networkWeather).Draw(t, "network"); f.Kind != "" {
		f.Times = rapid.SampledFrom([]int{1, 2}).Draw(t, "times")
		s.sim.AddFault(f)
	}
	if rapid.IntRange(0, 5).Draw(t, "timetable") == 0 {
		s.sim.AddFault(registrysim.Fault{Kind: registrysim.ResetBefore, Method: "GET", Times: 1})
	}
	if rapid.IntRange(0, 3).Draw(t, "another printer") == 0 {
		cut := rapid.SampledFrom([]int{0, 20, 200, 600, 1200}).Draw(t, "pulled after bytes")
		if err := s.plugIn(virtual.Options{CutAt: cut}); err != nil {
			t.Fatalf("%v", err)
		}
	}
	printer := s.printers[len(s.printers)-1]
	printer.SetFault(rapid.SampledFrom(printerWeather).Draw(t, "printer"))
}

// cyrillic is a text in Cyrillic letters. One letter alone is none: two bytes of a checksum can look like it.
var cyrillic = regexp.MustCompile(`[А-Яа-яЁё]{2,}`)

// TestNoNameReachesTheJournal looks for what the registry says of people in the journal's bytes.
func TestNoNameReachesTheJournal(t *testing.T) {
	t.Parallel()
	s := newCrashSite(t)
	defer s.close()
	for _, f := range []registrysim.Fault{{}, {Kind: registrysim.Refuse, Code: "4008"}, {Kind: registrysim.Garbage}} {
		if f.Kind != "" {
			s.sim.AddFault(f)
		}
		s.live(t, s.plan(crashPlan{Book: true}), 0)
	}
	var data []byte
	files, err := filepath.Glob(filepath.Join(s.journal, "*"))
	for _, f := range files {
		one, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		data = append(data, one...)
	}
	if err != nil {
		t.Fatal(err)
	}
	if found := cyrillic.Find(data); found != nil {
		t.Errorf("the journal has a text in Cyrillic letters, %d bytes long: it has no place for a name", len(found))
	}
	if !bytes.Contains(data, []byte("CONFIRMED")) {
		t.Error("nothing was booked")
	}
}
