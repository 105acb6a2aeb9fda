package main_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"infomat/apiclient/registrysim"
	"infomat/device/virtual"
	"infomat/kiosk/pin"
)

// finding is the finding of one check in the output of diag.
type finding struct{ Check, Finding, Level, Title, Text, Detail string }

// diagnosis is the JSON output of diag.
type diagnosis struct {
	CanServe bool
	Verdict  string
	Findings []finding
}

// of returns the finding of a check.
func (d diagnosis) of(check string) finding {
	for _, f := range d.Findings {
		if f.Check == check {
			return f
		}
	}
	return finding{}
}

// diag runs the command diag and parses its output.
func (s *site) diag(more ...string) (diagnosis, result) {
	s.t.Helper()
	r := infomat(s.t, append([]string{"diag", "--json", "--config", s.config}, more...)...)
	var d diagnosis
	if err := json.Unmarshal([]byte(r.out), &d); err != nil {
		s.t.Fatalf("standard output is %q (%v), standard error %q, code %d", r.out, err, r.err, r.code)
	}
	for _, f := range d.Findings {
		if f.Text == "" || strings.Contains(f.Text+f.Title, "⟦") || strings.Contains(f.Text, "<no value>") {
			s.t.Errorf("%s %s has no text: %q, %q", f.Check, f.Finding, f.Title, f.Text)
		}
	}
	return d, r
}

// TestDiagFindings checks the finding and the exit code for each fault of the registry, the network and the
// printer.
func TestDiagFindings(t *testing.T) {
	const unreachable, refused, noPaper, unexpected = 6, 3, 5, 1
	for name, c := range map[string]struct {
		spoil func(s *site)
		check string
		kind  string
		code  int
	}{
		"nothing":        {func(*site) {}, "access", "ok", 0},
		"no such name":   {func(s *site) { s.url = "https://registry.invalid" }, "dns", "no_such_name", unreachable},
		"nobody listens": {func(s *site) { s.url = "http://127.0.0.1:9" }, "tcp", "refused", unreachable},
		"http called https": {
			func(s *site) { s.url = strings.Replace(s.url, "http:", "https:", 1) }, "tls", "not_tls", unreachable,
		},
		"unknown authority": {serveTLS, "tls", "untrusted", unreachable},
		"the line breaks":   {fault(registrysim.Fault{Kind: registrysim.ResetBefore}), "http", "cut", unreachable},
		"the registry is silent": {
			fault(registrysim.Fault{Kind: registrysim.Delay, Delay: 1 << 40}), "http", "timeout", unreachable,
		},
		"the registry fails": {
			fault(registrysim.Fault{Kind: registrysim.Status, Code: "502"}), "http", "server_error", unreachable,
		},
		"another server answers": {fault(registrysim.Fault{Kind: registrysim.Garbage}), "http", "unreadable", unreachable},
		"the registry is busy": {
			fault(registrysim.Fault{Kind: registrysim.Status, Code: "429", RetryAfter: 5}), "access", "busy", 0,
		},
		"the timetable fails": {func(s *site) {
			s.sim.AddFault(registrysim.Fault{Kind: registrysim.Status, Code: "500", Method: http.MethodGet, Times: -1})
		}, "timetable", "server_error", unexpected},
		"the clock": {func(s *site) { s.serve(wrongClock{s.sim}) }, "clock", "wrong", 0}, // the terminal can still serve
		"the signature": {
			fault(registrysim.Fault{Kind: registrysim.Refuse, Code: "5009"}), "access", "signature", refused,
		},
		"the client's code": {fault(registrysim.Fault{Kind: registrysim.Refuse, Code: "5403"}), "access", "client", refused},
		"http on https":     {answerPosts(400, httpsPort), "http", "unreadable", unreachable},
		"no such method":    {answerPosts(405, ""), "http", "unreadable", unreachable},
		"a proxy's login":   {answerPosts(407, ""), "http", "unreadable", unreachable},
		"a proxy's refusal": {answerPosts(403, "<html>"), "access", "refused", refused},
		"another address": {
			fault(registrysim.Fault{Kind: registrysim.Status, Code: "404"}), "access", "not_found", refused,
		},

		"paper low":    {printerFault(virtual.PaperLow), "printer", "low", 0},
		"paper out":    {printerFault(virtual.PaperOut), "printer", "out", noPaper},
		"cover open":   {printerFault(virtual.CoverOpen), "printer", "cover", noPaper},
		"cutter":       {printerFault(virtual.Cutter), "printer", "fault", noPaper},
		"offline":      {printerFault(virtual.Offline), "printer", "offline", noPaper},
		"switched off": {printerFault(virtual.Silent), "printer", "silent", noPaper},
		"no port":      {func(s *site) { s.port = filepath.Join(s.dir, "ttyUSB9") }, "printer", "no_port", noPaper},
		"a file":       {func(s *site) { s.port = s.config }, "printer", "not_tty", noPaper},

		"no PIN": {func(*site) {}, "pin", "none", 0},
		"a PIN file that is none": {func(s *site) {
			s.more = "[service]\npin_file = \"pin\"\n"
			write(s.t, filepath.Join(s.dir, "pin"), "123456")
		}, "pin", "unreadable", 0},
		"a damaged journal": {func(s *site) {
			write(s.t, filepath.Join(s.dir, "journal.db"), strings.Repeat("no journal ", 900))
		}, "journal", "unreadable", unexpected},
		"no journal yet": {func(*site) {}, "journal", "none", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			c.spoil(s)
			s.write()
			d, r := s.diag()
			if f := d.of(c.check); f.Finding != c.kind {
				t.Errorf("%s is %q (%s), want %q", c.check, f.Finding, f.Detail, c.kind)
			}
			if r.code != c.code || d.CanServe != (c.code == 0) {
				t.Errorf("exit code %d, can serve %v; want code %d\n%s", r.code, d.CanServe, c.code, r.err)
			}
		})
	}
}

// fault adds a permanent fault to the registry.
func fault(f registrysim.Fault) func(*site) {
	return func(s *site) {
		f.Times = -1
		s.sim.AddFault(f)
	}
}

// httpsPort is the answer of nginx to plain HTTP on an HTTPS port.
const httpsPort = "<html><center>The plain HTTP request was sent to HTTPS port</center></html>"

// answerPosts puts a server before the registry that answers each reservation itself.
func answerPosts(status int, body string) func(*site) {
	return func(s *site) {
		s.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				s.sim.ServeHTTP(w, r)
				return
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}))
	}
}

// wrongClock is a registry whose clock is ten minutes slow.
type wrongClock struct{ http.Handler }

func (s wrongClock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", time.Now().Add(-10*time.Minute).UTC().Format(http.TimeFormat))
	s.Handler.ServeHTTP(w, r)
}

func printerFault(f virtual.Fault) func(*site) { return func(s *site) { s.printer.SetFault(f) } }

// serveTLS serves the registry over TLS with a certificate of an unknown authority.
func serveTLS(s *site) {
	server := httptest.NewUnstartedServer(s.sim)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshake fails on purpose
	server.StartTLS()
	s.t.Cleanup(server.Close)
	s.url = server.URL
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDiagTextOutput checks the table in the language of the screen, and the progress on standard error.
func TestDiagTextOutput(t *testing.T) {
	s := newSite(t)
	s.printer.SetFault(virtual.PaperOut)
	r := infomat(t, "diag", "--config", s.config)
	if !strings.Contains(r.out, "Бумаги нет.") || !strings.Contains(r.out, "Терминал работать не может.") ||
		strings.Count(r.err, "\n") != 14 {
		t.Errorf("%s\n%s", r.out, r.err)
	}
	r = infomat(t, "diag", "--config", s.config, "--lang", "en")
	if !strings.Contains(r.out, "There is no paper.") || r.code != 5 {
		t.Errorf("code %d\n%s", r.code, r.out)
	}
	if r := infomat(t, "diag", "--config", s.config, "--lang", "xx"); r.code != 2 || !strings.Contains(r.err, "en, ru") {
		t.Errorf("code %d, %s", r.code, r.err)
	}
}

// TestBundle checks that a bundle has all its files and holds no secrets and no identifiers of a patient's
// booking.
func TestBundle(t *testing.T) {
	s := newSite(t)
	s.more = "[registry.auth]\ntoken_file = \"token\"\n"
	write(t, filepath.Join(s.dir, "token"), "very-secret-token")
	s.write()
	cell, err := s.sim.FreeCell("ADULT")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := s.reserve(cell)
	if b.Outcome != "reserved" {
		t.Fatalf("%+v", b)
	}
	bundle := filepath.Join(t.TempDir(), "b.zip")
	s.diag("--bundle", bundle)
	parts := unzip(t, bundle)
	for _, name := range []string{"report.json", "report.html", "infomat.toml", "journal.jsonl", "log.txt", "system.txt"} {
		if parts[name] == "" {
			t.Errorf("%s is missing or empty", name)
		}
	}
	if !strings.Contains(parts["journal.jsonl"], b.Operation) || !strings.Contains(parts["journal.jsonl"], "PRINTED") {
		t.Errorf("the journal in the bundle lacks the booking:\n%s", parts["journal.jsonl"])
	}
	for name, text := range parts {
		for _, secret := range []string{"very-secret-token", b.TicketGUID, cell.String(), `"num"`, `"begin"`} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
	}
	if r := infomat(t, "diag", "--config", s.config, "--bundle", filepath.Join(s.dir, "no", "b.zip")); r.code != 2 ||
		!strings.Contains(r.err, "--bundle") {
		t.Errorf("code %d, %s", r.code, r.err)
	}
}

// unzip returns the files of an archive by name.
func unzip(t *testing.T, name string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(data)
	}
	return parts
}

// TestDiagAsksControlSocket checks that diag asks a running terminal for the state of the printer, because the
// terminal has opened the printer's port.
func TestDiagAsksControlSocket(t *testing.T) {
	s := newSite(t)
	l, err := net.Listen("unix", filepath.Join(s.dir, "control.sock"))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"check":"printer","finding":"jammed","level":"failure",`+
			`"detail":"jam\u001b]0;all is well\u0007\u009b2J\r\nPrinter  ok"}`)
	})}
	go func() { _ = server.Serve(l) }() // ends with Close
	t.Cleanup(func() { _ = server.Close() })
	if d, r := s.diag(); d.of("printer").Finding != "jammed" || r.code != 5 {
		t.Errorf("%+v, code %d", d.of("printer"), r.code)
	}
	for _, flags := range [][]string{nil, {"--json"}} {
		r := infomat(t, append([]string{"diag", "--config", s.config}, flags...)...)
		control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
		if out := r.out + r.err; strings.ContainsFunc(out, control) || strings.Contains(out, "\nPrinter  ok") {
			t.Errorf("%v: what the socket tells reaches the console as it is: %q", flags, out)
		}
	}
}

// TestDiagOfRunningTerminal checks diag with a real terminal in a window, and again after it has ended.
func TestDiagOfRunningTerminal(t *testing.T) {
	s := newSite(t)
	terminal := s.run()
	terminal.wait("first frame")
	socket := filepath.Join(s.dir, "control.sock")
	if d, r := s.diag(); d.of("printer").Finding != "ok" || d.of("journal").Finding != "ok" || r.code != 0 {
		t.Errorf("printer %+v, journal %+v, code %d", d.of("printer"), d.of("journal"), r.code)
	}
	s.printer.SetFault(virtual.CoverOpen)
	if d, r := s.diag(); d.of("printer").Finding != "cover" || r.code != 5 {
		t.Errorf("%+v, code %d", d.of("printer"), r.code)
	}
	if info, err := os.Stat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the control socket: %v, %v; want 0600", info, err)
	}
	terminal.end()
	s.printer.SetFault(virtual.None)
	if d, r := s.diag(); d.of("printer").Finding != "ok" || r.code != 0 {
		t.Errorf("after the end of the terminal: %+v, code %d", d.of("printer"), r.code)
	}
}

func TestPIN(t *testing.T) {
	s := newSite(t)
	if r := infomat(t, "pin", "--config", s.config); r.code != 2 || !strings.Contains(r.err, "service.pin_file") {
		t.Errorf("without pin_file: code %d, %s", r.code, r.err)
	}
	s.more = "[service]\npin_file = \"pin\"\n"
	s.write()
	for input, want := range map[string]int{
		"": 2, "123456\n": 2, "12a456\n": 2, "402795\n": 2, pin.Random(): 0, pin.Random() + "\r\n": 0,
	} {
		if r := infomatIn(t, input, "pin", "--config", s.config); r.code != want {
			t.Errorf("%q: code %d, want %d: %s", input, r.code, want, r.err)
		}
	}
	if d, _ := s.diag(); d.of("pin").Finding != "ok" {
		t.Errorf("%+v", d.of("pin"))
	}
	write(t, filepath.Join(s.dir, "pin.failures"), "15\n")
	if d, r := s.diag(); d.of("pin").Finding != "locked" || r.code != 0 {
		t.Errorf("%+v, code %d", d.of("pin"), r.code)
	}
	if r := infomat(t, "pin", "--config", s.config, "--unlock"); r.code != 0 {
		t.Errorf("code %d, %s", r.code, r.err)
	}
	if d, _ := s.diag(); d.of("pin").Finding != "ok" {
		t.Errorf("%+v", d.of("pin"))
	}
}
