package widgets

import (
	"fmt"
	"reflect"
	"sync"
	"testing"

	"fyne.io/fyne/v2/test"

	"infomat/kiosk"
	"infomat/ui/theme"
)

// TestKeptSettingsAreTheOnesOfTheirTexts fits texts that differ in one thing each, twice, and compares with what is
// worked out anew.
func TestKeptSettingsAreTheOnesOfTheirTexts(t *testing.T) {
	test.NewTempApp(t)
	const text = "Щербакова-Преображенская Екатерина Константиновна"
	large := look()
	large.Text = kiosk.TextExtra
	all := []struct {
		look  theme.Look
		text  Text
		width float32
	}{
		{look(), Text{String: text, Role: theme.Body}, 300},
		{look(), Text{String: text, Role: theme.Body}, 200},
		{large, Text{String: text, Role: theme.Body}, 300},
		{look(), Text{String: text, Role: theme.Title}, 300},
		{look(), Text{String: text, Role: theme.Body, Weight: theme.Bold}, 300},
		{look(), Text{String: text, Role: theme.Body, Lines: 1}, 300},
		{look(), Text{String: text + "!", Role: theme.Body}, 300},
	}
	for range 2 {
		for i, c := range all {
			want := fitting{
				c.text.String, c.look.Size(c.text.Role), c.look.Size(theme.Small), c.text.Weight, c.text.Lines, c.width,
			}.fit()
			if got := fit(c.look, c.text, c.width); !reflect.DeepEqual(got, want) {
				t.Errorf("%d: %+v, want %+v", i, got, want)
			}
		}
	}
}

// TestKeptSettingsAreBounded fits more texts than are kept, on several goroutines.
func TestKeptSettingsAreBounded(t *testing.T) {
	test.NewTempApp(t)
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range mostFitted / 2 {
				fit(look(), Text{String: fmt.Sprint(i), Role: theme.Body}, float32(1000+g))
			}
		})
	}
	all.Wait()
	if n := Forget(); n > mostFitted || n == 0 {
		t.Errorf("%d settings are kept, at most %d should be", n, mostFitted)
	}
	if n := Forget(); n > 0 {
		t.Errorf("%d settings were not forgotten", n)
	}
}
