package config

import (
	"time"

	"github.com/google/uuid"
)

// Config is the configuration. The comments give what may stand there; the defaults stand in template.toml.
type Config struct {
	Clinic   Clinic   `toml:"clinic"`
	Patient  Patient  `toml:"patient"`
	Registry Registry `toml:"registry"`
	Schedule Schedule `toml:"schedule"`
	Printer  Printer  `toml:"printer"`
	Scanner  Scanner  `toml:"scanner"`
	Ticket   Ticket   `toml:"ticket"`
	Screen   Screen   `toml:"screen"`
	Speech   Speech   `toml:"speech"`
	Service  Service  `toml:"service"`
	Journal  Journal  `toml:"journal"`
	Metrics  Metrics  `toml:"metrics"`
	Log      Log      `toml:"log"`

	Overlay Overlay `toml:"-"` // what of it was changed on the screen
}

// Clinic is what the screens and tickets say of the clinic: Name when the registry's is blank, Desk because no
// registry tells it.
type Clinic struct {
	Name  string `toml:"name"`
	Desk  string `toml:"desk"`
	Zone  Zone   `toml:"zone"`  // "": the system's
	Guide string `toml:"guide"` // a file, see the package guide; "": none
}

// Location returns the zone in which patients are told all times: the one that the setting names, else the system's.
// A system in UTC was never told where it stands: then it returns nil, and times stay as the registry has written them.
func (c Clinic) Location() *time.Location {
	if c.Zone.Location != nil {
		return c.Zone.Location
	}
	if name, offset := time.Now().Zone(); name == "UTC" && offset == 0 {
		return nil
	}
	return time.Local
}

// Patient is whether the registry is told who the patient is, and whether it makes his visit.
type Patient struct {
	Identify string `toml:"identify"` // IdentifyNone, IdentifyOptional, IdentifyRequired
	Confirm  string `toml:"confirm"`  // ConfirmNone, ConfirmVisit
}

// The values of [Patient].
const (
	IdentifyNone     = "none"
	IdentifyOptional = "optional" // a patient may go on without saying who he is
	IdentifyRequired = "required"
	ConfirmNone      = "none"  // the registry holds the cell, and the registration desk makes the visit
	ConfirmVisit     = "visit" // the hold becomes a visit
)

// Registry is where cells are reserved.
type Registry struct {
	URL            string   `toml:"url"`             // http:// or https://; required
	LPU            GUID     `toml:"lpu_guid"`        // the clinic; required
	ReserveMinutes int      `toml:"reserve_minutes"` // 1 to 120
	FullResponse   bool     `toml:"full_response"`   //
	Timeout        Duration `toml:"timeout"`         // 1s to 2m
	AllowPlain     bool     `toml:"allow_plain"`     // http:// beyond the loopback
	Auth           Auth     `toml:"auth"`            //
	TLS            TLS      `toml:"tls"`             //
}

// Auth is how the terminal shows who it is.
type Auth struct {
	ClientApplication string `toml:"client_application"` // GUID
	TokenFile         string `toml:"token_file"`
	Signer            string `toml:"signer"` // none, hmac-sha256
	KeyFile           string `toml:"key_file"`
}

// TLS is whom the terminal trusts, and its own certificate.
type TLS struct {
	CAFile   string `toml:"ca_file"`
	CertFile string `toml:"cert_file"`
	KeyFile  string `toml:"key_file"`
}

// Schedule is where the timetable comes from.
type Schedule struct {
	Source     string        `toml:"source"` // registry, file, fhir
	File       string        `toml:"file"`
	FileMaxAge Duration      `toml:"file_max_age"` // 1m to 720h
	FHIRURL    string        `toml:"fhir_url"`
	Days       int           `toml:"days"`    // 1 to 60
	Refresh    Duration      `toml:"refresh"` // 5s to 1h
	Registry   RegistryPages `toml:"registry"`
	FHIR       FHIR          `toml:"fhir"`
}

// RegistryPages are what is guessed of the registry's timetable.
type RegistryPages struct {
	ClinicPath       string         `toml:"clinic_path"`
	SpecialitiesPath string         `toml:"specialities_path"`
	DoctorsPath      string         `toml:"doctors_path"`
	Access           string         `toml:"access"`
	BusyTypes        []int          `toml:"busy_types"`
	SlotsIn          string         `toml:"slots_in"`
	Fields           RegistryFields `toml:"fields"`
}

// RegistryFields are the names of the properties in the registry's lists.
type RegistryFields struct {
	SpecialityCode string `toml:"speciality_code"`
	SpecialityName string `toml:"speciality_name"`
	Doctor         string `toml:"doctor"`
	DoctorName     string `toml:"doctor_name"`
	Post           string `toml:"post"`
	Room           string `toml:"room"`
	Floor          string `toml:"floor"`
	District       string `toml:"district"`
	Ages           string `toml:"ages"`
	Cell           string `toml:"cell"`
	Begin          string `toml:"begin"`
	End            string `toml:"end"`
	CellRoom       string `toml:"cell_room"`
	CellFloor      string `toml:"cell_floor"`
	BusyType       string `toml:"busy_type"`
}

// FHIR is how the server at fhir_url is read.
type FHIR struct {
	Query          string              `toml:"query"`           // further parameters of the search, as in an address
	Includes       []string            `toml:"includes"`        // such as _include=Slot:schedule; none: those of R4
	SpecialityFrom string              `toml:"speciality_from"` // "", specialty, service-type, role, healthcare-service
	AllowPlain     bool                `toml:"allow_plain"`     // http:// beyond the loopback
	CellSystem     string              `toml:"cell_system"`
	IDIsCell       bool                `toml:"id_is_cell"`
	Live           bool                `toml:"live"`
	Page           int                 `toml:"page"`   // 1 to 1000
	AgeBy          string              `toml:"age_by"` // "", service-type, appointment-type, healthcare-service
	Ages           map[string][]string `toml:"ages"`   // by code: CHILD, TEEN, ADULT
	TokenFile      string              `toml:"token_file"`
	CAFile         string              `toml:"ca_file"`
	CertFile       string              `toml:"cert_file"`
	KeyFile        string              `toml:"key_file"`
}

// Printer is the ticket printer.
type Printer struct {
	Port         string   `toml:"port"` // a device, or "virtual"
	Baud         int      `toml:"baud"`
	Profile      string   `toml:"profile"`
	ProfilesFile string   `toml:"profiles_file"` // a site's own profiles
	CodePage     string   `toml:"code_page"`     // "": the profile's
	Columns      int      `toml:"columns"`       // 0: the profile's
	Flow         string   `toml:"flow"`          // none, rtscts, xonxoff
	Parity       string   `toml:"parity"`        // none, even, odd
	Timeout      Duration `toml:"timeout"`       // 1s to 2m
}

// Scanner is a reader of codes on a serial line.
type Scanner struct {
	Port   string `toml:"port"`   // a device; "": there is none
	Baud   int    `toml:"baud"`   //
	Suffix string `toml:"suffix"` // cr, lf, tab, none
}

// Ticket is what a site puts on its tickets.
type Ticket struct {
	Header   string `toml:"header"`   // lines below the clinic's name
	Footer   string `toml:"footer"`   // lines above the time of issue
	Logo     string `toml:"logo"`     // a PNG file
	Template string `toml:"template"` // a file; "": the built-in ticket
}

// Screen is the panel.
type Screen struct {
	Language     string   `toml:"language"`
	Languages    []string `toml:"languages"`
	LanguagesDir string   `toml:"languages_dir"` // "": none but those built in
	WidthMM      int      `toml:"width_mm"`      // 0: guessed
	Idle         Duration `toml:"idle"`          // 20s to 30m
	Warning      Duration `toml:"warning"`       // 20s to 5m
	Low          bool     `toml:"low"`
	Keypad       bool     `toml:"keypad"`        // the pages can be used without touch
	DoubleStrike Duration `toml:"double_strike"` // 0s to 2s
}

// Speech is the voice that reads pages aloud.
type Speech struct {
	Mode   string `toml:"mode"`   // SpeechOff, SpeechButton, SpeechHeadphones
	Rate   int    `toml:"rate"`   // words per minute, 80 to 300
	Volume int    `toml:"volume"` // 10 to 100
}

// The modes of the voice.
const (
	SpeechOff        = "off"
	SpeechButton     = "button"     // patients switch it on in the settings of the view
	SpeechHeadphones = "headphones" // it speaks while headphones are plugged in, to nobody else
)

// Service is the diagnostics mode.
type Service struct {
	PINFile string `toml:"pin_file"`
}

// Journal is where bookings are recorded.
type Journal struct {
	Path  string `toml:"path"`   // a directory; "": see Config.JournalPath
	MaxMB int    `toml:"max_mb"` // 1 to 1024
}

// Metrics are served where listen says; off when it is empty. Beyond the loopback they need TLS and a password.
type Metrics struct {
	Listen       string `toml:"listen"`
	CertFile     string `toml:"cert_file"`
	KeyFile      string `toml:"key_file"`
	User         string `toml:"user"`          // "": nobody is asked for a name
	PasswordFile string `toml:"password_file"` // holds the user's password
}

// Log is what is logged, and where; an empty file is standard error.
type Log struct {
	Level  string `toml:"level"` // debug, info, warn, error
	File   string `toml:"file"`
	Format string `toml:"format"` // text, json
}

// GUID is a GUID that says what one looks like when it is none.
type GUID struct{ uuid.UUID }

// UnmarshalText reads a GUID; the empty text is none.
func (g *GUID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	id, err := uuid.ParseBytes(text)
	if err != nil || len(text) != 36 {
		return wrong(
			"%q is not a GUID",
			"write 8-4-4-4-12 hexadecimal digits, such as c3c977af-c3b4-4517-9d57-50a6844ec660",
			text,
		)
	}
	g.UUID = id
	return nil
}

// Zone is a time zone by its IANA name.
type Zone struct{ *time.Location }

// UnmarshalText reads a zone; the empty text is none.
func (z *Zone) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	l, err := time.LoadLocation(string(text))
	if err != nil {
		return wrong("%q is not a time zone", "write its IANA name, such as Europe/Moscow or Asia/Yekaterinburg", text)
	}
	z.Location = l
	return nil
}

// Duration is a length of time as Go writes it: 90s, 2m, 1h30m.
type Duration struct{ time.Duration }

// UnmarshalText reads a length of time.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return wrong("%q is not a length of time", "write a number with its unit, such as 15s or 2m", text)
	}
	d.Duration = v
	return nil
}

// Secret reports whether the value of a key must not leave the terminal: it lets somebody in, or names the terminal to
// the registry.
func Secret(key string) bool { return key == "registry.auth.client_application" }
