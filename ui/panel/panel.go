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

// Switch is a setting that is on or off.
type Switch struct {
	Label string
	Set   func(on bool) // called on the UI thread; must not block
}

// Button is an action.
type Button struct {
	Label string
	Do    func() // called on the UI thread; must not block
}

// light is a theme in its light variant, whatever variant the desktop uses.
type light struct{ fyne.Theme }

// Color returns the colour of the light variant.
func (l light) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return l.Theme.Color(name, theme.VariantLight)
}

// Panel is the demo's second window.
type Panel struct {
	window fyne.Window
	checks []*widget.Check
	state  *widget.Label
	paper  *canvas.Image
}

// size is the size of the window in pixels. It fits beside the terminal's window.
var size = fyne.NewSize(460, 760)

// New creates the window; Show shows it.
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

// Window returns the window, to be positioned.
func (p *Panel) Window() fyne.Window { return p.window }

// Update shows the state of the switches in their order, the printer's state in words, and the last printed paper; nil
// means that nothing was printed yet. It is safe for concurrent use.
func (p *Panel) Update(on []bool, state string, paper image.Image) {
	fyne.Do(func() {
		for i, c := range p.checks {
			if c.Checked != on[i] {
				c.Checked = on[i] // not SetChecked, which would call Set
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
