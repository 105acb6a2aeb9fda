package console

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"infomat/kiosk/config"
	"infomat/kiosk/pin"
	"infomat/terminal"
	"infomat/terminal/account"
	"infomat/terminal/checks"
)

// Setup writes the settings of a new terminal. What is given is not asked for, so that a whole region can be set up
// without a person.
type Setup struct {
	File    string // of the settings; made where there is none
	URL     string // of the registry; "": it is asked for
	LPU     string // GUID of the clinic; "": it is asked for
	Port    string // of the printer; "": the printer is looked for
	Profile string // of the printer; "": as the file has it
	Width   int    // of the visible panel in millimetres; 0: it is asked for
	NoPIN   bool   // the PIN is not asked for

	in *bufio.Reader
}

// Run asks, looks, and writes. Started by root, it does all that as the terminal's user; root only writes the settings.
// Its errors are those of the caller: of a flag, an answer, or a file.
func (s *Setup) Run(ctx context.Context) error {
	var text []byte
	err := account.As(func() (err error) {
		text, err = s.compose(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if err := writeSettings(s.File, text); err != nil {
		return err
	}
	fmt.Fprintln(Plain(os.Stderr), "written:", s.File)
	if err := account.Become(); err != nil {
		return err
	}
	conf, err := config.Load(s.File)
	if err != nil {
		return err
	}
	if err := forget(conf.Overlay); err != nil {
		return err
	}
	for _, f := range checks.Files(ctx, conf) {
		fmt.Fprintln(Plain(os.Stderr), "not yet:", f.Detail)
	}
	for _, note := range terminal.Notes(conf) {
		fmt.Fprintln(os.Stderr, note)
	}
	return s.pin(conf.Service.PINFile)
}

// compose returns the text of the settings.
func (s *Setup) compose(ctx context.Context) ([]byte, error) {
	s.in = bufio.NewReader(os.Stdin)
	data, err := os.ReadFile(s.File)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = []byte(config.Template()), nil
	}
	if err != nil {
		return nil, err
	}
	if data, err = s.takeOver(data); err != nil {
		return nil, err
	}
	if err := s.checkGiven(data); err != nil {
		return nil, err
	}
	if data, err = s.ask(data, question{"Address of the registry", "registry.url", s.URL},
		question{"GUID of the clinic", "registry.lpu_guid", s.LPU}); err != nil {
		return nil, err
	}
	panel := question{"Width of the visible panel in mm (0: guess)", "screen.width_mm", s.width()}
	if data, err = s.ask(data, panel); err != nil {
		return nil, err
	}
	return s.printer(ctx, data)
}

// takeOver returns the text of the settings with what was changed on the screen in it: a technician at the console has
// the last word, and one file to read.
func (s *Setup) takeOver(data []byte) ([]byte, error) {
	conf, err := config.Load(s.File)
	if err != nil {
		return data, nil // what is wrong is told by the questions
	}
	for _, c := range conf.Overlay.Changes {
		fmt.Fprintf(Plain(os.Stderr), "taken over from the screen: %s = %s\n", c.Key, c.Value)
	}
	return config.Edit(s.File, data, conf.Overlay.Changes...)
}

// forget removes what was changed on the screen: setup has taken it over, or found that it cannot be used.
func forget(o config.Overlay) error {
	if o.File == "" || len(o.Changes) == 0 && o.Err == nil {
		return nil
	}
	if err := os.Remove(o.File); err != nil {
		return fmt.Errorf("what was changed on the screen: %w", err)
	}
	return nil
}

func (s *Setup) width() string {
	if s.Width == 0 {
		return ""
	}
	return strconv.Itoa(s.Width)
}

// checkGiven returns the error of what no answer mends: a value that is given, or another key of the file.
func (s *Setup) checkGiven(data []byte) error {
	const someURL, someLPU = "https://registry.invalid", "00000000-0000-4000-8000-000000000001"
	changes := []config.Change{
		{Key: "registry.url", Value: cmp.Or(s.URL, someURL)}, {Key: "registry.lpu_guid", Value: cmp.Or(s.LPU, someLPU)},
	}
	if s.Width != 0 {
		changes = append(changes, config.Change{Key: "screen.width_mm", Value: s.width()})
	}
	_, err := config.Edit(s.File, data, changes...)
	return err
}

// question asks for a key of the settings. Given is its value where nobody has to be asked.
type question struct{ text, key, given string }

// ask sets keys to what is given or answered. A person is asked until the answers can be used.
func (s *Setup) ask(data []byte, questions ...question) ([]byte, error) {
	values := config.Values(data)
	for {
		var changes []config.Change
		asked := false
		for _, q := range questions {
			value, err := s.answer(q, values[q.key])
			if err != nil {
				return nil, err
			}
			asked = asked || q.given == ""
			changes = append(changes, config.Change{Key: q.key, Value: value})
		}
		edited, err := config.Edit(s.File, data, changes...)
		if err == nil || !asked || !interactive() {
			return edited, err
		}
		fmt.Fprintln(Plain(os.Stderr), err)
	}
}

// answer returns what is given, else what a person types, else what the file has already.
func (s *Setup) answer(q question, now string) (string, error) {
	if q.given != "" {
		return q.given, nil
	}
	if !interactive() {
		if now == "" {
			return "", fmt.Errorf("%s is not given, and nobody is there to ask: see infomat setup --help",
				strings.ToLower(q.text))
		}
		return now, nil
	}
	fmt.Fprintf(Plain(os.Stderr), "%s [%s]: ", q.text, now)
	line, err := s.in.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("standard input: %w", err)
	}
	return cmp.Or(strings.TrimSpace(line), now), nil
}

// printer looks for the printer at every port and speed. A terminal whose printer is not found is set up all the
// same: it can be plugged in later.
func (s *Setup) printer(ctx context.Context, data []byte) ([]byte, error) {
	if s.Profile != "" {
		var err error
		if data, err = config.Edit(s.File, data, config.Change{Key: "printer.profile", Value: s.Profile}); err != nil {
			return nil, err
		}
	}
	conf, err := config.Parse(s.File, data)
	if err != nil {
		return nil, err
	}
	if _, err := terminal.Profile(conf.Printer); err != nil {
		return nil, err
	}
	if s.Port != "" {
		return config.Edit(s.File, data, config.Change{Key: "printer.port", Value: pinned(s.Port)})
	}
	found, ok := terminal.FindPrinter(ctx, conf, Plain(os.Stderr))
	if !ok {
		fmt.Fprintf(Plain(os.Stderr), "no printer of the profile %s answers; when it is plugged in and switched on, "+
			"run infomat setup again or use the diagnostics mode\n", conf.Printer.Profile)
		return data, nil
	}
	return config.Edit(s.File, data, take(found, conf.Printer.Profile)...)
}

// pinned returns the name of a port that stays with its device, and tells where that is another one.
func pinned(port string) string {
	stays := terminal.PortThatStays(port)
	if stays == "" {
		return port
	}
	fmt.Fprintf(Plain(os.Stderr), "the name %s can go to another device; the settings get %s, which stays\n", port, stays)
	return stays
}

// take tells which printer was found, and returns the settings for it.
func take(f terminal.FoundPrinter, profile string) []config.Change {
	changes := []config.Change{{Key: "printer.port", Value: pinned(f.Port)}}
	if f.Baud != 0 {
		fmt.Fprintf(Plain(os.Stderr), "printer: %s at %d baud\n", f.Port, f.Baud)
		return append(changes, config.Change{Key: "printer.baud", Value: strconv.Itoa(f.Baud)})
	}
	fmt.Fprintf(Plain(os.Stderr), "printer: %s (USB %s)\n", f.Port, f.What)
	if !f.Answers {
		fmt.Fprintf(Plain(os.Stderr), "it does not answer in the profile %s: is it switched on, and is that its profile? "+
			"From a printer that cannot answer, no ticket is known to be printed\n", profile)
	}
	return changes
}

// pin sets the PIN, where there is none yet.
func (s *Setup) pin(file string) error {
	if s.NoPIN || file == "" || (&pin.Lock{File: file}).Peek().Status != pin.NoFile {
		return nil
	}
	for {
		p, err := AskPIN()
		if err == nil {
			err = pin.Set(file, p)
		}
		if err == nil || !interactive() {
			return err
		}
		fmt.Fprintln(Plain(os.Stderr), err)
	}
}
