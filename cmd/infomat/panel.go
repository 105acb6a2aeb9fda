package main

import (
	"context"
	"image"
	"log/slog"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"infomat/assets/lang"
	"infomat/device/escpos"
	"infomat/device/virtual"
	"infomat/ui/panel"
	"infomat/ui/xwalk"
)

// panelEvery is the interval at which the panel reads the printer's state.
const panelEvery = 300 * time.Millisecond

// printerPanel is the window with the switches of the virtual printer.
type printerPanel struct {
	printer *virtual.Printer
	profile escpos.Profile
	words   *lang.Language
	log     *slog.Logger
}

// show opens the panel. The returned function keeps it up to date until ctx is done.
func (p *printerPanel) show(a fyne.App, place func(fyne.Window) (placed bool)) (run func(context.Context) error) {
	buttons := []panel.Button{{Label: p.text("roll"), Do: func() { p.printer.LoadPaper(0) }}}
	if p.profile.Presenter != nil {
		buttons = append(buttons, panel.Button{Label: p.text("take"), Do: func() { p.printer.TakeTicket() }})
	}
	w := panel.New(a, p.text("title"), p.switches(), buttons)
	w.Show()
	return func(ctx context.Context) error {
		p.refresh(ctx, w, place)
		return nil
	}
}

func (p *printerPanel) text(id string) string { return p.words.Text("panel."+id, nil) }

func (p *printerPanel) switches() (all []panel.Switch) {
	for _, f := range virtual.Faults {
		all = append(all, panel.Switch{Label: p.text(f.Name()), Set: func(on bool) {
			if on {
				p.printer.SetFault(p.printer.Fault() | f)
			} else {
				p.printer.SetFault(p.printer.Fault() &^ f)
			}
		}})
	}
	return append(all, panel.Switch{Label: p.text("unplugged"), Set: func(on bool) {
		change := p.printer.Plug
		if on {
			change = p.printer.Unplug
		}
		if err := change(); err != nil {
			p.log.Error("plugging or unplugging the virtual printer failed", "error", err)
		}
	}})
}

// refresh shows the printer's switches and its newest ticket periodically until ctx is done.
func (p *printerPanel) refresh(ctx context.Context, w *panel.Panel, place func(fyne.Window) (placed bool)) {
	ticker := time.NewTicker(panelEvery)
	defer ticker.Stop()
	shown, drawn := 0, 0
	var paper image.Image
	placed := false // used only on the screen's thread
	for {
		fyne.Do(func() { placed = placed || place(w.Window()) })
		faults := p.printer.Fault()
		var on []bool
		for _, f := range virtual.Faults {
			on = append(on, faults&f != 0)
		}
		papers := p.printer.Papers()
		if len(p.profile.Cut) == 0 { // without a cutter, all output is one piece of paper
			papers = nil
			if hanging := p.printer.Unfinished(); len(hanging.Items) > drawn {
				drawn, paper = len(hanging.Items), p.picture(hanging)
			}
		}
		if len(papers) > shown {
			shown = len(papers)
			paper = p.picture(papers[shown-1])
		}
		w.Update(append(on, !p.printer.Plugged()), p.text("printed")+" "+strconv.Itoa(shown), paper)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// placeBeside returns a function that moves a window to the right of the terminal's, and reports true once it has
// done so or has failed. Without a window manager both windows would be in the same corner.
func (o screenOptions) placeBeside(display *xwalk.Screen) func(fyne.Window) (placed bool) {
	const gap = 24 // pixels
	return func(w fyne.Window) bool {
		handle, err := windowHandle(w)
		if handle != 0 {
			err = display.Move(handle, min(o.width+gap, display.Width-int(w.Canvas().Size().Width)), 0)
		}
		if err != nil {
			o.log.Warn("placing the panel failed", "error", err)
		}
		return handle != 0 || err != nil
	}
}

// picture draws a piece of paper. It returns nil on an error.
func (p *printerPanel) picture(paper virtual.Paper) image.Image {
	img, err := virtual.Draw(paper, p.profile)
	if err != nil {
		p.log.Warn("drawing the paper failed", "error", err)
		return nil
	}
	return img
}
