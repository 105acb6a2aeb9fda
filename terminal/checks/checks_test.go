package checks

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/assets/lang"
	"infomat/device"
	"infomat/device/line"
	"infomat/device/serialport"
	"infomat/device/usbprinter"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/kiosk/pin"
)

// want fails the test where a finding is of another kind, or where its words are not whole in each language.
func want(t *testing.T, when string, f health.Finding, part health.Part, kind string) {
	t.Helper()
	if f.Part != part || f.Kind != kind || !health.Known(part, kind) {
		t.Errorf("%s: %s %s (%s), want %s %s", when, f.Part, f.Kind, f.Detail, part, kind)
	}
	bundle, err := lang.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"ru", "en"} {
		l, err := bundle.Language(tag)
		if err != nil {
			t.Fatal(err)
		}
		if text := f.Say(l); strings.Contains(text, "⟦") || strings.Contains(text, "<no value>") {
			t.Errorf("%s: %s: the words of %s %s are not whole: %s", when, tag, f.Part, f.Kind, text)
		}
	}
}

func TestDisk(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		free    uint64
		refused error
		kind    string
	}{
		{500 * mb, nil, "ok"},
		{500*mb - 1, nil, "low"},
		{20 * mb, nil, "low"},
		{20*mb - 1, nil, "full"},
		{0, errors.New("no space left on device"), "full"},
		{600 * mb, errors.New("read-only file system"), "read_only"},
	} {
		f := diskOf("/var/lib/infomat", c.free, c.refused)
		want(t, fmt.Sprint(c.free), f, health.PartDisk, c.kind)
		if f.Data["FreeMB"] != c.free/mb || c.refused != nil && f.Detail != c.refused.Error() {
			t.Errorf("%+v", f)
		}
	}
	dir := t.TempDir()
	if f := Disk(dir); f.Part != health.PartDisk || f.Data["Folder"] != dir {
		t.Errorf("%+v", f)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	want(t, "no folder", Disk(filepath.Join(dir, "none")), health.PartDisk, "missing")
	if got := Existing(filepath.Join(dir, "a", "b")); got != dir {
		t.Errorf("%s exists", got)
	}
	if got := Existing(dir); got != dir {
		t.Errorf("%s exists", got)
	}
}

// writer is a journal that answers as it is told.
type writer struct {
	err        error
	used, most int64
	quiet      time.Duration
}

func (w *writer) Progress(quiet time.Duration) error {
	w.quiet = quiet
	return w.err
}
func (w *writer) Used() (int64, int64) { return w.used, w.most }

func TestJournal(t *testing.T) {
	w := &writer{used: 90, most: 100}
	want(t, "room", Journal(w, time.Second), health.PartJournal, "writable")
	if w.quiet != time.Second {
		t.Errorf("asked with %v", w.quiet)
	}
	w.used = 91
	want(t, "no room", Journal(w, time.Second), health.PartJournal, "nearly_full")
	w.err = errors.New("no space left on device")
	f := Journal(w, time.Second)
	want(t, "broken", f, health.PartJournal, "unwritable")
	if f.Closes != kiosk.ReasonJournal || f.Detail != w.err.Error() {
		t.Errorf("%+v", f)
	}
}

func TestJournalFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	want(t, "none yet", JournalFile(name), health.PartJournal, "none")
	j, err := journal.Open(name, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, stages := range [][]kiosk.Stage{
		{kiosk.StageIntent, kiosk.StageSent},
		{kiosk.StageIntent, kiosk.StageUnreachable},
		{kiosk.StageIntent, kiosk.StageSent, kiosk.StageRefused},
		{kiosk.StageIntent, kiosk.StageSent, kiosk.StageConfirmed, kiosk.StageDone},
		{kiosk.StageIntent},
	} {
		operation := uuid.New()
		for _, s := range stages {
			if err := j.Append(t.Context(), kiosk.Record{Operation: operation, Stage: s, At: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(j.Note(t.Context(), journal.KindLife, journal.Note{Subject: "terminal"}),
		j.Close()); err != nil {
		t.Fatal(err)
	}
	f := JournalFile(name)
	want(t, "a journal", f, health.PartJournal, "ok")
	if f.Data["Records"] != 13 || f.Data["Unfinished"] != 2 || f.Data["File"] != "journal.db" {
		t.Errorf("%+v", f)
	}
	empty := t.TempDir()
	want(t, "a first start that was killed", JournalFile(empty), health.PartJournal, "ok")
	if err := os.WriteFile(filepath.Join(empty, "owner"), []byte("closed after record 5"), 0o600); err != nil {
		t.Fatal(err)
	}
	want(t, "no segment is left", JournalFile(empty), health.PartJournal, "unreadable")
}

func TestPrinter(t *testing.T) {
	for name, c := range map[string]struct {
		s    device.Status
		err  error
		kind string
	}{
		"ready": {device.Status{Device: device.DeviceOnline, Paper: device.PaperFull}, nil, "ok"},
		"cannot be asked": {
			device.Status{Device: device.DeviceNotSupported, Paper: device.PaperNotSupported},
			nil,
			"unasked",
		},
		"low":              {device.Status{Device: device.DeviceOnline, Paper: device.PaperLow}, nil, "low"},
		"out":              {device.Status{Device: device.DeviceOnline, Paper: device.PaperOut}, nil, "out"},
		"jammed":           {device.Status{Device: device.DeviceFault, Paper: device.PaperJammed}, nil, "jammed"},
		"cover before out": {device.Status{Device: device.DeviceUser, Paper: device.PaperOut}, nil, "cover"},
		"fault":            {device.Status{Device: device.DeviceFault, Paper: device.PaperFull}, nil, "fault"},
		"offline":          {device.Status{Device: device.DeviceOffline, Paper: device.PaperFull}, nil, "offline"},
		"not asked yet":    {device.Status{}, nil, "unknown"},
		"silent at once":   {device.Status{Device: device.DeviceSilent}, nil, "silent"},
		"silent":           {device.Status{Device: device.DeviceSilent}, errors.New("x"), "silent"},
		"two wires":        {device.Status{Device: device.DeviceOneWay}, errors.New("x"), "one_way"},
		"confirms nothing": {
			device.Status{Device: device.DeviceOnline, Paper: device.PaperFull, Lack: device.LackAnswer}, nil, "unconfirmed",
		},
		"restarts unseen": {
			device.Status{Device: device.DeviceOnline, Paper: device.PaperFull, Lack: device.LackMarker}, nil, "unmarked",
		},
		"low before unseen": {
			device.Status{Device: device.DeviceOnline, Paper: device.PaperLow, Lack: device.LackMarker}, nil, "low",
		},
		"another printer": {device.Status{Device: device.DeviceForeign}, errors.New("x"), "foreign"},
		"no port":         {device.Status{Device: device.DeviceNone}, fmt.Errorf("x: %w", line.ErrNoPort), "no_port"},
		"a file":          {device.Status{Device: device.DeviceNone}, fmt.Errorf("x: %w", serialport.ErrNotTTY), "not_tty"},
		"another USB device": {
			device.Status{Device: device.DeviceNone}, fmt.Errorf("x: %w", usbprinter.ErrNotPrinter), "not_tty",
		},
		"another program's": {device.Status{Device: device.DeviceNone}, fmt.Errorf("x: %w", line.ErrBusy), "busy"},
		"not allowed":       {device.Status{Device: device.DeviceNone}, os.ErrPermission, "denied"},
		"anything else":     {device.Status{Device: device.DeviceOnline}, errors.New("x"), "unknown"},
	} {
		f := Printer("/dev/ttyUSB0", c.s, c.err)
		want(t, name, f, health.PartPrinter, c.kind)
		if ready := c.err == nil && c.s.Ready(); f.NoPaper == ready || f.Closes != "" {
			t.Errorf("%s: %+v", name, f)
		}
		if c.err != nil && f.Detail != c.err.Error() || f.Data["Port"] != "/dev/ttyUSB0" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for outcome, level := range map[device.Outcome]health.Level{
		device.Printed: health.OK, device.Failed: health.Failure,
		device.Unknown: health.Warning,
	} {
		f := Print(device.Result{Outcome: outcome, Err: errors.New("why")})
		want(t, "print", f, health.PartPrint, outcome.String())
		if f.Level != level || f.Detail != "why" {
			t.Errorf("%+v", f)
		}
	}
	want(t, "not begun", NotPrinted(errors.New("why")), health.PartPrint, "failed")
}

func TestClock(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		skew          time.Duration
		known, synced bool
		kind          string
	}{
		{0, true, true, "ok"},
		{5 * s, true, true, "ok"},
		{-6 * s, true, true, "off"},
		{6 * s, true, false, "off"},
		{300 * s, true, true, "off"},
		{301 * s, true, true, "wrong"},
		{-301 * s, true, false, "wrong"},
		{0, true, false, "unsynced"},
		{0, false, false, "unsynced"},
		{time.Hour, false, true, "unknown"},
	} {
		f := clockOf(c.skew, c.known, c.synced)
		want(t, fmt.Sprint(c), f, health.PartClock, c.kind)
		if f.Data["Seconds"] != int(c.skew.Abs()/s) || f.Closes != "" {
			t.Errorf("%+v", f)
		}
	}
	if f := Clock(time.Hour, true); f.Kind != "wrong" {
		t.Errorf("%+v", f)
	}
}

func TestPIN(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pin")
	want(t, "no file is named", PIN(""), health.PartPIN, "none")
	want(t, "no file", PIN(file), health.PartPIN, "none")
	if err := pin.Set(file, pin.Random()); err != nil {
		t.Fatal(err)
	}
	want(t, "set", PIN(file), health.PartPIN, "ok")
	for text, kind := range map[string]string{"15\n": "locked", "x": "unreadable"} {
		if err := os.WriteFile(file+".failures", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want(t, text, PIN(file), health.PartPIN, kind)
	}
}

func TestOperator(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "out-of-service")
	want(t, "no file", Operator(file), health.PartOperator, "ok")
	for text, kind := range map[string]string{
		"repair\n": "repair", "paper": "paper", "clinic": "clinic",
		"something else": "closed", "ok": "closed", " \n": "ok",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want(t, text, Operator(file), health.PartOperator, kind)
	}
	want(t, "a file that cannot be read", Operator(dir), health.PartOperator, "closed")
}

var (
	denied     = &apiclient.RefusalError{HTTPStatus: 403, Code: "5009", Meaning: apiclient.AccessDenied}
	noToken    = &apiclient.RefusalError{HTTPStatus: 401, Meaning: apiclient.AccessDenied}
	notFound   = &apiclient.RefusalError{HTTPStatus: 404}
	noSuchCell = &apiclient.RefusalError{HTTPStatus: 400, Code: "4036", Meaning: apiclient.OurFault}
)

func TestAccess(t *testing.T) {
	want(t, "admitted", Access(nil, nil), health.PartAccess, "ok")
	want(t, "refused", Access(denied, nil), health.PartAccess, "signature")
	want(t, "the timetable", Access(nil, fmt.Errorf("x: %w", denied)), health.PartAccess, "timetable")
	want(t, "another fault of the timetable", Access(nil, noSuchCell), health.PartAccess, "ok")
	want(t, "a reservation", Refused(denied), health.PartAccess, "signature")
	want(t, "a reservation that is refused for itself", Refused(notFound), health.PartAccess,
		"ok")
}

// Only a code of the registry, or an answer that says what it says of the access, proves that the registry answered.
func TestAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		kind   string // of http where the answer is foreign
		status int
		access string
	}{
		"a cell that nobody has": {noSuchCell, "", 0, "ok"},
		"an unknown code":        {&apiclient.RefusalError{HTTPStatus: 400, Code: "4999"}, "", 0, "ok"},
		"a reservation":          {nil, "", 0, "ok"},
		"signature":              {denied, "", 0, "signature"},
		"client": {
			&apiclient.RefusalError{HTTPStatus: 403, Code: "5403", Meaning: apiclient.AccessDenied},
			"", 0, "client",
		},
		"token":                   {noToken, "", 0, "token"},
		"no such address":         {foreign(404), "", 0, "not_found"},
		"forbidden":               {foreign(403), "", 0, "refused"},
		"busy":                    {&apiclient.BusyError{HTTPStatus: 429}, "", 0, "busy"},
		"a page with 400":         {foreign(400), "unreadable", 400, ""},
		"405":                     {foreign(405), "unreadable", 405, ""},
		"407":                     {foreign(407), "unreadable", 407, ""},
		"200 that cannot be read": {&apiclient.UnknownError{HTTPStatus: 200, Err: errors.New("x")}, "unreadable", 200, ""},
		"500": {
			&apiclient.UnknownError{HTTPStatus: 500, Err: errors.New("x")}, "server_error", 500,
			"",
		},
		"502": {
			&apiclient.UnknownError{HTTPStatus: 502, Err: errors.New("x")}, "server_error", 502,
			"",
		},
		"no status":                  {&apiclient.UnknownError{Err: errors.New("x")}, "cut", 0, ""},
		"wrapped, as the client may": {fmt.Errorf("x: %w", foreign(405)), "unreadable", 405, ""},
	} {
		kind, status, foreign := Foreign(c.err)
		if foreign != (c.kind != "") || kind != c.kind || status != c.status {
			t.Errorf("%s: %s %d %v", name, kind, status, foreign)
		}
		if foreign {
			want(t, name, health.New(health.PartHTTP, kind).With(map[string]any{"Status": status}), health.PartHTTP, c.kind)
			continue
		}
		want(t, name, Answer(c.err), health.PartAccess, c.access)
	}
}

// foreign is the client's error for an answer of a status without a code of the registry.
func foreign(status int) error {
	return &apiclient.ForeignAnswerError{Refusal: &apiclient.RefusalError{HTTPStatus: status}}
}

// page is a registry that answers with an error.
type page struct{ err error }

func (p page) Get(context.Context, string, url.Values, any) error { return p.err }
func (p page) LPU() string                                        { return uuid.Nil.String() }

func TestLine(t *testing.T) {
	none := func() Certificates { return Certificates{} }
	want(t, "a page", Line(t.Context(), page{}, none), health.PartRegistry, "ok")
	want(t, "any answer", Line(t.Context(), page{notFound}, none), health.PartRegistry, "ok")
	want(t, "no token", Line(t.Context(), page{fmt.Errorf("x: %w", apiclient.ErrCredentials)}, none),
		health.PartRegistry, "no_credentials")
	broken := &url.Error{Op: "Get", URL: "http://registry", Err: errors.New("connection refused")}
	f := Line(t.Context(), page{fmt.Errorf("x: %w", broken)}, none)
	want(t, "no line", f, health.PartRegistry, "no_line")
	if !strings.Contains(f.Detail, "connection refused") {
		t.Errorf("%+v", f)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	want(t, "no time", Line(ended, page{errors.New("x")}, none), health.PartRegistry, "no_line")
	soon := func() Certificates { return Certificates{Own: time.Now().Add(time.Hour)} }
	want(t, "certificates", Line(t.Context(), page{}, soon), health.PartRegistry, "own_certificate")
}

func TestCertificates(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	in := func(days int) time.Time { return now.Add(time.Duration(days) * 24 * time.Hour) }
	for _, c := range []struct {
		certificates Certificates
		kind         string
		days         any
	}{
		{Certificates{}, "ok", nil},
		{Certificates{in(30), in(30)}, "ok", nil},
		{Certificates{in(29), in(30)}, "own_certificate", 29},
		{Certificates{in(30), in(29)}, "server_certificate", 29},
		{Certificates{in(29), in(1)}, "own_certificate", 29},
		{Certificates{time.Time{}, in(-1)}, "server_certificate", -1},
	} {
		f := c.certificates.Finding(now)
		want(t, fmt.Sprint(c.certificates), f, health.PartRegistry, c.kind)
		if f.Data["Days"] != c.days {
			t.Errorf("%+v", f)
		}
	}
	a, b := apiclient.Health{OwnCertificate: in(5), ServerCertificate: in(9)},
		apiclient.Health{OwnCertificate: in(7), ServerCertificate: in(3)}
	if got := CertificatesOf(a, b, apiclient.Health{}); got != (Certificates{in(5), in(3)}) {
		t.Errorf("%+v", got)
	}
	if got := CertificatesOf(apiclient.Health{}, a); got != (Certificates{in(5), in(9)}) {
		t.Errorf("%+v", got)
	}
}

// shelf is a store of timetables.
type shelf struct {
	c           *schedule.Catalogue
	err, failed error
	loads       int
}

func (s *shelf) Snapshot(time.Time) (*schedule.Catalogue, error) { return s.c, s.err }
func (s *shelf) Err() error                                      { return s.failed }
func (s *shelf) Load(context.Context) error                      { s.loads++; return s.failed }

func TestTimetable(t *testing.T) {
	why := errors.New("HTTP 500")
	want(t, "loading", Timetable(&shelf{err: schedule.ErrNotLoaded}, time.Now()), health.PartTimetable, "loading")
	f := Timetable(&shelf{err: schedule.ErrStale, failed: why}, time.Now())
	want(t, "never read", f, health.PartTimetable, "unreadable")
	if f.Detail != why.Error() || f.Closes != kiosk.ReasonTimetable {
		t.Errorf("%+v", f)
	}
	empty := schedule.NewCatalogue(schedule.Window{Days: 1}, schedule.Parts{AsOf: time.Now().Add(-time.Minute)})
	f = Timetable(&shelf{c: empty}, time.Now())
	want(t, "nothing free", f, health.PartTimetable, "empty")
	if f.Data["Seconds"] != 60 || f.Data["AsOf"] != empty.AsOf.Format("02.01 15:04") || f.Detail != "" {
		t.Errorf("%+v", f)
	}
	f = Timetable(&shelf{c: empty, failed: why}, time.Now())
	want(t, "not read anew", f, health.PartTimetable, "not_renewed")
	if f.Detail != why.Error() || f.Closes != "" {
		t.Errorf("%+v", f)
	}
	want(t, "too old", Timetable(&shelf{c: empty, err: schedule.ErrStale, failed: why}, time.Now()),
		health.PartTimetable, "stale")
	s := &shelf{c: empty}
	f = ReadTimetable(t.Context(), s)
	want(t, "read", f, health.PartTimetable, "empty")
	if s.loads != 1 || f.Data["Seconds"] != 0 {
		t.Errorf("%d readings, %+v", s.loads, f)
	}
	want(t, "not read", ReadTimetable(t.Context(), &shelf{err: schedule.ErrStale, failed: why}), health.PartTimetable,
		"unreadable")
}

// A timetable that is whole is told to be so only where its times, the clinic's zone and the computer's agree; the
// first cause of what is missing is its detail.
func TestTimetableOfAnotherZone(t *testing.T) {
	now := time.Now()
	_, here := now.Zone()
	other := here + 2*60*60
	of := func(zone, written int, missing ...schedule.Dropped) *shelf {
		where := time.FixedZone("", zone)
		doctor := schedule.Doctor{GUID: uuid.New(), Name: "x"}
		cell := schedule.Cell{GUID: uuid.New(), Begin: now.Add(time.Hour).In(where), Offset: written}
		return &shelf{c: schedule.NewCatalogue(schedule.Window{Days: 3, Zone: where}, schedule.Parts{
			AsOf: now, Doctors: []schedule.Doctor{doctor}, Cells: map[uuid.UUID][]schedule.Cell{doctor.GUID: {cell}},
			Dropped: missing,
		})}
	}
	want(t, "one zone", Timetable(of(here, here), now), health.PartTimetable, health.KindOK)
	want(t, "in UTC", Timetable(of(here, 0), now), health.PartTimetable, health.KindOK)
	want(t, "a source in another", Timetable(of(here, other), now), health.PartTimetable, "offsets")
	want(t, "a computer in another", Timetable(of(other, other), now), health.PartTimetable, "machine_zone")
	f := Timetable(of(here, here, schedule.Dropped{Reason: schedule.CellNoGUID, Count: 1},
		schedule.Dropped{Reason: schedule.DoctorUnread, Count: 2, Cause: "HTTP 500"}), now)
	want(t, "a part", f, health.PartTimetable, "partly")
	if f.Detail != "HTTP 500" || len(f.Of) != 2 {
		t.Errorf("%+v", f)
	}
}

// Each reason for which a part of a timetable is not offered has its words, with and without a place.
func TestEveryReasonHasAText(t *testing.T) {
	for _, reason := range schedule.Reasons {
		for _, places := range [][]string{nil, {"specialities[3].doctors[7]"}} {
			f := unread(&schedule.NothingLeftError{Dropped: []schedule.Dropped{{Reason: reason, Count: 3, Places: places}}})
			want(t, string(reason), f, health.PartTimetable, "nothing_left")
		}
	}
}

// prober answers a probe.
type prober struct {
	client *http.Client
	url    string
	err    error
}

func (p prober) Probe(ctx context.Context) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, nil)
	if err != nil {
		return err
	}
	resp, err := p.client.Do(r)
	if err != nil {
		return &apiclient.NotSentError{Err: err}
	}
	return errors.Join(resp.Body.Close(), p.err)
}

func (p prober) Health() apiclient.Health {
	return apiclient.Health{Skew: time.Minute, SkewAt: time.Now()}
}

// Each layer of the way is told, and the access and the clock where a registry has answered.
func TestWay(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	dead := httptest.NewServer(nil)
	dead.Close()
	for name, c := range map[string]struct {
		url      string
		err      error
		kinds    string
		admitted bool
	}{
		"admitted": {server.URL, noSuchCell, "dns address, tcp ok, tls plain, http ok, access ok, clock off", true},
		"refused":  {server.URL, denied, "dns address, tcp ok, tls plain, http ok, access signature, clock off", false},
		"busy": {
			server.URL, &apiclient.BusyError{HTTPStatus: 429},
			"dns address, tcp ok, tls plain, http ok, access busy, clock off", false,
		},
		"a foreign page": {
			server.URL, foreign(400),
			"dns address, tcp ok, tls plain, http unreadable, access skipped, clock unknown", false,
		},
		"nobody there": {
			dead.URL, nil,
			"dns address, tcp refused, tls skipped, http skipped, access skipped, clock unknown", false,
		},
	} {
		all, admitted := Way(t.Context(), prober{client, c.url, c.err}, false)
		var kinds []string
		for i, f := range all {
			if f.Part != OnTheWay[i] {
				t.Errorf("%s: %s at %d", name, f.Part, i)
			}
			if f.Part == health.PartClock && f.Kind == "unsynced" {
				f.Kind = "unknown" // depends on the system that tests run on
			}
			kinds = append(kinds, string(f.Part)+" "+f.Kind)
			want(t, name, f, f.Part, f.Kind)
		}
		if got := strings.Join(kinds, ", "); got != c.kinds || admitted != c.admitted {
			t.Errorf("%s: %s, %v", name, got, admitted)
		}
	}
	var kinds []string
	for i, f := range NoWay(errors.New("the key")) {
		kinds = append(kinds, f.Kind)
		if f.Part != OnTheWay[i] {
			t.Errorf("%s at %d", f.Part, i)
		}
	}
	if got := strings.Join(kinds[:5], " "); got != "not_begun skipped skipped skipped skipped" || len(kinds) != 6 {
		t.Errorf("%v", kinds)
	}
}

// spoilt is a file that is no certificate, key, picture, template or list of profiles.
func spoilt(t *testing.T, dir, name string) string {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.WriteFile(name, []byte("{{ two words\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Every file that the configuration names is opened the way the running terminal uses it, and told by its key where it
// cannot be used.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "languages"), 0o700); err != nil {
		t.Fatal(err)
	}
	bad, none, languages := spoilt(t, dir, "bad"), filepath.Join(dir, "none"), filepath.Join(dir, "languages")
	spoilt(t, languages, "de.toml")
	certificate, key := pair(t, dir)
	open := filepath.Join(dir, "open")
	if err := errors.Join(os.WriteFile(open, []byte("a-token-of-16-bytes\n"), 0o600), os.Chmod(open, 0o644)); err != nil {
		t.Fatal(err)
	}
	blank, two := filepath.Join(dir, "blank"), filepath.Join(dir, "two")
	err := errors.Join(os.WriteFile(blank, []byte(" \r\n"), 0o600), os.WriteFile(two, []byte("one\r\ntwo\n"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*config.Config)
		kinds  string
		key    string
	}{
		"nothing": {func(*config.Config) {}, "", ""},
		"no token": {
			func(c *config.Config) { c.Registry.Auth.TokenFile = none }, "token_file",
			"registry.auth.token_file",
		},
		"a token of words": {
			func(c *config.Config) { c.Registry.Auth.TokenFile = bad }, "token_file",
			"registry.auth.token_file",
		},
		"an open token": {
			func(c *config.Config) { c.Registry.Auth.TokenFile = open }, "secret_mode", "registry.auth.token_file",
		},
		"an open key": {func(c *config.Config) {
			c.Registry.Auth.Signer, c.Registry.Auth.KeyFile = "hmac-sha256", open
		}, "secret_mode", "registry.auth.key_file"},
		"an open token of FHIR": {func(c *config.Config) {
			c.Schedule.Source, c.Schedule.FHIR.TokenFile = "fhir", open
		}, "secret_mode", "schedule.fhir.token_file"},
		"an open password": {func(c *config.Config) {
			c.Metrics.Listen, c.Metrics.PasswordFile = "127.0.0.1:0", open
		}, "secret_mode", "metrics.password_file"},
		"a password in the address": {func(c *config.Config) {
			c.Registry.URL = "https://user:secret@registry.example"
		}, "secret_in_address", "registry.url"},
		"no key": {func(c *config.Config) {
			c.Registry.Auth.Signer, c.Registry.Auth.KeyFile = "hmac-sha256",
				none
		}, "key_file", "registry.auth.key_file"},
		"a key without need": {func(c *config.Config) { c.Registry.Auth.KeyFile = none }, "", ""},
		"no authority":       {func(c *config.Config) { c.Registry.TLS.CAFile = bad }, "ca_file", "registry.tls.ca_file"},
		"an authority":       {func(c *config.Config) { c.Registry.TLS.CAFile = certificate }, "", ""},
		"no certificate": {
			func(c *config.Config) { c.Registry.TLS.CertFile, c.Registry.TLS.KeyFile = bad, key },
			"cert_file", "registry.tls.cert_file",
		},
		"a certificate": {func(c *config.Config) {
			c.Registry.TLS.CertFile, c.Registry.TLS.KeyFile = certificate,
				key
		}, "", ""},
		"no timetable": {
			func(c *config.Config) { c.Schedule.Source, c.Schedule.File = "file", none },
			"schedule_file", "schedule.file",
		},
		"half a timetable": {
			func(c *config.Config) { c.Schedule.Source, c.Schedule.File = "file", bad },
			"schedule_file", "schedule.file",
		},
		"FHIR's files": {
			fhirFiles(none, bad), "fhir_token_file fhir_ca_file fhir_cert_file",
			"schedule.fhir.token_file",
		},
		"FHIR is not used": {func(c *config.Config) { fhirFiles(none, bad)(c); c.Schedule.Source = "registry" }, "", ""},
		"no profiles": {
			func(c *config.Config) { c.Printer.ProfilesFile = bad }, "profiles_file",
			"printer.profiles_file",
		},
		"no such profile":   {func(c *config.Config) { c.Printer.Profile = "none" }, "profile", "printer.profile"},
		"no such code page": {func(c *config.Config) { c.Printer.CodePage = "none" }, "code_page", "printer.code_page"},
		"no logo":           {func(c *config.Config) { c.Ticket.Logo = none }, "logo", "ticket.logo"},
		"no picture":        {func(c *config.Config) { c.Ticket.Logo = bad }, "logo", "ticket.logo"},
		"no template":       {func(c *config.Config) { c.Ticket.Template = none }, "template", "ticket.template"},
		"a bad template":    {func(c *config.Config) { c.Ticket.Template = bad }, "template", "ticket.template"},
		"a bad language file": {
			func(c *config.Config) { c.Screen.LanguagesDir = languages }, "languages_dir",
			"screen.languages_dir",
		},
		"no such language": {
			func(c *config.Config) { c.Screen.Languages = []string{"ru", "xx"} }, "language",
			"screen.languages",
		},
		"no log folder": {func(c *config.Config) { c.Log.File = filepath.Join(none, "log") }, "log_file", "log.file"},
		"a log":         {func(c *config.Config) { c.Log.File = filepath.Join(dir, "log") }, "", ""},
		"metrics": {func(c *config.Config) {
			c.Metrics = config.Metrics{Listen: ":9100", CertFile: bad, KeyFile: bad, User: "u", PasswordFile: none}
		}, "metrics_cert_file metrics_password_file", "metrics.cert_file"},
		"an empty password": {func(c *config.Config) {
			c.Metrics = config.Metrics{Listen: "127.0.0.1:9100", User: "u", PasswordFile: blank}
		}, "metrics_password_file", "metrics.password_file"},
		"a password of two lines": {func(c *config.Config) {
			c.Metrics = config.Metrics{Listen: "127.0.0.1:9100", User: "u", PasswordFile: two}
		}, "metrics_password_file", "metrics.password_file"},
		"metrics are off": {func(c *config.Config) {
			c.Metrics = config.Metrics{
				CertFile: bad, KeyFile: bad,
				PasswordFile: none,
			}
		}, "", ""},
		"the journal's folder is a file": {
			func(c *config.Config) { c.Journal.Path = filepath.Join(bad, "journal.db") },
			"journal_folder", "journal.path",
		},
	} {
		c0, err := config.Default()
		if err != nil {
			t.Fatal(err)
		}
		c0.Journal.Path = filepath.Join(dir, "state", "journal.db")
		c.change(&c0)
		found := Files(t.Context(), c0)
		var kinds []string
		for _, f := range found {
			kinds = append(kinds, f.Kind)
			want(t, name, f, health.PartConfig, f.Kind)
		}
		if got := strings.Join(kinds, " "); got != c.kinds {
			t.Errorf("%s: %q, want %q: %+v", name, got, c.kinds, found)
		}
		if len(found) > 0 && (found[0].Data["Key"] != c.key || !strings.Contains(found[0].Detail, c.key)) {
			t.Errorf("%s: %+v, want the key %s", name, found[0], c.key)
		}
		settings := Settings(t.Context(), c0)
		if others := c.kinds == "" || c.kinds == "schedule_file" ||
			c.kinds == "journal_folder"; others != (len(settings) == 1 && settings[0].Kind == "ok") {
			t.Errorf("%s: the settings are %+v", name, settings)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "log")); err == nil {
		t.Error("the check has left a log behind")
	}
}

func fhirFiles(none, bad string) func(*config.Config) {
	return func(c *config.Config) {
		c.Schedule.Source = "fhir"
		c.Schedule.FHIR.TokenFile, c.Schedule.FHIR.CAFile, c.Schedule.FHIR.CertFile, c.Schedule.FHIR.KeyFile = none, bad,
			bad, bad
	}
}

// pair is a certificate and its key.
func pair(t *testing.T, dir string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	err = errors.Join(os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return certificate, key
}
