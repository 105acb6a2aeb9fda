package panel

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Switch is something that is on or off.
type Switch struct {
	Label string
	Set   func(on bool) // called on the screen's thread; must not block
}

// Button is something that is done at once.
type Button struct {
	Label string
	Do    func() // called on the screen's thread; must not block
}

// light is a theme by day, whatever the desktop has chosen.
type light struct{ fyne.Theme }

// Color gives the colour by day.
func (l light) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return l.Theme.Color(name, theme.VariantLight)
}

// Panel is the window.
type Panel struct {
	window fyne.Window
	checks []*widget.Check
	state  *widget.Label
	paper  *canvas.Image
}

// size is the window's size in pixels: small enough to stand beside the terminal's.
var size = fyne.NewSize(460, 760)

// New makes the window; Show shows it.
func New(a fyne.App, title string, switches []Switch, buttons []Button) *Panel {
	p := &Panel{window: a.NewWindow(title), state: widget.NewLabel(""), paper: canvas.NewImageFromImage(nil)}
	p.state.Wrapping = fyne.TextWrapWord
	p.paper.FillMode = canvas.ImageFillContain
	checks, doing := container.NewGridWithColumns(2), container.NewGridWithColumns(max(1, len(buttons)))
	for _, s := range switches {
		c := widget.NewCheck(s.Label, s.Set)
		p.checks = append(p.checks, c)
		checks.Add(c)
	}
	for _, b := range buttons {
		doing.Add(widget.NewButton(b.Label, b.Do))
	}
	content := container.NewBorder(container.NewVBox(checks, doing, p.state), nil, nil, nil, p.paper)
	p.window.SetContent(container.NewThemeOverride(content, light{a.Settings().Theme()}))
	p.window.Resize(size)
	return p
}

// Show shows the window.
func (p *Panel) Show() { p.window.Show() }

// Window is the window, to be placed.
func (p *Panel) Window() fyne.Window { return p.window }

// Update shows what the switches stand at, in their order, the printer's state in words, and the paper that came out last (nil: none yet). It may be
// called from any goroutine.
func (p *Panel) Update(on []bool, state string, paper image.Image) {
	fyne.Do(func() {
		for i, c := range p.checks {
			if c.Checked != on[i] {
				c.Checked = on[i] // not SetChecked: nobody has touched it
				c.Refresh()
			}
		}
		p.state.SetText(state)
		if paper != nil && p.paper.Image != paper {
			p.paper.Image = paper
			p.paper.Refresh()
		}
	})
}
