package main_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/registrysim"
	"infomat/device/virtual"
)

func TestReserveBooksAndPrints(t *testing.T) {
	s := newSite(t)
	b, r := s.reserve(s.free())
	if r.code != 0 || b.Outcome != "reserved" || b.Print != "printed" || b.Num == "" || b.Room == "" {
		t.Fatalf("%d %+v\n%s", r.code, b, r.err)
	}
	until, err := time.Parse(time.RFC3339, b.HoldUntil)
	if left := time.Until(until); err != nil || left > 10*time.Minute || left < 9*time.Minute {
		t.Errorf("held until %q", b.HoldUntil)
	}
	books := s.sim.Bookings()
	if len(books) != 1 || books[0].RequestID != b.Operation || books[0].Ticket.String() != b.TicketGUID ||
		books[0].Minutes != 10 {
		t.Errorf("the registry has the bookings %+v", books)
	}
	if paper := s.paper(); !strings.Contains(paper, "ТАЛОН № "+b.Num) || !strings.Contains(paper, "Кабинет "+b.Room) {
		t.Errorf("the paper is\n%s", paper)
	}
	stages, journal := s.stages()
	if want := []string{"INTENT", "SENT", "CONFIRMED", "PRINTING", "PRINTED"}; !slices.Equal(stages, want) {
		t.Errorf("the journal stages are %v, want %v", stages, want)
	}
	for _, secret := range []string{"врач", "Анатольевна"} { // texts of the registry
		if strings.Contains(journal, secret) || strings.Contains(r.err, secret) {
			t.Errorf("%q reached the journal or the log", secret)
		}
	}
	if table := infomat(t, "journal", "--config", s.config); table.code != 0 || !strings.Contains(table.out, "CONFIRMED") {
		t.Errorf("the table is %q", table.out)
	}
}

func TestReserveSampleAnswer(t *testing.T) {
	s := newSite(t)
	s.serve(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { http.ServeFile(w, q, sampleFile) }))
	s.write()
	b, r := s.reserve(uuid.New())
	if r.code != 0 || b.Num != "008" || b.Room != "202" || b.TicketGUID != "9d8ea16f-205b-4bc7-92e5-752cd84cb0db" {
		t.Fatalf("%d %+v\n%s", r.code, b, r.err)
	}
	if paper := s.paper(); !strings.Contains(paper, "ТАЛОН № 008") || !strings.Contains(paper, "Кабинет 202") {
		t.Errorf("the paper is\n%s", paper)
	}
}

func TestReserveNoPrint(t *testing.T) {
	s := newSite(t)
	b, r := s.reserve(s.free(), "--no-print")
	if r.code != 0 || b.Outcome != "reserved" || b.Print != "skipped" || len(s.printer.Papers()) != 0 {
		t.Errorf("%d %+v", r.code, b)
	}
}

func TestReserveRefused(t *testing.T) {
	s := newSite(t)
	s.sim.AddFault(registrysim.Fault{Kind: registrysim.Refuse, Code: "4008"})
	b, r := s.reserve(s.free())
	if r.code != 3 || b.Outcome != "refused" || b.Code != "4008" || !strings.Contains(b.Message, "Петров Пётр Петрович") ||
		b.Print != "skipped" {
		t.Errorf("%d %+v", r.code, b)
	}
	_, journal := s.stages()
	if strings.Contains(r.err+journal, "Петров") {
		t.Errorf("a patient's name is in the log or in the journal:\n%s\n%s", r.err, journal)
	}
	taken := s.free()
	s.sim.Take(taken)
	if b, r := s.reserve(taken); r.code != 3 || b.Code != "4009" {
		t.Errorf("%d %+v", r.code, b)
	}
}

func TestReserveUnknown(t *testing.T) {
	for _, f := range []registrysim.Fault{
		{Kind: registrysim.Delay, Delay: time.Minute},
		{Kind: registrysim.ResetAfter},
		{Kind: registrysim.Cut},
		{Kind: registrysim.Garbage},
		{Kind: registrysim.Empty},
		{Kind: registrysim.Endless},
		{Kind: registrysim.Status, Code: "500"},
	} {
		t.Run(string(f.Kind), func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.sim.AddFault(f)
			b, r := s.reserve(s.free())
			if r.code != 4 || b.Outcome != "unknown" || b.Num != "" || b.HoldUntil != "" {
				t.Errorf("%d %+v\n%s", r.code, b, r.err)
			}
			if n := s.sim.Posts(b.Operation); n != 1 {
				t.Errorf("%d requests reached the registry", n)
			}
			if strings.Contains(s.paper(), "ТАЛОН №") || s.paper() == "" {
				t.Errorf("the slip is\n%s", s.paper())
			}
		})
	}
}

func TestReserveUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	s.url = "http://" + l.Addr().String()
	s.write()
	l.Close()
	b, r := s.reserve(uuid.New())
	if r.code != 6 || b.Outcome != "unreachable" || b.Print != "skipped" {
		t.Errorf("%d %+v\n%s", r.code, b, r.err)
	}
}

// TestReserveRetriesBusyRegistry checks that reserve waits as long as a busy registry asks for, but not for an
// hour.
func TestReserveRetriesBusyRegistry(t *testing.T) {
	s := newSite(t)
	s.sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "503", RetryAfter: 1})
	if b, r := s.reserve(s.free()); r.code != 0 || b.Outcome != "reserved" {
		t.Errorf("%d %+v\n%s", r.code, b, r.err)
	}
	s.sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "429", RetryAfter: 3600})
	if b, r := s.reserve(s.free()); r.code != 3 || b.Outcome != "refused" {
		t.Errorf("Retry-After of an hour: %d %+v\n%s", r.code, b, r.err)
	}
}

func TestReservePrinterFault(t *testing.T) {
	for name, spoil := range map[string]func(*site){
		"absent":     func(s *site) { s.port = filepath.Join(s.dir, "none"); s.write() },
		"no port":    func(s *site) { s.port = s.config; s.write() },
		"silent":     func(s *site) { s.printer.SetFault(virtual.Silent) },
		"paper out":  func(s *site) { s.printer.SetFault(virtual.PaperOut) },
		"cover open": func(s *site) { s.printer.SetFault(virtual.CoverOpen) },
		"cutter":     func(s *site) { s.printer.SetFault(virtual.Cutter) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			spoil(s)
			b, r := s.reserve(s.free())
			if r.code != 5 || b.Outcome != "reserved" || b.Num == "" || b.Room == "" || b.Print != "failed" {
				t.Errorf("%d %+v\n%s", r.code, b, r.err)
			}
			if len(s.printer.Papers()) != 0 {
				t.Error("something was printed")
			}
			stages, _ := s.stages()
			if stages[len(stages)-1] != "PRINT_FAILED" {
				t.Errorf("the journal stages are %v", stages)
			}
		})
	}
}

func TestReserveHostileTexts(t *testing.T) {
	s := newSite(t)
	long := strings.Repeat("Щ", 100_000)
	answer := `{"num":"0\u001bp\u00000\u001dV08","room":"2\u202e02\ud83d\ude00","ticketGuid":"` +
		`9d8ea16f-205b-4bc7-92e5-752cd84cb0db","docFio":"` + long +
		`","doctorRole":"\u001b@\u0010\u0014","speciality":"\ud83d\ude00\ufffd","lpu":{"name":"` + strings.Repeat(
		"Клиника ",
		10_000,
	) + `"},"beginTime":"2019-04-18T08:45:00+03:00"}`
	s.serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
	s.write()
	b, r := s.reserve(uuid.New())
	if r.code != 0 || b.Print != "printed" {
		t.Fatalf("%d %+v\n%s", r.code, b, r.err)
	}
	if papers := s.printer.Papers(); len(papers) != 1 {
		t.Errorf("%d pieces of paper, want 1", len(papers))
	}
	if n := strings.Count(s.paper(), "\n"); n > 60 {
		t.Errorf("the ticket has %d lines:\n%s", n, s.paper())
	}
	if !strings.Contains(s.paper(), "Кабинет 202") {
		t.Errorf("the room is not readable:\n%s", s.paper())
	}
}

// TestReserveKilledWhileSending checks that a request sent before the process is killed is in the journal, and
// that the next reservation works.
func TestReserveKilledWhileSending(t *testing.T) {
	s := newSite(t)
	cmd, _ := s.reserving()
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // reports the kill
	stages, _ := s.stages()
	if want := []string{"INTENT", "SENT"}; !slices.Equal(stages, want) {
		t.Errorf("the journal stages are %v, want %v", stages, want)
	}
	s.serve(s.sim)
	s.write()
	if b, r := s.reserve(s.free()); r.code != 0 {
		t.Errorf("%d %+v\n%s", r.code, b, r.err)
	}
}

func TestJournalIsLocked(t *testing.T) {
	s := newSite(t)
	first, release := s.reserving()
	r := infomat(t, "reserve", "--config", s.config, "--cell", s.free().String(), "--age", "ADULT")
	if r.code != 1 || !strings.Contains(r.err, "journal") {
		t.Errorf("%d %q", r.code, r.err)
	}
	release()
	if err := first.Wait(); err != nil {
		t.Errorf("the first: %v", err)
	}
}

// A file without which nothing can be booked, or printed, is an error of the settings: nothing is sent.
func TestReserveWithoutItsFiles(t *testing.T) {
	for name, more := range map[string]string{
		"ca_file":       "[registry.tls]\nca_file = \"none\"\n",
		"token_file":    "[registry.auth]\ntoken_file = \"none\"\n",
		"profiles_file": "",
	} {
		s := newSite(t)
		s.more = more
		s.write()
		if name == "profiles_file" {
			text, err := os.ReadFile(s.config)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(text), "[printer]\n", "[printer]\nprofiles_file = \"none\"\n", 1)
			if err := os.WriteFile(s.config, []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r := infomat(t, "reserve", "--config", s.config, "--cell", s.free().String(), "--age", "ADULT")
		if r.code != 2 || !strings.Contains(r.err, name) || r.out != "" || len(s.sim.Bookings()) != 0 {
			t.Errorf("%s: code %d, %q, standard output %q, %d bookings", name, r.code, r.err, r.out, len(s.sim.Bookings()))
		}
	}
}

// Every time is told in the clinic's zone, whatever offset the registry writes and wherever the computer believes to
// be. A computer in UTC was never told: then the registry's offset stands.
func TestTimesAreToldInTheClinicsZone(t *testing.T) {
	sample, err := os.ReadFile(sampleFile)
	if err != nil {
		t.Fatal(err)
	}
	const begin = "2019-04-18T08:45:00+03:00"
	for _, c := range []struct{ computer, clinic, written, told string }{
		{"Europe/Moscow", "", "2019-04-18T05:45:00Z", "08:45"},
		{"Europe/Moscow", "", begin, "08:45"},
		{"Europe/Moscow", "", "2019-04-18T08:45:00", "08:45"},
		{"Asia/Yekaterinburg", "", begin, "10:45"},
		{"Asia/Vladivostok", "Europe/Moscow", "2019-04-18T05:45:00Z", "08:45"},
		{"Asia/Vladivostok", "Europe/Moscow", "2019-04-18T08:45:00", "08:45"},
		{"UTC", "Asia/Yekaterinburg", begin, "10:45"},
		{"UTC", "", begin, "08:45"},
	} {
		t.Run(c.computer+" "+c.clinic+" "+c.written, func(t *testing.T) {
			t.Setenv("TZ", c.computer)
			s := newSite(t)
			s.more = "[clinic]\nzone = \"" + c.clinic + "\"\n"
			s.serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, strings.ReplaceAll(string(sample), begin, c.written))
			}))
			s.write()
			b, r := s.reserve(uuid.New())
			if paper := s.paper(); r.code != 0 || !strings.Contains(paper, c.told) {
				t.Errorf("%d %+v\n%s\n%s", r.code, b, r.err, paper)
			}
		})
	}
}
