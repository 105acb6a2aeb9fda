package checks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/apiclient/schedule"
	"infomat/apiclient/schedule/file"
	"infomat/assets/lang"
	"infomat/device/dots"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/kiosk/config"
	"infomat/kiosk/guide"
	"infomat/kiosk/health"
)

// Files opens every file that the configuration names, the way the running terminal uses it, and returns a finding of
// the part config for each that cannot be used; none where all can. What a finding means is said by its kind: no
// broken file ends the program, it closes booking, takes the paper or only warns. The PIN file has a check of its
// own: PIN.
func Files(ctx context.Context, c config.Config) []health.Finding {
	f := &files{}
	f.settings(ctx, c)
	if c.Schedule.Source == "file" {
		window := schedule.Window{Days: c.Schedule.Days, Zone: c.Clinic.Location()}
		_, err := file.New(c.Schedule.File, window).Catalogue(ctx)
		f.add("schedule_file", "schedule.file", c.Schedule.File, err)
	}
	name, err := c.JournalPath()
	if err == nil {
		err = writable(Existing(filepath.Dir(name)))
	}
	f.add("journal_folder", "journal.path", filepath.Dir(name), err)
	return f.found
}

// Settings is Files without what the checks of disk and timetable look at: the check of the part config. It returns
// one finding at least.
func Settings(ctx context.Context, c config.Config) []health.Finding {
	f := &files{}
	f.settings(ctx, c)
	if len(f.found) == 0 {
		return []health.Finding{health.New(health.PartConfig, health.KindOK)}
	}
	return f.found
}

// Worst returns the worst of some findings; among the worst, one that keeps patients from booking.
func Worst(all []health.Finding) health.Finding {
	return slices.MaxFunc(all, func(a, b health.Finding) int {
		return cmp.Or(health.Compare(a.Level, b.Level), strings.Compare(string(a.Closes), string(b.Closes)))
	})
}

// files collects what is wrong.
type files struct{ found []health.Finding }

// add adds a finding for a file that the configuration names under a key, where there is an error.
func (f *files) add(kind, key, file string, err error) {
	if err == nil {
		return
	}
	f.found = append(f.found, health.New(health.PartConfig, kind).With(map[string]any{"Key": key, "File": file}).
		Because(fmt.Errorf("%s: %w", key, err)))
}

// Kinds of findings for secrets that can be used, but are open to others, and for changes made on the screen that are
// not in use.
const (
	kindSecretMode      = "secret_mode"
	kindSecretInAddress = "secret_in_address"
	kindScreenChanges   = "screen_changes"
)

// Usable reports whether what a finding of Files names can be used all the same.
func Usable(f health.Finding) bool {
	return f.Kind == kindSecretMode || f.Kind == kindSecretInAddress || f.Kind == kindScreenChanges
}

// address adds a finding for a password in a server's address: the settings file may be read by more people than a
// token's file.
func (f *files) address(key, address string) {
	if u, err := url.Parse(address); err == nil && u.User != nil {
		f.add(kindSecretInAddress, key, "", errors.New("the address holds a name or a password"))
	}
}

// secret adds a finding for a file with a secret that others on this computer can read. One that cannot be read at all
// has a finding of its own.
func (f *files) secret(key, file string) {
	var mode *apiclient.ModeError
	if err := apiclient.CheckSecret(file); errors.As(err, &mode) {
		f.add(kindSecretMode, key, file, mode)
	}
}

func (f *files) settings(ctx context.Context, c config.Config) {
	f.add(kindScreenChanges, "the changes made on the screen are not in use", c.Overlay.File, c.Overlay.Err)
	f.registry(ctx, c.Registry)
	f.fhir(ctx, c.Schedule)
	f.paper(c)
	f.languages(c.Screen)
	if c.Clinic.Guide != "" {
		_, err := guide.Read(c.Clinic.Guide)
		f.add("guide", "clinic.guide", c.Clinic.Guide, err)
	}
	if c.Log.File != "" {
		f.add("log_file", "log.file", c.Log.File, appendable(c.Log.File))
	}
	m := c.Metrics
	if m.Listen == "" {
		return
	}
	f.certificate("metrics_cert_file", "metrics.cert_file", m.CertFile, m.KeyFile)
	if m.PasswordFile != "" {
		_, err := Password(m.PasswordFile)
		f.add("metrics_password_file", "metrics.password_file", m.PasswordFile, err)
		f.secret("metrics.password_file", m.PasswordFile)
	}
}

// Password returns the password in a file, without the space around it.
func Password(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	password := strings.TrimSpace(string(data))
	if password == "" {
		return "", fmt.Errorf("%s is empty: write the password of metrics.user into it", file)
	}
	if strings.ContainsAny(password, "\r\n") {
		return "", fmt.Errorf("%s has more than one line: write only the password of metrics.user into it", file)
	}
	return password, nil
}

func (f *files) registry(ctx context.Context, r config.Registry) {
	f.address("registry.url", r.URL)
	f.token(ctx, "token_file", "registry.auth.token_file", r.Auth.TokenFile)
	if r.Auth.Signer == "hmac-sha256" {
		_, err := apiclient.NewHMAC(r.Auth.KeyFile)
		f.add("key_file", "registry.auth.key_file", r.Auth.KeyFile, err)
		f.secret("registry.auth.key_file", r.Auth.KeyFile)
	}
	f.authority("ca_file", "registry.tls.ca_file", r.TLS.CAFile)
	f.certificate("cert_file", "registry.tls.cert_file", r.TLS.CertFile, r.TLS.KeyFile)
}

func (f *files) fhir(ctx context.Context, s config.Schedule) {
	if s.Source != "fhir" {
		return
	}
	f.address("schedule.fhir_url", s.FHIRURL)
	f.token(ctx, "fhir_token_file", "schedule.fhir.token_file", s.FHIR.TokenFile)
	f.authority("fhir_ca_file", "schedule.fhir.ca_file", s.FHIR.CAFile)
	f.certificate("fhir_cert_file", "schedule.fhir.cert_file", s.FHIR.CertFile, s.FHIR.KeyFile)
}

// token checks a token file where one is named.
func (f *files) token(ctx context.Context, kind, key, file string) {
	if file != "" {
		f.add(kind, key, file, token(ctx, file))
		f.secret(key, file)
	}
}

// authority checks a file of CA certificates where one is named.
func (f *files) authority(kind, key, file string) {
	if file != "" {
		f.add(kind, key, file, connect(apiclient.Config{CAFile: file}))
	}
}

// certificate checks a certificate with its private key where one is named.
func (f *files) certificate(kind, key, file, private string) {
	if file != "" {
		f.add(kind, key, file, connect(apiclient.Config{CertFile: file, KeyFile: private}))
		f.secret(strings.Replace(key, "cert_file", "key_file", 1), private)
	}
}

// connect returns the error with which a client refuses these files. Nothing is sent.
func connect(c apiclient.Config) error {
	c.BaseURL, c.LPU, c.Timeout = "https://registry.invalid", uuid.New(), time.Second
	client, err := apiclient.New(c)
	if err == nil {
		client.Close()
	}
	return err
}

// token returns the error with which a token file is read for a request. Nothing is sent: the request has ended before
// it begins.
func token(ctx context.Context, file string) error {
	client, err := apiclient.New(apiclient.Config{
		BaseURL: "https://registry.invalid", LPU: uuid.New(), Timeout: time.Second, TokenFile: file,
	})
	if err != nil {
		return err
	}
	defer client.Close()
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err = client.Read(ended, "/", nil, apiclient.Version{}); errors.Is(err, apiclient.ErrCredentials) {
		return err
	}
	return nil
}

// paper checks what a ticket is made with: the printer's profile, and what the site puts on its tickets.
func (f *files) paper(c config.Config) {
	all, err := escpos.Load(c.Printer.ProfilesFile)
	f.add("profiles_file", "printer.profiles_file", c.Printer.ProfilesFile, err)
	if err != nil {
		return
	}
	p, err := all.ByName(c.Printer.Profile)
	f.add("profile", "printer.profile", c.Printer.Profile, err)
	if err != nil {
		return
	}
	_, err = p.With(c.Printer.Columns, c.Printer.CodePage)
	f.add("code_page", "printer.code_page", c.Printer.CodePage, err)
	if c.Ticket.Logo != "" {
		_, err := Logo(c.Ticket.Logo, p.Dots)
		f.add("logo", "ticket.logo", c.Ticket.Logo, err)
	}
	if c.Ticket.Template != "" {
		_, err := Template(c.Ticket.Template)
		f.add("template", "ticket.template", c.Ticket.Template, err)
	}
}

// maxLogo is how high a logo may be in dots: 30 mm, so that it does not make a ticket of two pages.
const maxLogo = 240

// Logo reads a logo for a paper of a width in dots.
func Logo(file string, width int) (*dots.Bitmap, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return dots.Decode(f, width, maxLogo)
}

// Template reads the site's own ticket.
func Template(file string) (*ticket.Template, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t, err := ticket.NewTemplate(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}

// languages checks the site's own language files, and that each language of the screen is there.
func (f *files) languages(s config.Screen) {
	bundle, err := lang.Embedded()
	if err == nil && s.LanguagesDir != "" {
		_, err = bundle.Extend(os.DirFS(s.LanguagesDir), "ru")
	}
	f.add("languages_dir", "screen.languages_dir", s.LanguagesDir, err)
	if err != nil {
		return
	}
	for _, tag := range s.Languages {
		_, err := bundle.Language(tag)
		f.add("language", "screen.languages", tag, err)
	}
}

// appendable returns the error with which a file refuses to be appended to. Where there is no file yet its folder is
// asked: a file that was made for the check, and removed again, could be the one that the log has opened meanwhile.
func appendable(name string) error {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return writable(filepath.Dir(name))
	}
	if err != nil {
		return err
	}
	return file.Close()
}
