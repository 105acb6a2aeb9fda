package terminal

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/device/usbprinter"
	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
)

// logTail is how much of the log goes into a bundle.
const logTail = 1 << 20

// WriteBundle writes a zip archive with what a helper needs: nothing in it names a patient or lets anybody in. Settings
// is the settings file.
func WriteBundle(out io.Writer, settings string, c config.Config, r diag.Report, words health.Language) (err error) {
	z := zip.NewWriter(out)
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"report.json", func(w io.Writer) error { return json.NewEncoder(w).Encode(diag.Spoken(r, words)) }},
		{"report.html", func(w io.Writer) error { return diag.HTML(w, r, words) }},
		{"infomat.toml", func(w io.Writer) error { return maskedSettings(w, settings, c.Overlay) }},
		{"journal.jsonl", func(w io.Writer) error { return journalWithoutPatients(w, c) }},
		{"log.txt", func(w io.Writer) error { return plainTail(w, c.Log.File, logTail) }},
		{"system.txt", describeSystem},
	} {
		w, createErr := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: time.Now()})
		if createErr != nil {
			err = createErr
			break
		}
		if partErr := part.write(w); partErr != nil { // a bundle without a part is better than none; it says what it lacks
			_, err = fmt.Fprintf(w, "\n(%s: %v)\n", part.name, partErr)
		}
		if err != nil {
			break
		}
	}
	if err = errors.Join(err, z.Close()); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return nil
}

// maskedSettings writes the settings file without secrets, and below it what was changed on the screen.
func maskedSettings(w io.Writer, name string, changed config.Overlay) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if _, err = io.WriteString(w, diag.Mask(string(data), config.Secret)); err != nil {
		return err
	}
	for _, c := range changed.Changes {
		if _, err := fmt.Fprintf(w, "# changed on the screen: %s = %q\n", c.Key, c.Value); err != nil {
			return err
		}
	}
	return nil
}

// plainRecord is a record without what leads to a patient: no number, ticket, room, cell, doctor, age or time of the
// appointment.
type plainRecord struct {
	Operation uuid.UUID   `json:"operation"`
	Stage     kiosk.Stage `json:"stage"`
	RetryOf   uuid.UUID   `json:"retryOf,omitzero"`
	HTTP      int         `json:"http,omitempty"`
	Code      string      `json:"code,omitempty"`
	Job       uuid.UUID   `json:"job,omitzero"`
	Copy      bool        `json:"copy,omitempty"`
	Reason    string      `json:"reason,omitempty"`
}

// plainEntry is an entry of the journal: a plain record, or a note, which never leads to a patient.
type plainEntry struct {
	Seq  uint64       `json:"seq"`
	Kind journal.Kind `json:"kind"`
	At   time.Time    `json:"at"`
	*plainRecord
	*journal.Note
}

func journalWithoutPatients(w io.Writer, c config.Config) error {
	name, err := c.JournalPath()
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	return journal.Read(name, func(e journal.Entry) error {
		plain := plainEntry{Seq: e.Seq, Kind: e.Kind, At: e.At}
		if n := e.Note; n != nil {
			plain.Note = &journal.Note{Subject: n.Subject, State: n.State, Detail: plainText(n.Detail), Stack: n.Stack}
		}
		if r := e.Record; r != nil {
			plain.plainRecord = &plainRecord{
				r.Operation, r.Stage, r.RetryOf, r.HTTPStatus, r.Code, r.Job, r.Copy, plainText(r.Reason),
			}
		}
		return out.Encode(plain)
	})
}

// What in a log can lead to a patient: identifiers, but for those of an operation and of a print job; dates and
// times, but for the line's own; and what a request names in its path and query.
var (
	identifiers = regexp.MustCompile(
		`(?:\b(?:operation|job)"?[=:]"?)?\b[[:xdigit:]]{8}-(?:[[:xdigit:]]{4}-){3}[[:xdigit:]]{12}\b`)
	instants = regexp.MustCompile(`(?:\btime"?[=:]"?)?\b\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?`)
	requests = regexp.MustCompile(`\b(?:GET|POST) /[^\s":]*`)
	segments = regexp.MustCompile(`/[^/?]*\d[^/?]*|\?.*`)
)

// plainText returns a text of the log, or of a note, without what can lead to a patient.
func plainText(text string) string {
	hidden := func(kept ...string) func(string) string {
		return func(found string) string {
			if slices.ContainsFunc(kept, func(k string) bool { return strings.HasPrefix(found, k) }) {
				return found
			}
			return masked
		}
	}
	text = identifiers.ReplaceAllStringFunc(text, hidden("operation", "job"))
	text = instants.ReplaceAllStringFunc(text, hidden("time"))
	return requests.ReplaceAllStringFunc(text, func(r string) string {
		return segments.ReplaceAllStringFunc(r, func(s string) string { return s[:1] + masked })
	})
}

// masked stands in the place of what is hidden.
const masked = "***"

// plainTail writes the end of a log without what can lead to a patient.
func plainTail(w io.Writer, name string, most int64) error {
	if name == "" {
		_, err := fmt.Fprintln(w, "The log goes to standard error: journalctl -u infomat")
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	begin := max(0, info.Size()-most)
	data, err := io.ReadAll(io.NewSectionReader(f, begin, most))
	if err != nil {
		return err
	}
	if begin > 0 { // in the middle of a line, and perhaps of what has to be hidden
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	_, err = io.WriteString(w, plainText(string(data)))
	return err
}

// describeSystem writes what the terminal runs on.
func describeSystem(w io.Writer) error {
	var out bytes.Buffer
	fmt.Fprintln(&out, "version", Version)
	if info, ok := debug.ReadBuildInfo(); ok {
		fmt.Fprintln(&out, info.GoVersion, info.Path)
	}
	for _, name := range []string{
		"/etc/os-release", "/proc/version", "/proc/uptime", "/proc/loadavg", "/proc/meminfo", "/proc/cmdline",
	} {
		if data, err := os.ReadFile(name); err == nil {
			fmt.Fprintf(&out, "\n== %s\n%s", name, data)
		}
	}
	ports, err := filepath.Glob("/dev/serial/by-id/*")
	fmt.Fprintf(&out, "\n== serial ports\n%s %v\n", strings.Join(ports, "\n"), err)
	printers, err := usbPrinters()
	fmt.Fprintf(&out, "\n== USB printers\n%s %v\n", describePrinters(printers), err)
	addresses, err := net.InterfaceAddrs()
	fmt.Fprintf(&out, "\n== addresses\n%v %v\n", addresses, err)
	_, err = out.WriteTo(w)
	return err
}

// describePrinters names USB printers, without their serial numbers.
func describePrinters(all []usbprinter.Info) string {
	var lines []string
	for _, i := range all {
		lines = append(lines, i.Device+" "+i.USB+" "+i.String())
	}
	return strings.Join(lines, "\n")
}
