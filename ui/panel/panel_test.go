package panel

import (
	"image"
	"testing"

	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

func TestSwitchesAndButtonsCallWhatTheyWereGiven(t *testing.T) {
	a := test.NewApp()
	defer a.Quit()
	var out, pulled []bool
	done := 0
	p := New(a, "Printer", []Switch{
		{"paper out", func(on bool) { out = append(out, on) }},
		{"unplugged", func(on bool) { pulled = append(pulled, on) }},
	}, []Button{{"take", func() { done++ }}})
	p.Show()
	test.Tap(p.checks[0])
	test.Tap(p.checks[0])
	if len(out) != 2 || !out[0] || out[1] || len(pulled) != 0 {
		t.Errorf("the switches were set %v and %v", out, pulled)
	}
	for _, o := range test.LaidOutObjects(p.window.Content()) {
		if b, ok := o.(*widget.Button); ok {
			test.Tap(b)
		}
	}
	if done != 1 {
		t.Errorf("the button was pressed %d times", done)
	}
	paper := image.NewGray(image.Rect(0, 0, 4, 4))
	p.Update([]bool{false, true}, "offline", paper)
	test.NewTempApp(t) // runs the functions queued by fyne.Do
	if len(pulled) != 0 {
		t.Error("showing the state of a switch has called Set")
	}
	if p.checks[0].Checked || !p.checks[1].Checked || p.state.Text != "offline" || p.paper.Image != paper {
		t.Errorf("%v %v %q", p.checks[0].Checked, p.checks[1].Checked, p.state.Text)
	}
}
