package setup

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

	"golang.org/x/term"

	"infomat/kiosk/config"
	"infomat/kiosk/durable"
	"infomat/kiosk/pin"
	"infomat/terminal"
	"infomat/terminal/checks"
)

// Answers are what is known before a person is asked. What is given is not asked for, so that a whole region can be set
// up without a person.
type Answers struct {
	File    string // the settings; created if missing
	URL     string // of the registry
	LPU     string // GUID of the clinic
	Port    string // of the printer; "": the printer is looked for
	Profile string // of the printer
	Width   int    // of the visible panel in millimetres; 0: not given
	NoPIN   bool   // the PIN of the diagnostics mode is not asked for
}

// setup asks for what is not given.
type setup struct {
	Answers
	in *bufio.Reader
}

// Run asks for what is missing, looks for the printer, and writes the settings and the PIN. An error is the caller's:
// an answer, or a file, that cannot be used.
func Run(ctx context.Context, a Answers) error {
	c := &setup{Answers: a, in: bufio.NewReader(os.Stdin)}
	data, err := os.ReadFile(c.File)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = []byte(config.Template()), nil
	}
	if err != nil {
		return err
	}
	if err := c.checkFlags(data); err != nil {
		return err
	}
	if data, err = c.registry(data); err != nil {
		return err
	}
	if data, err = c.panel(data); err != nil {
		return err
	}
	if data, err = c.printer(ctx, data); err != nil {
		return err
	}
	if err := durable.WriteFile(c.File, data, 0o644); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "written:", c.File)
	if err := c.checkFiles(ctx, data); err != nil {
		return err
	}
	return c.pin()
}

// checkFlags returns the error of a flag that a person cannot answer in its place.
func (c *setup) checkFlags(data []byte) error {
	const someURL, someLPU = "https://registry.invalid", "00000000-0000-4000-8000-000000000001"
	url := config.Change{Key: "registry.url", Value: cmp.Or(c.URL, someURL)}
	lpu := config.Change{Key: "registry.lpu_guid", Value: cmp.Or(c.LPU, someLPU)}
	_, err := config.Edit(c.File, data, url, lpu)
	return err
}

// checkFiles warns of the files that the settings name and that cannot be used yet.
func (c *setup) checkFiles(ctx context.Context, data []byte) error {
	conf, err := config.Parse(c.File, data)
	if err != nil {
		return err
	}
	for _, f := range checks.Files(ctx, conf) {
		fmt.Fprintln(os.Stderr, "not yet:", f.Detail)
	}
	return nil
}

// registry asks for the registry until the answers can be used.
func (c *setup) registry(data []byte) ([]byte, error) {
	values := config.Values(data)
	for {
		url, err := c.answer("Address of the registry", c.URL, values["registry.url"])
		if err != nil {
			return nil, err
		}
		lpu, err := c.answer("GUID of the clinic", c.LPU, values["registry.lpu_guid"])
		if err != nil {
			return nil, err
		}
		edited, err := config.Edit(
			c.File,
			data,
			config.Change{Key: "registry.url", Value: url},
			config.Change{Key: "registry.lpu_guid", Value: lpu},
		)
		if err == nil || c.URL != "" && c.LPU != "" || !interactive() {
			return edited, err
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

// panel asks for the panel's width until it can be used.
func (c *setup) panel(data []byte) ([]byte, error) {
	given := ""
	if c.Width != 0 {
		given = strconv.Itoa(c.Width)
	}
	for {
		width, err := c.answer("Width of the visible panel in mm (0: guess)", given, config.Values(data)["screen.width_mm"])
		if err != nil {
			return nil, err
		}
		edited, err := config.Edit(c.File, data, config.Change{Key: "screen.width_mm", Value: width})
		if err == nil || given != "" || !interactive() {
			return edited, err
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

// printer looks for the printer at every port and speed. A terminal whose printer is not found is set up all the
// same: it can be plugged in later.
func (c *setup) printer(ctx context.Context, data []byte) ([]byte, error) {
	if c.Profile != "" {
		var err error
		if data, err = config.Edit(c.File, data, config.Change{Key: "printer.profile", Value: c.Profile}); err != nil {
			return nil, err
		}
	}
	conf, err := config.Parse(c.File, data)
	if err != nil {
		return nil, err
	}
	if _, err := terminal.Profile(conf.Printer); err != nil {
		return nil, err
	}
	if c.Port != "" {
		edited, err := config.Edit(c.File, data, config.Change{Key: "printer.port", Value: c.Port})
		return edited, err
	}
	port, baud, found := terminal.FindPrinter(ctx, conf, os.Stderr)
	if !found {
		fmt.Fprintf(
			os.Stderr,
			"no printer of the profile %s answers; when it is plugged in and switched on, "+
				"run infomat setup again or use the diagnostics mode\n",
			conf.Printer.Profile,
		)
		return data, nil
	}
	fmt.Fprintf(os.Stderr, "printer: %s at %d baud\n", port, baud)
	edited, err := config.Edit(
		c.File,
		data,
		config.Change{Key: "printer.port", Value: port},
		config.Change{Key: "printer.baud", Value: strconv.Itoa(baud)},
	)
	return edited, err
}

// pin sets the PIN, where there is none yet.
func (c *setup) pin() error {
	conf, err := config.Load(c.File)
	if err != nil || c.NoPIN || conf.Service.PINFile == "" {
		return err
	}
	if v := (&pin.Lock{File: conf.Service.PINFile}).Peek(); v.Status != pin.NoFile {
		return nil
	}
	for {
		p, err := AskPIN()
		if err == nil {
			err = pin.Set(conf.Service.PINFile, p)
		}
		if err == nil || !interactive() {
			return err
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

// answer is what a flag gives, else what a person types, else what stands there already.
func (c *setup) answer(question, given, now string) (string, error) {
	if given != "" {
		return given, nil
	}
	if !interactive() {
		if now == "" {
			const nobody = "%s is not given, and nobody is there to ask: see infomat setup --help"
			return "", fmt.Errorf(nobody, strings.ToLower(question))
		}
		return now, nil
	}
	fmt.Fprintf(os.Stderr, "%s [%s]: ", question, now)
	line, err := c.in.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("standard input: %w", err)
	}
	if line = strings.TrimSpace(line); line != "" {
		return line, nil
	}
	return now, nil
}

func interactive() bool { return term.IsTerminal(int(os.Stdin.Fd())) }
