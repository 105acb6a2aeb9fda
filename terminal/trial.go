package terminal

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strconv"

	"infomat/device/escpos"
	"infomat/kiosk/config"
	"infomat/kiosk/desk"
	"infomat/kiosk/diag"
	"infomat/kiosk/durable"
	"infomat/kiosk/journal"
)

// beforeFile names the file with the changes of the screen as they were before the one that is being tried. While it is
// there nobody has confirmed that one.
func beforeFile(overlay string) string { return overlay + ".before" }

// UndoTrial restores what was changed on the screen where nobody has confirmed the last change: the terminal, or its
// power, went down in the middle. It reports whether there was such a change.
func UndoTrial(overlay string) (undone bool, err error) {
	data, err := os.ReadFile(beforeFile(overlay))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("settings: %w", err)
	}
	if err := durable.WriteFile(overlay, data, 0o600); err != nil {
		return false, fmt.Errorf("settings: %w", err)
	}
	return true, os.Remove(beforeFile(overlay))
}

// StartSettings returns the settings for a start. A change that nobody has confirmed is undone first. Where that cannot
// be done, as on a disk that has become read-only, the problem says why, and the settings from before the change are
// returned where they can be read. The problem is also why nothing that was changed on the screen is in use. The error
// is that of the settings file.
func StartSettings(file string) (c config.Config, undone bool, problem, err error) {
	c, err = config.Load(file)
	if err != nil || c.Overlay.File == "" {
		return c, false, nil, err
	}
	if undone, problem = UndoTrial(c.Overlay.File); problem != nil {
		if before, err := config.LoadWith(file, beforeFile(c.Overlay.File)); err == nil && before.Overlay.Err == nil {
			before.Overlay.File = c.Overlay.File
			return before, undone, problem, nil
		}
	}
	if undone {
		c, err = config.Load(file)
	}
	return c, undone, errors.Join(problem, c.Overlay.Err), err
}

// trial lets a technician try a setting of the printer. It is in the file and in use until it is kept or undone; also
// a restart undoes it.
type trial struct {
	settings *settings
	use      func(config.Config) error // puts the printer's settings to use
	note     func(journal.Kind, journal.Note)
	log      *slog.Logger
}

// change tries a value. One that cannot be read, or put to use, is not tried.
func (t *trial) change(key, value string) error {
	overlay := t.settings.inUse().Overlay.File
	if _, err := UndoTrial(overlay); err != nil { // of a change that nobody has confirmed
		return err
	}
	next, before, after, err := config.ChangeOverlay(t.settings.file, config.Change{Key: key, Value: value})
	if err != nil {
		return err
	}
	if err := durable.WriteFile(beforeFile(overlay), before, 0o600); err != nil {
		return err
	}
	if err := durable.WriteFile(overlay, after, 0o600); err != nil {
		return errors.Join(err, os.Remove(beforeFile(overlay)))
	}
	if err := t.apply(next); err != nil {
		return errors.Join(err, t.undo())
	}
	t.log.Info("a setting is tried", "key", key)
	t.note(journal.KindOperator, journal.Note{Subject: "setting", State: "tried", Detail: key})
	return nil
}

// apply makes the printer's settings those in use; the others count from the next start. They are in use before the
// press is built, so that it is never built again from those before.
func (t *trial) apply(c config.Config) error {
	before := t.settings.inUse()
	now := before
	now.Printer, now.Overlay = c.Printer, c.Overlay
	t.settings.use(now)
	if err := t.use(now); err != nil {
		t.settings.use(before)
		return err
	}
	return nil
}

// keep confirms the change.
func (t *trial) keep() error {
	t.log.Info("the setting is kept")
	t.note(journal.KindOperator, journal.Note{Subject: "setting", State: "kept"})
	return os.Remove(beforeFile(t.settings.inUse().Overlay.File))
}

// undo takes the change back.
func (t *trial) undo() error {
	undone, err := UndoTrial(t.settings.inUse().Overlay.File)
	if err != nil || !undone {
		return err
	}
	t.log.Info("the setting is undone")
	t.note(journal.KindOperator, journal.Note{Subject: "setting", State: "undone"})
	before, err := config.Load(t.settings.file)
	if err != nil {
		return err
	}
	return t.apply(before)
}

// lines returns all keys with their values; those of the printer can be changed.
func (t *trial) lines() ([]desk.Setting, error) {
	data, err := os.ReadFile(t.settings.file)
	if err != nil {
		return nil, err
	}
	values := config.Values([]byte(diag.Mask(string(data), config.Secret)))
	for _, c := range t.settings.inUse().Overlay.Changes {
		values[c.Key] = c.Value
	}
	choices := t.choices(values)
	var all []desk.Setting
	for _, key := range config.Keys() {
		all = append(all, desk.Setting{Key: key, Value: values[key], Choices: choices[key]})
	}
	return all, nil
}

// choices returns the values that a setting can be given, by its key: for the port, what is plugged in.
func (t *trial) choices(values map[string]string) map[string][]desk.Choice {
	all := map[string][]desk.Choice{
		"printer.flow": {{Value: "none"}, {Value: "rtscts"}, {Value: "xonxoff"}},
		"printer.port": {{Value: values["printer.port"]}},
	}
	for _, s := range Speeds {
		all["printer.baud"] = append(all["printer.baud"], desk.Choice{Value: strconv.Itoa(s)})
	}
	if profiles, err := escpos.Load(values["printer.profiles_file"]); err == nil {
		for _, name := range profiles.Names() {
			all["printer.profile"] = append(all["printer.profile"], desk.Choice{Value: name})
		}
	}
	plugged, errs := ports()
	if len(errs) > 0 {
		t.log.Warn("the ports cannot be listed", "error", errors.Join(errs...))
	}
	for _, p := range plugged {
		c := desk.Choice{Value: p.name, Label: p.label()}
		if !slices.ContainsFunc(all["printer.port"], func(o desk.Choice) bool { return o.Value == p.name }) {
			all["printer.port"] = append(all["printer.port"], c)
		}
	}
	return all
}
