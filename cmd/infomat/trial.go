package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/serialport"
	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/durable"
	"infomat/kiosk/health"
	"infomat/kiosk/journal"
	"infomat/ui/service"
)

// beforeFile keeps the settings as they were while a change is tried. As long as it is there nobody has confirmed the change.
func beforeFile(settings string) string { return settings + ".before" }

// undoTrial puts back what a change that nobody has confirmed had changed: the terminal, or its power, went down in the middle.
func undoTrial(settings string) (undone bool, err error) {
	data, err := os.ReadFile(beforeFile(settings))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("settings: %w", err)
	}
	if err := durable.WriteFile(settings, data, 0o644); err != nil {
		return false, fmt.Errorf("settings: %w", err)
	}
	return true, os.Remove(beforeFile(settings))
}

// change tries a value: it is in the file and in use from now on, until keep or undo. What cannot be read, or put to use, is not tried.
func (d *desk) change(key, value string) error {
	data, err := os.ReadFile(d.file)
	if err != nil {
		return err
	}
	edited, err := config.Edit(d.file, data, config.Change{Key: key, Value: value})
	if err != nil {
		return err
	}
	next, err := config.Parse(d.file, edited)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(beforeFile(d.file), data, 0o644); err != nil {
		return err
	}
	if err := durable.WriteFile(d.file, edited, 0o644); err != nil {
		return errors.Join(err, os.Remove(beforeFile(d.file)))
	}
	if err := d.use(next); err != nil {
		return errors.Join(err, d.undo())
	}
	d.log.Info("a setting is tried", "key", key)
	d.note(journal.KindOperator, journal.Note{Subject: "setting", State: "tried", Detail: key})
	return nil
}

// keep confirms the change.
func (d *desk) keep() error {
	d.log.Info("the setting is kept")
	d.note(journal.KindOperator, journal.Note{Subject: "setting", State: "kept"})
	return os.Remove(beforeFile(d.file))
}

// undo takes the change back.
func (d *desk) undo() error {
	undone, err := undoTrial(d.file)
	if err != nil || !undone {
		return err
	}
	d.log.Info("the setting is undone")
	d.note(journal.KindOperator, journal.Note{Subject: "setting", State: "undone"})
	before, err := config.Load(d.file)
	if err != nil {
		return err
	}
	return d.use(before)
}

// useWithin bounds the wait for a print that is on its way.
const useWithin = 30 * time.Second

// use puts the printer's settings to use; the others count from the next start.
func (d *desk) use(c config.Config) error {
	paper, err := d.newPaper(c)
	if err != nil {
		return err
	}
	if paper.device.Port == virtualPort {
		if d.virtual == nil {
			return errors.New("printer.port: a printer in software is made when the program starts")
		}
		paper.device.Port = d.virtual.Path()
	}
	ctx, cancel := context.WithTimeout(context.Background(), useWithin)
	defer cancel()
	if err := d.printer.Use(ctx, paper.device); err != nil {
		d.log.Warn("the line of the printer before", "error", err)
	}
	d.paper.Store(paper)
	d.poke(health.PartPrinter)
	return nil
}

// settingLines are all keys with their values; those of the printer can be changed.
func (d *desk) settingLines() ([]service.Setting, error) {
	data, err := os.ReadFile(d.file)
	if err != nil {
		return nil, err
	}
	values := config.Values([]byte(diag.Mask(string(data), secretKey)))
	choices := d.choices(values)
	var all []service.Setting
	for _, key := range config.Keys() {
		all = append(all, service.Setting{Key: key, Value: values[key], Choices: choices[key]})
	}
	return all, nil
}

// speeds are those that printers are delivered with, the likeliest first.
var speeds = []int{9600, 19200, 115200, 38400, 57600, 4800}

// choices are the values that a setting can be given, by its key: for the port, what is plugged in.
func (d *desk) choices(values map[string]string) map[string][]service.Choice {
	all := map[string][]service.Choice{
		"printer.flow": {{Value: "none"}, {Value: "rtscts"}, {Value: "xonxoff"}},
		"printer.port": {{Value: values["printer.port"]}},
	}
	for _, s := range speeds {
		all["printer.baud"] = append(all["printer.baud"], service.Choice{Value: strconv.Itoa(s)})
	}
	if profiles, err := escpos.Load(values["printer.profiles_file"]); err == nil {
		for _, name := range profiles.Names() {
			all["printer.profile"] = append(all["printer.profile"], service.Choice{Value: name})
		}
	}
	ports, err := serialport.List()
	if err != nil {
		d.log.Warn("the ports cannot be listed", "error", err)
	}
	for _, p := range ports {
		c := service.Choice{Value: p.Name, Label: p.Name}
		if what := strings.TrimSpace(p.Manufacturer + " " + p.Product); what != "" {
			c.Label = what + " · " + p.Name
		}
		if !slices.ContainsFunc(all["printer.port"], func(o service.Choice) bool { return o.Value == p.Name }) {
			all["printer.port"] = append(all["printer.port"], c)
		}
	}
	return all
}

// findSpeed asks the printer at each speed, and gives the one at which it answers; the line is then as it was before.
func (d *desk) findSpeed(ctx context.Context) (string, error) {
	how := d.paper.Load()
	defer func() {
		back, cancel := context.WithTimeout(context.WithoutCancel(ctx), useWithin)
		defer cancel()
		if err := d.printer.Use(back, how.device); err != nil {
			d.log.Warn("the printer's line", "error", err)
		}
	}()
	for _, s := range speeds {
		c := how.device
		c.Baud = s
		if err := d.printer.Use(ctx, c); err != nil {
			d.log.Warn("the printer's line", "error", err)
		}
		if st, err := d.printer.Status(ctx); err == nil && st.Device != device.DeviceNotSupported {
			return strconv.Itoa(s), nil
		}
		if ctx.Err() != nil {
			break
		}
	}
	return "", errors.New("the printer answers at none of the speeds")
}
