package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"

	"infomat/device"
	"infomat/device/serialport"
	"infomat/kiosk/config"
	"infomat/kiosk/durable"
	"infomat/kiosk/pin"
)

// setupCommand is the first start of a terminal. What a flag gives is not asked for, so that a whole region can be set up without a person.
type setupCommand struct {
	Config  string `default:"/etc/infomat/infomat.toml" placeholder:"F" help:"Configuration file; written, and made where there is none."`
	URL     string `name:"url" placeholder:"URL" help:"Address of the registry."`
	LPU     string `name:"lpu" placeholder:"GUID" help:"GUID of the clinic."`
	Port    string `placeholder:"PORT" help:"Port of the printer; without it the printer is looked for."`
	Profile string `placeholder:"P" help:"Profile of the printer."`
	Width   int    `name:"width-mm" placeholder:"MM" help:"Width of the visible panel in millimetres."`
	NoPIN   bool   `name:"no-pin" help:"Do not ask for the PIN of the diagnostics mode."`

	in *bufio.Reader
}

// Run asks, looks, and writes.
func (c *setupCommand) Run(ctx context.Context) error {
	c.in = bufio.NewReader(os.Stdin)
	data, err := os.ReadFile(c.Config)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = []byte(config.Template()), nil
	}
	if err != nil {
		return usage(err)
	}
	data, err = c.registry(data)
	if err != nil {
		return err
	}
	if data, err = c.panel(data); err != nil {
		return err
	}
	if data, err = c.printer(ctx, data); err != nil {
		return err
	}
	if err := durable.WriteFile(c.Config, data, 0o644); err != nil {
		return usage(err)
	}
	fmt.Fprintln(os.Stderr, "written:", c.Config)
	return c.pin()
}

// registry asks for the registry until the answers can be used.
func (c *setupCommand) registry(data []byte) ([]byte, error) {
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
		edited, err := config.Edit(c.Config, data, config.Change{Key: "registry.url", Value: url}, config.Change{Key: "registry.lpu_guid", Value: lpu})
		if err == nil || c.URL != "" && c.LPU != "" || !interactive() {
			return edited, asUsage(err)
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

// panel asks for the panel's width until it can be used.
func (c *setupCommand) panel(data []byte) ([]byte, error) {
	given := ""
	if c.Width != 0 {
		given = strconv.Itoa(c.Width)
	}
	for {
		width, err := c.answer("Width of the visible panel in mm (0: guess)", given, config.Values(data)["screen.width_mm"])
		if err != nil {
			return nil, err
		}
		edited, err := config.Edit(c.Config, data, config.Change{Key: "screen.width_mm", Value: width})
		if err == nil || given != "" || !interactive() {
			return edited, asUsage(err)
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

// printer looks for the printer at every port and speed. A terminal whose printer is not found is set up all the same: it can be plugged in later.
func (c *setupCommand) printer(ctx context.Context, data []byte) ([]byte, error) {
	if c.Profile != "" {
		var err error
		if data, err = config.Edit(c.Config, data, config.Change{Key: "printer.profile", Value: c.Profile}); err != nil {
			return nil, usage(err)
		}
	}
	conf, err := config.Parse(c.Config, data)
	if err != nil {
		return nil, usage(err)
	}
	if _, err := profile(conf.Printer); err != nil {
		return nil, err
	}
	if c.Port != "" {
		edited, err := config.Edit(c.Config, data, config.Change{Key: "printer.port", Value: c.Port})
		return edited, asUsage(err)
	}
	port, baud, found := findPrinter(ctx, conf)
	if !found {
		fmt.Fprintf(os.Stderr, "no printer of the profile %s answers; when it is plugged in and switched on, run infomat setup again or use the diagnostics mode\n",
			conf.Printer.Profile)
		return data, nil
	}
	fmt.Fprintf(os.Stderr, "printer: %s at %d baud\n", port, baud)
	edited, err := config.Edit(c.Config, data, config.Change{Key: "printer.port", Value: port}, config.Change{Key: "printer.baud", Value: strconv.Itoa(baud)})
	return edited, asUsage(err)
}

// askWithin bounds one question to a port at one speed.
const askWithin = 3 * time.Second

// findPrinter asks at the configured port and at all that there are, at each speed, and tells on standard error what it tries.
func findPrinter(ctx context.Context, conf config.Config) (port string, baud int, found bool) {
	ports := []string{conf.Printer.Port}
	infos, err := serialport.List()
	if err != nil {
		fmt.Fprintln(os.Stderr, "the ports cannot be listed:", err)
	}
	for _, i := range infos {
		ports = append(ports, i.Name)
	}
	for _, port := range ports {
		if _, err := os.Stat(port); err != nil {
			continue
		}
		for _, baud := range speeds {
			fmt.Fprintf(os.Stderr, "looking for the printer: %s, %d baud\n", port, baud)
			conf.Printer.Port, conf.Printer.Baud = port, baud
			if answers(ctx, conf) {
				return port, baud, true
			}
		}
	}
	return "", 0, false
}

// answers tells whether a printer of the configured profile is there.
func answers(ctx context.Context, conf config.Config) bool {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	p := &parts{config: conf, log: slog.New(slog.DiscardHandler)}
	if err := errors.Join(p.buildLanguages(), p.buildPrinter()); err != nil {
		return false
	}
	defer p.printer.Close()
	s, err := p.printer.Status(ctx)
	return err == nil && s.Device != device.DeviceNotSupported
}

// pin sets the PIN, where there is none yet.
func (c *setupCommand) pin() error {
	conf, err := load(c.Config)
	if err != nil || c.NoPIN || conf.Service.PINFile == "" {
		return err
	}
	if v := (&pin.Lock{File: conf.Service.PINFile}).Peek(); v.Status != pin.NoFile {
		return nil
	}
	for {
		p, err := askPIN()
		if err == nil {
			err = pin.Set(conf.Service.PINFile, p)
		}
		if err == nil || !interactive() {
			return asUsage(err)
		}
		fmt.Fprintln(os.Stderr, err)
	}
}

// answer is what a flag gives, else what a person types, else what stands there already.
func (c *setupCommand) answer(question, given, now string) (string, error) {
	if given != "" {
		return given, nil
	}
	if !interactive() {
		if now == "" {
			return "", usage(fmt.Errorf("%s is not given, and nobody is there to ask: see infomat setup --help", strings.ToLower(question)))
		}
		return now, nil
	}
	fmt.Fprintf(os.Stderr, "%s [%s]: ", question, now)
	line, err := c.in.ReadString('\n')
	if err != nil {
		return "", usage(fmt.Errorf("standard input: %w", err))
	}
	if line = strings.TrimSpace(line); line != "" {
		return line, nil
	}
	return now, nil
}

func interactive() bool { return term.IsTerminal(int(os.Stdin.Fd())) }

// asUsage makes an error the caller's.
func asUsage(err error) error {
	if err == nil {
		return nil
	}
	return usage(err)
}
