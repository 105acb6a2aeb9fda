package walk

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"infomat/ui/service"
)

// Technician opens the diagnostics mode as a technician does and takes a picture of each page.
type Technician struct {
	Mode *service.Mode
	Hand Hand
	Dir  string // existing directory for the pictures
	PIN  string

	pages map[string]Targets // by the name of their picture
}

// technicianWay lists the pages: the button of the menu, and the buttons tapped on the page before the picture is
// taken.
var technicianWay = [][]string{
	{"display", "judge.well"},
	{"overview"},
	{"checks"},
	{"registry"},
	{"printer"},
	{"printer", "printer.ticket"},
	{"touch"},
	{"display"},
	{"display", "display.ruler"},
	{"journal"},
	{"desk"},
	{"report"},
}

// Play makes the gesture, enters the PIN, goes through the pages and leaves the mode. What can be tapped on each page
// is written to technician.json.
func (t *Technician) Play(ctx context.Context) error {
	t.pages = map[string]Targets{}
	if err := t.play(ctx); err != nil {
		return err
	}
	data, err := json.MarshalIndent(t.pages, "", "  ")
	if err != nil {
		return fmt.Errorf("walk: %w", err)
	}
	return os.WriteFile(filepath.Join(t.Dir, "technician.json"), append(data, '\n'), 0o644)
}

func (t *Technician) play(ctx context.Context) error {
	if err := pauseFor(ctx, 8*calm); err != nil { // the terminal has just started
		return err
	}
	for range 5 {
		if _, err := t.Hand.Tap(ctx, 40, 40); err != nil {
			return err
		}
	}
	if err := t.keep(ctx, "keypad"); err != nil {
		return err
	}
	for _, digit := range t.PIN {
		if err := t.tap(ctx, "key."+string(digit)); err != nil {
			return err
		}
	}
	if err := t.keep(ctx, "menu"); err != nil {
		return err
	}
	for _, way := range technicianWay {
		if err := t.page(ctx, way); err != nil {
			return err
		}
	}
	return t.tap(ctx, "leave")
}

// page opens a page, takes its picture and returns to the menu.
func (t *Technician) page(ctx context.Context, way []string) error {
	if err := t.tap(ctx, "page."+way[0]); err != nil {
		return err
	}
	for _, id := range way[1:] {
		if err := t.tap(ctx, id); err != nil {
			return err
		}
	}
	if err := t.keep(ctx, strings.ReplaceAll(way[len(way)-1], ".", "-")); err != nil {
		return err
	}
	for !t.has("page." + way[0]) {
		if t.has("back") { // a slow screen may show the menu only after a second look
			if err := t.tap(ctx, "back"); err != nil {
				return err
			}
		}
		if err := pauseFor(ctx, 4*calm); err != nil {
			return err
		}
	}
	return nil
}

func (t *Technician) targets() (all []service.Target) {
	fyne.DoAndWait(func() { all = t.Mode.Targets() })
	return all
}

func (t *Technician) has(id string) bool {
	for _, target := range t.targets() {
		if target.ID == id {
			return true
		}
	}
	return false
}

// tap waits until a button is there and taps on it count, and taps its centre.
func (t *Technician) tap(ctx context.Context, id string) error {
	for {
		if err := pauseFor(ctx, calm/4); err != nil {
			return fmt.Errorf("walk: the technician waits for %s on the page %v: %w", id, t.targets(), err)
		}
		ready := false
		if fyne.DoAndWait(func() { ready = t.Mode.Ready() }); !ready {
			continue
		}
		for _, target := range t.targets() {
			if target.ID == id {
				_, err := t.Hand.Tap(ctx, int(target.X+target.W/2), int(target.Y+target.H/2))
				return err
			}
		}
	}
}

// keep waits for what the page has started to end, then writes the picture of the page.
func (t *Technician) keep(ctx context.Context, name string) error {
	if err := pauseFor(ctx, 4*calm); err != nil {
		return err
	}
	at := Targets{}
	for _, target := range t.targets() {
		at[target.ID] = [2]int{int(target.X + target.W/2), int(target.Y + target.H/2)}
	}
	t.pages[name] = at
	img, err := t.Hand.Picture(ctx)
	if err != nil {
		return err
	}
	return WritePNG(filepath.Join(t.Dir, "service-"+name+".png"), img)
}

func pauseFor(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
