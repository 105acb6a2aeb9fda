package main

import (
	"context"
	"image"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"infomat/assets/lang"
	"infomat/device/virtual"
	"infomat/ui/panel"
)

// panelEvery is how often the panel looks at the printer.
const panelEvery = 300 * time.Millisecond

// showPanel shows the switches of the printer in software beside the terminal. The function that it gives keeps them fresh.
func showPanel(a fyne.App, p *parts, words *lang.Language) (run func(context.Context) error) {
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
		refresh(ctx, w, p, text)
		return nil
	}
}

// refresh shows what the printer is like, again and again, until ctx ends.
func refresh(ctx context.Context, w *panel.Panel, p *parts, text func(id string) string) {
	ticker := time.NewTicker(panelEvery)
	defer ticker.Stop()
	shown := 0
	var paper image.Image
	for {
		faults := p.virtual.Fault()
		var on []bool
		for _, f := range virtual.Faults {
			on = append(on, faults&f != 0)
		}
		papers := p.virtual.Papers()
		if len(papers) > shown {
			shown = len(papers)
			img, err := virtual.Draw(papers[shown-1], p.paper.Load().profile)
			if err != nil {
				p.log.Warn("the paper cannot be shown", "error", err)
			} else {
				paper = img
			}
		}
		w.Update(append(on, !p.virtual.Plugged()), text("printed")+" "+strconv.Itoa(shown), paper)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
