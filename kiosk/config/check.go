package config

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// bauds are the speeds that the serial port takes.
var bauds = []int{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200}

// resolve makes the names of files absolute, seen from the configuration's folder.
func (c *Config) resolve(dir string) {
	for _, f := range [...]*string{
		&c.Clinic.Guide,
		&c.Registry.Auth.TokenFile, &c.Registry.Auth.KeyFile, &c.Registry.TLS.CAFile, &c.Registry.TLS.CertFile,
		&c.Registry.TLS.KeyFile,
		&c.Schedule.File, &c.Schedule.FHIR.TokenFile, &c.Schedule.FHIR.CAFile, &c.Schedule.FHIR.CertFile,
		&c.Schedule.FHIR.KeyFile,
		&c.Printer.ProfilesFile, &c.Ticket.Logo, &c.Ticket.Template, &c.Screen.LanguagesDir, &c.Service.PINFile,
		&c.Journal.Path, &c.Log.File,
		&c.Metrics.CertFile, &c.Metrics.KeyFile, &c.Metrics.PasswordFile,
	} {
		if *f != "" && !filepath.IsAbs(*f) {
			*f = filepath.Join(dir, *f)
		}
	}
	c.Registry.URL = strings.TrimRight(c.Registry.URL, "/")
}

// checker collects what is wrong.
type checker struct{ problems []Error }

func (k *checker) add(key, problem, want string) {
	k.problems = append(k.problems, Error{Key: key, Problem: problem, Want: want})
}

func (k *checker) oneOf(key, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		k.add(key, fmt.Sprintf("%q is not possible", value), "write one of: "+strings.Join(allowed, ", "))
	}
}

func (k *checker) between(key string, value, least, most int) {
	if value < least || value > most {
		k.add(key, fmt.Sprintf("%d is out of range", value), fmt.Sprintf("write a number from %d to %d", least, most))
	}
}

func (k *checker) lasting(key string, value Duration, least, most time.Duration) {
	if value.Duration < least || value.Duration > most {
		k.add(key, fmt.Sprintf("%s is out of range", value), fmt.Sprintf("write a time from %s to %s", least, most))
	}
}

// address checks a server's address. Plain is the value of plainKey. A password in the address is not quoted.
func (k *checker) address(key, value, plainKey string, plain bool) {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		k.add(key, quoted(value)+" is not an address", "write it as https://host/path")
	case strings.ContainsAny(value, "?#"):
		k.add(key, quoted(value)+" has a query (?) or a fragment (#)", "write it as https://host/path")
	case u.Scheme == "http" && !plain && !loopback(u.Hostname()):
		k.add(key, quoted(value)+" is not encrypted: whoever is on the way reads the token and the tickets",
			"write https://…, or "+plainKey+" = true where the network is trusted")
	}
}

// quoted returns an address in quotes, without a name and a password in it.
func quoted(address string) string {
	if at := strings.LastIndexByte(address, '@'); at >= 0 { // a password may have an @ too
		address = "…" + address[at:]
	}
	return strconv.Quote(address)
}

// loopback reports whether a host is this computer itself: an address of the loopback, or localhost and the names below
// it (RFC 6761 §6.3).
func loopback(host string) bool {
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	ip, err := netip.ParseAddr(host)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && ip.Unmap().IsLoopback()
}

func (k *checker) path(key, value string) {
	if !strings.HasPrefix(value, "/") {
		k.add(
			key,
			fmt.Sprintf("%q does not begin with a slash", value),
			"write what stands behind registry.url, such as /lpu/{lpu}",
		)
	}
}

func (k *checker) fhirQuery(value string) {
	const key, want = "schedule.fhir.query", "write parameters as in an address, such as service-type=57&_sort="
	values, err := url.ParseQuery(value)
	if err != nil {
		k.add(key, fmt.Sprintf("%q is no list of parameters", value), want)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch {
		case name == "":
			k.add(key, "has a parameter without a name", want)
		case strings.HasPrefix(name, "_include"), strings.HasPrefix(name, "_revinclude"):
			k.add(key, name+" does not belong here", "write it into schedule.fhir.includes")
		}
	}
}

// fhirInclude is the form of an element of schedule.fhir.includes (search.html#include).
var fhirInclude = regexp.MustCompile(
	`^_(rev)?include(:iterate|:recurse)?=(\*|[A-Z][A-Za-z]*:[a-z*-]+(:[A-Z][A-Za-z]*)?)$`,
)

func (k *checker) fhirInclude(value string) {
	if !fhirInclude.MatchString(value) {
		k.add(
			"schedule.fhir.includes",
			fmt.Sprintf("%q is no parameter of this kind", value),
			"write each as _include=Slot:schedule, _include:iterate=Schedule:actor or "+
				"_revinclude:iterate=PractitionerRole:practitioner",
		)
	}
}

func (c *Config) check() []Error {
	k := &checker{}
	c.checkPatient(k)
	c.checkRegistry(k)
	c.checkSchedule(k)
	c.checkPrinter(k)
	c.checkScanner(k)
	c.checkScreen(k)
	c.checkSpeech(k)
	c.checkMetrics(k)
	k.between("journal.max_mb", c.Journal.MaxMB, 1, 1024)
	k.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	k.oneOf("log.format", c.Log.Format, "text", "json")
	return k.problems
}

func (c *Config) checkPatient(k *checker) {
	p := c.Patient
	k.oneOf("patient.identify", p.Identify, IdentifyNone, IdentifyOptional, IdentifyRequired)
	k.oneOf("patient.confirm", p.Confirm, ConfirmNone, ConfirmVisit)
	if p.Confirm == ConfirmVisit && p.Identify == IdentifyNone {
		k.add("patient.confirm", `"visit" needs a patient whom the registry knows`,
			`write patient.identify = "optional" or "required", or patient.confirm = "none"`)
	}
}

func (c *Config) checkRegistry(k *checker) {
	r := c.Registry
	if r.URL == "" {
		k.add("registry.url", "is missing", "write the registry's address, such as https://registry.example/api/v2")
	} else {
		k.address("registry.url", r.URL, "registry.allow_plain", r.AllowPlain)
	}
	if r.LPU.UUID == uuid.Nil {
		k.add("registry.lpu_guid", "is missing", "write the clinic's GUID, such as c3c977af-c3b4-4517-9d57-50a6844ec660")
	}
	k.between("registry.reserve_minutes", r.ReserveMinutes, 1, 120)
	k.lasting("registry.timeout", r.Timeout, time.Second, 2*time.Minute)
	if r.Auth.ClientApplication != "" && uuid.Validate(r.Auth.ClientApplication) != nil {
		k.add(
			"registry.auth.client_application",
			fmt.Sprintf("%q is not a GUID", r.Auth.ClientApplication),
			"write 8-4-4-4-12 hexadecimal digits",
		)
	}
	k.oneOf("registry.auth.signer", r.Auth.Signer, "none", "hmac-sha256")
	if r.Auth.Signer == "hmac-sha256" && r.Auth.KeyFile == "" {
		k.add("registry.auth.key_file", "is missing", "hmac-sha256 needs a file with a key of at least 16 bytes")
	}
	if (r.TLS.CertFile == "") != (r.TLS.KeyFile == "") {
		k.add("registry.tls.cert_file", "stands without its fellow", "cert_file and key_file belong together")
	}
}

func (c *Config) checkSchedule(k *checker) {
	s := c.Schedule
	k.oneOf("schedule.source", s.Source, "registry", "file", "fhir")
	if s.Source == "file" && s.File == "" {
		k.add("schedule.file", "is missing", `source "file" needs one`)
	}
	if s.Source == "fhir" {
		k.address("schedule.fhir_url", s.FHIRURL, "schedule.fhir.allow_plain", s.FHIR.AllowPlain)
	}
	c.checkFHIR(k)
	k.lasting("schedule.file_max_age", s.FileMaxAge, time.Minute, 720*time.Hour)
	k.path("schedule.registry.clinic_path", s.Registry.ClinicPath)
	k.path("schedule.registry.specialities_path", s.Registry.SpecialitiesPath)
	k.path("schedule.registry.doctors_path", s.Registry.DoctorsPath)
	k.between("schedule.days", s.Days, 1, 60)
	k.lasting("schedule.refresh", s.Refresh, 5*time.Second, time.Hour)
}

// ageCategories are the registry's codes of ages.
var ageCategories = []string{"CHILD", "TEEN", "ADULT"}

func (c *Config) checkFHIR(k *checker) {
	f := c.Schedule.FHIR
	k.between("schedule.fhir.page", f.Page, 1, 1000)
	if f.AgeBy != "" {
		k.oneOf("schedule.fhir.age_by", f.AgeBy, "service-type", "appointment-type", "healthcare-service")
		if len(f.Ages) == 0 {
			k.add("schedule.fhir.ages", "is empty", "age_by needs the age categories of at least one code")
		}
	}
	for code, ages := range f.Ages {
		for _, a := range ages {
			if !slices.Contains(ageCategories, a) {
				k.add(
					"schedule.fhir.ages."+code,
					fmt.Sprintf("%q is no age category", a),
					"write one of: "+strings.Join(ageCategories, ", "),
				)
			}
		}
	}
	if f.SpecialityFrom != "" {
		k.oneOf("schedule.fhir.speciality_from", f.SpecialityFrom, "specialty", "service-type", "role", "healthcare-service")
	}
	k.fhirQuery(f.Query)
	for _, include := range f.Includes {
		k.fhirInclude(include)
	}
	if (f.CertFile == "") != (f.KeyFile == "") {
		k.add("schedule.fhir.cert_file", "stands without its fellow", "cert_file and key_file belong together")
	}
}

func (c *Config) checkPrinter(k *checker) {
	p := c.Printer
	if p.Port == "" {
		k.add("printer.port", "is empty", `write a device such as /dev/ttyUSB0 or /dev/usb/lp0, or "virtual"`)
	}
	k.speed("printer.baud", p.Baud)
	if p.Columns != 0 {
		k.between("printer.columns", p.Columns, 24, 64)
	}
	k.oneOf("printer.flow", p.Flow, "none", "rtscts", "xonxoff")
	k.oneOf("printer.parity", p.Parity, "none", "even", "odd")
	k.lasting("printer.timeout", p.Timeout, time.Second, 2*time.Minute)
}

// speed checks the speed of a serial port.
func (k *checker) speed(key string, baud int) {
	if !slices.Contains(bauds, baud) {
		k.add(
			key, fmt.Sprintf("%d is no speed of a serial port", baud),
			"write one of: "+strings.Trim(fmt.Sprint(bauds), "[]"),
		)
	}
}

func (c *Config) checkScanner(k *checker) {
	s := c.Scanner
	k.speed("scanner.baud", s.Baud)
	k.oneOf("scanner.suffix", s.Suffix, "cr", "lf", "tab", "none")
	switch {
	case s.Port == "":
	case s.Port == c.Printer.Port:
		k.add("scanner.port", fmt.Sprintf("%q is the printer's port", s.Port), "write the scanner's own, or leave it empty")
	case !strings.HasPrefix(s.Port, "/"):
		k.add(
			"scanner.port", fmt.Sprintf("%q is no device", s.Port),
			"write one such as /dev/ttyACM0, better its name in /dev/serial/by-id; a keyboard wedge needs no port",
		)
	}
}

func (c *Config) checkScreen(k *checker) {
	s := c.Screen
	if len(s.Languages) == 0 {
		k.add("screen.languages", "is empty", `write at least one, such as ["ru"]`)
	} else if !slices.Contains(s.Languages, s.Language) {
		k.add(
			"screen.language", fmt.Sprintf("%q is not among screen.languages", s.Language),
			"write one of: "+strings.Join(s.Languages, ", "),
		)
	}
	if s.WidthMM != 0 {
		k.between("screen.width_mm", s.WidthMM, 50, 3000)
	}
	k.lasting("screen.idle", s.Idle, 20*time.Second, 30*time.Minute)
	k.lasting("screen.warning", s.Warning, 20*time.Second, 5*time.Minute) // WCAG 2.2.1: at least 20 seconds to answer
	k.lasting("screen.double_strike", s.DoubleStrike, 0, 2*time.Second)
}

func (c *Config) checkSpeech(k *checker) {
	k.oneOf("speech.mode", c.Speech.Mode, SpeechOff, SpeechButton, SpeechHeadphones)
	k.between("speech.rate", c.Speech.Rate, 80, 300)
	k.between("speech.volume", c.Speech.Volume, 10, 100)
}

// checkMetrics lets a stranger on the network see nothing: beyond the loopback, metrics are encrypted and asked a
// password for.
func (c *Config) checkMetrics(k *checker) {
	m := c.Metrics
	host, _, err := net.SplitHostPort(m.Listen)
	if m.Listen != "" && err != nil {
		k.add("metrics.listen", fmt.Sprintf("%q is not an address to listen on", m.Listen), "write it as 127.0.0.1:9100")
	}
	if (m.CertFile == "") != (m.KeyFile == "") {
		k.add("metrics.cert_file", "stands without its fellow", "cert_file and key_file belong together")
	}
	if (m.User == "") != (m.PasswordFile == "") {
		k.add("metrics.user", "stands without its fellow", "user and password_file belong together")
	}
	if m.Listen != "" && err == nil && !loopback(host) && (m.CertFile == "" || m.User == "") {
		k.add(
			"metrics.listen",
			fmt.Sprintf("%q can be reached from the network", m.Listen),
			"write 127.0.0.1:9100, or add cert_file, key_file, user and password_file",
		)
	}
}
