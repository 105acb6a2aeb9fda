package walk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"infomat/kiosk"
	"infomat/ui"
)

// patience is the longest wait for a screen. It is longer than the deadlines of the registry and the printer together.
const patience = 60 * time.Second

// calm is the least time for which the patient looks at a screen before the next tap. He also waits until taps count.
const calm = 350 * time.Millisecond

// Hand taps a window and takes pictures of it. Coordinates are pixels of the window.
type Hand interface {
	// Tap presses and releases, and returns the time just before the release was sent.
	Tap(ctx context.Context, x, y int) (released time.Time, err error)
	// Picture returns the window as the display shows it.
	Picture(ctx context.Context) (image.Image, error)
}

// Report is the result of a walk, the content of walk.json. Times are in milliseconds.
type Report struct {
	FirstFrameMS     float64            `json:"first_frame_ms"` // from the program's start to its first frame
	Steps            []Step             `json:"steps"`
	ReserveToPaperMS float64            `json:"reserve_to_paper_ms"` // from «Забронировать» to the confirmation
	Line             Line               `json:"line"`
	Rests            []Rest             `json:"rests,omitempty"` // load on the screens at which the patient waited
	Outcome          kiosk.Outcome      `json:"outcome"`
	Print            kiosk.PrintOutcome `json:"print"`
	Size             string             `json:"size"`
	Language         string             `json:"language"`

	Reserved time.Time `json:"-"` // the tap on «Забронировать»
}

// Line holds what was measured at the other end of the printer's serial line.
type Line struct {
	ReserveToLastByteMS float64 `json:"reserve_to_last_byte_ms"` // from the tap on «Забронировать»
	RegistryMS          float64 `json:"registry_ms"`             // part of it: the configured delay of the registry
	WireMS              float64 `json:"wire_ms"`                 // part of it: least time on the line, bytes×10/baud
	TicketBytes         int     `json:"ticket_bytes"`
	Baud                int     `json:"baud"`
}

// Step is one screen of the walk.
type Step struct {
	Step         string  `json:"step"`
	Picture      string  `json:"picture"`
	TapToPaintMS float64 `json:"tap_to_paint_ms,omitempty"` // from the release of the tap to the frame; 0 for the first
	Tapped       string  `json:"tapped,omitempty"`          // the target that led on; blank for the last
	Targets      Targets `json:"targets"`                   // of the screen
}

// Targets are pixels, [x, y], at the middle of the targets of a screen by their ids.
type Targets map[string][2]int

// Player plays the patient.
type Player struct {
	Shell   *ui.Shell
	Hand    Hand
	Dir     string          // existing directory for the pictures
	Frames  <-chan ui.Frame // every painted page
	Started time.Time       // start of the program
	Calm    time.Duration   // time before each tap; 0 means calm
	Text    kiosk.TextSize  // chosen in the settings of the view
	Who     *Identity       // what the patient types of himself; nil: nobody is asked
	Rest    time.Duration   // time to measure the load on the welcome screen and the countdown; 0 means not at all

	report Report
	frame  ui.Frame // last one received
}

// way lists the taps of a visit and the screen that each leads to. A target that ends with a dot is a prefix: of the
// targets that begin with it, the one with the most free cells is tapped, or the first if the state has no numbers.
var way = []struct {
	target string
	free   func(kiosk.State) map[string]int
	step   kiosk.Step
	ready  func(kiosk.State) bool
}{
	{"start", noCounts, kiosk.StepAge, always},
	{"age.ADULT", noCounts, kiosk.StepSpeciality, loaded},
	{"speciality.", specialities, kiosk.StepDoctor, loaded},
	{"doctor.", doctors, kiosk.StepTime, loaded},
	{"cell.", noCounts, kiosk.StepCheck, always},
	{"reserve", noCounts, kiosk.StepReserving, always},
}

// noCounts is used for targets without a number of free cells.
func noCounts(kiosk.State) map[string]int { return nil }

// specialities returns the number of free cells by the target of the speciality.
func specialities(s kiosk.State) map[string]int {
	free := map[string]int{}
	for _, x := range s.Specialities {
		free["speciality."+x.Code] = x.Free
	}
	return free
}

// doctors returns the number of free cells by the target of the doctor.
func doctors(s kiosk.State) map[string]int {
	free := map[string]int{}
	for _, d := range s.Doctors {
		free["doctor."+d.GUID.String()] = d.Free
	}
	return free
}

func always(kiosk.State) bool   { return true }
func loaded(s kiosk.State) bool { return !s.Loading }

// open reports whether a visit can begin: something is free, though perhaps not today, in the evening.
func open(s kiosk.State) bool {
	return s.Step == kiosk.StepWelcome && !s.Overview.Nearest.Begin.IsZero()
}

// Play goes from the welcome screen to the ticket. On an error the report holds what was measured until then.
func (p *Player) Play(ctx context.Context) (Report, error) {
	first, err := p.wait(ctx, "the first frame", always)
	if err != nil {
		return p.report, err
	}
	p.report.FirstFrameMS = MS(first.At.Sub(p.Started))
	if _, err := p.wait(ctx, "the welcome screen", open); err != nil {
		return p.report, err
	}
	if err := errors.Join(p.rest(ctx, kiosk.StepWelcome), p.keep(ctx, "welcome", 0)); err != nil {
		return p.report, err
	}
	if err := p.choose(ctx, p.Text); err != nil {
		return p.report, err
	}
	rest := way
	if p.Who != nil {
		if err := p.identify(ctx, *p.Who); err != nil {
			return p.report, err
		}
		rest = way[2:] // the registry knows the age
	}
	for _, w := range rest {
		if p.report.Reserved, err = p.tap(ctx, w.target, w.free(p.Shell.State())); err != nil {
			return p.report, err
		}
		if err := p.arrive(ctx, w.step, p.report.Reserved, w.ready); err != nil {
			return p.report, err
		}
	}
	return p.report, p.end(ctx)
}

// choose sets a text size in the settings of the view.
func (p *Player) choose(ctx context.Context, size kiosk.TextSize) error {
	if size == kiosk.TextNormal {
		return nil
	}
	if _, err := p.tap(ctx, "view.open", nil); err != nil {
		return err
	}
	for next := kiosk.TextNormal + 1; next <= size; next++ {
		if _, err := p.tap(ctx, "view.text", nil); err != nil {
			return err
		}
		chosen := func(s kiosk.State) bool { return s.View.Text == next }
		if _, err := p.wait(ctx, fmt.Sprintf("text size %d", next), chosen); err != nil {
			return err
		}
	}
	_, err := p.tap(ctx, "view.close", nil)
	return err
}

// arrive waits for a screen and takes its picture.
func (p *Player) arrive(ctx context.Context, step kiosk.Step, released time.Time, ready func(kiosk.State) bool) error {
	f, err := p.wait(ctx, "the screen "+step.String(), func(s kiosk.State) bool { return s.Step >= step && ready(s) })
	if err != nil {
		return err
	}
	return p.keep(ctx, f.State.Step.String(), MS(f.At.Sub(released)))
}

// end waits for the outcome of the booking and of the printing.
func (p *Player) end(ctx context.Context) error {
	f, err := p.wait(ctx, "the end of the booking", kiosk.State.Settled)
	p.report.Outcome, p.report.Print = f.State.Outcome(), f.State.PrintOutcome()
	if err != nil {
		return err
	}
	p.report.ReserveToPaperMS = MS(f.At.Sub(p.report.Reserved))
	return errors.Join(p.keep(ctx, f.State.Step.String(), 0), p.rest(ctx, f.State.Step))
}

// wait receives frames until good reports true for one.
func (p *Player) wait(ctx context.Context, what string, good func(kiosk.State) bool) (ui.Frame, error) {
	deadline := time.After(patience)
	for p.frame.At.IsZero() || !good(p.frame.State) {
		select {
		case p.frame = <-p.Frames:
		case <-deadline:
			return p.frame, fmt.Errorf("walk: %s did not come within %s; the screen is %s", what, patience, p.frame.State.Step)
		case <-ctx.Done():
			return p.frame, fmt.Errorf("walk: waiting for %s: %w", what, ctx.Err())
		}
	}
	return p.frame, nil
}

// mostPages is the largest number of pages that the patient turns for a target.
const mostPages = 9

// tap finds a target and taps its centre. If several match, it takes the one with the most free cells. If the page has
// none, it may be one of several: tap turns them until one has.
func (p *Player) tap(ctx context.Context, id string, free map[string]int) (time.Time, error) {
	for range mostPages {
		found, released, err := p.tapHere(ctx, id, free)
		if found || err != nil {
			return released, err
		}
		if found, _, err = p.tapHere(ctx, "page.next", nil); !found || err != nil {
			return time.Time{}, cmp.Or(err, p.missing(id))
		}
	}
	return time.Time{}, p.missing(id)
}

func (p *Player) missing(id string) error {
	var targets []ui.Target
	fyne.DoAndWait(func() { targets = p.Shell.Targets() })
	return fmt.Errorf("walk: no target %q on the screen; targets: %v", id, targets)
}

// tapHere taps a target of the page as it is, and reports whether there is one.
func (p *Player) tapHere(ctx context.Context, id string, free map[string]int) (found bool, at time.Time, err error) {
	select {
	case <-time.After(cmp.Or(p.Calm, calm)):
	case <-ctx.Done():
		return false, time.Time{}, fmt.Errorf("walk: %w", ctx.Err())
	}
	targets, err := p.readable(ctx)
	if err != nil {
		return false, time.Time{}, err
	}
	named := slices.DeleteFunc(slices.Clone(targets), func(t ui.Target) bool {
		return t.ID != id && !(strings.HasSuffix(id, ".") && strings.HasPrefix(t.ID, id))
	})
	if len(named) == 0 {
		return false, time.Time{}, nil
	}
	target := slices.MaxFunc(named, func(a, b ui.Target) int { return cmp.Compare(free[a.ID], free[b.ID]) })
	x, y := target.Middle()
	if n := len(p.report.Steps); n > 0 {
		p.report.Steps[n-1].Tapped = target.ID
	}
	at, err = p.Hand.Tap(ctx, x, y)
	return true, at, err
}

// readable waits until taps on the screen count, and returns its targets.
func (p *Player) readable(ctx context.Context) (targets []ui.Target, err error) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for ready := false; !ready; {
		fyne.DoAndWait(func() { ready, targets = p.Shell.Ready(), p.Shell.Targets() })
		if err := pauseFor(bounded, calm/20); err != nil {
			return nil, fmt.Errorf("walk: waiting until taps on the screen %s count: %w", p.frame.State.Step, err)
		}
	}
	return targets, nil
}

// keep writes a picture of the screen as the display shows it.
func (p *Player) keep(ctx context.Context, step string, tapToPaint float64) error {
	select {
	case <-time.After(calm / 2): // the frame is painted; wait until the display shows it
	case <-ctx.Done():
		return fmt.Errorf("walk: %w", ctx.Err())
	}
	img, err := p.Hand.Picture(ctx)
	if err != nil {
		return fmt.Errorf("walk: picture of %s: %w", step, err)
	}
	name := fmt.Sprintf("%02d-%s.png", len(p.report.Steps)+1, step)
	if err := WritePNG(filepath.Join(p.Dir, name), img); err != nil {
		return err
	}
	at := Targets{}
	fyne.DoAndWait(func() {
		for _, t := range p.Shell.Targets() {
			x, y := t.Middle()
			at[t.ID] = [2]int{x, y}
		}
	})
	p.report.Steps = append(p.report.Steps, Step{Step: step, Picture: name, TapToPaintMS: tapToPaint, Targets: at})
	return nil
}

// WritePNG writes a picture to a file.
func WritePNG(name string, img image.Image) error {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("walk: %w", err)
	}
	if err := png.Encode(f, img); err != nil {
		_ = f.Close() // the first error says more
		return fmt.Errorf("walk: %s: %w", name, err)
	}
	return f.Close()
}

// Write writes the report as walk.json.
func (r Report) Write(dir string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("walk: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "walk.json"), append(data, '\n'), 0o644)
}

// MS returns a duration in milliseconds, and 0 for a negative duration.
func MS(d time.Duration) float64 { return max(0, float64(d.Microseconds())/1000) }
