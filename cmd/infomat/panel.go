package main

import (
	"context"
	"image"
	"log/slog"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"infomat/assets/lang"
	"infomat/device/virtual"
	"infomat/ui/panel"
	"infomat/ui/xwalk"
)

// panelEvery is how often the panel looks at the printer.
const panelEvery = 300 * time.Millisecond

// showPanel shows the switches of the printer in software beside the terminal. The function that it gives keeps them fresh.
func showPanel(a fyne.App, p *parts, words *lang.Language, place func(fyne.Window) (placed bool)) (run func(context.Context) error) {
	v := p.virtual
	text := func(id string) string { return words.Text("panel."+id, nil) }
	var switches []panel.Switch
	for _, f := range virtual.Faults {
		switches = append(switches, panel.Switch{Label: text(f.Name()), Set: func(on bool) {
			if on {
				v.SetFault(v.Fault() | f)
			} else {
				v.SetFault(v.Fault() &^ f)
			}
		}})
	}
	switches = append(switches, panel.Switch{Label: text("unplugged"), Set: func(on bool) {
		change := v.Plug
		if on {
			change = v.Unplug
		}
		if err := change(); err != nil {
			p.log.Error("the cable of the printer in software", "error", err)
		}
	}})
	buttons := []panel.Button{{Label: text("roll"), Do: func() { v.LoadPaper(0) }}}
	if p.paper.Load().profile.Presenter != nil {
		buttons = append(buttons, panel.Button{Label: text("take"), Do: func() { v.TakeTicket() }})
	}
	w := panel.New(a, text("title"), switches, buttons)
	w.Show()
	return func(ctx context.Context) error {
		refresh(ctx, w, p, text, place)
		return nil
	}
}

// refresh shows what the printer is like, again and again, until ctx ends.
func refresh(ctx context.Context, w *panel.Panel, p *parts, text func(id string) string, place func(fyne.Window) (placed bool)) {
	ticker := time.NewTicker(panelEvery)
	defer ticker.Stop()
	shown, drawn := 0, 0
	var paper image.Image
	placed := false // known to the screen's thread alone
	for {
		fyne.Do(func() { placed = placed || place(w.Window()) })
		faults := p.virtual.Fault()
		var on []bool
		for _, f := range virtual.Faults {
			on = append(on, faults&f != 0)
		}
		papers := p.virtual.Papers()
		if len(p.paper.Load().profile.Cut) == 0 { // all that came out hangs together
			papers = nil
			if hanging := p.virtual.Unfinished(); len(hanging.Items) > drawn {
				drawn, paper = len(hanging.Items), p.picture(hanging)
			}
		}
		if len(papers) > shown {
			shown = len(papers)
			paper = p.picture(papers[shown-1])
		}
		w.Update(append(on, !p.virtual.Plugged()), text("printed")+" "+strconv.Itoa(shown), paper)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// besides places a window on the right of the terminal's, as soon as it is shown. Where nobody places windows both would stand in the same corner.
func (o screenOptions) besides(display *xwalk.Screen, log *slog.Logger) func(fyne.Window) (placed bool) {
	const gap = 24 // pixels
	return func(w fyne.Window) bool {
		handle, err := handleOf(w)
		if handle != 0 {
			err = display.Move(handle, min(o.width+gap, display.Width-int(w.Canvas().Size().Width)), 0)
		}
		if err != nil {
			log.Warn("the panel cannot be placed", "error", err)
		}
		return handle != 0 || err != nil
	}
}

// picture draws a paper; nil: it cannot be drawn.
func (p *parts) picture(paper virtual.Paper) image.Image {
	img, err := virtual.Draw(paper, p.paper.Load().profile)
	if err != nil {
		p.log.Warn("the paper cannot be shown", "error", err)
		return nil
	}
	return img
}
