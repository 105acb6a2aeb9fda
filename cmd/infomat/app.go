package main

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"infomat/ui/theme"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

// appID identifies the program to the desktop.
const appID = "ru.infomat.terminal"

// setEnvironment sets the environment variables that the toolkit needs: one unit is one pixel, and there is a
// locale.
func setEnvironment() error {
	env := map[string]string{"FYNE_SCALE": "1", "FYNE_DISABLE_DPI_DETECTION": "1", "FYNE_THEME": "light"}
	if l := os.Getenv("LANG"); l == "" || l == "C" || strings.HasPrefix(l, "C.") || l == "POSIX" {
		env["LANG"] = "ru_RU.UTF-8"
	}
	for k, v := range env {
		if err := os.Setenv(k, v); err != nil {
			return err
		}
	}
	return nil
}

// newApp returns the toolkit's application. A program can have only one.
func newApp() (fyne.App, error) {
	if err := setEnvironment(); err != nil {
		return nil, err
	}
	makeCache()
	// Each page produces much short-lived garbage. Collecting it more often saves about 15 MB and costs little.
	debug.SetGCPercent(40)
	a := app.NewWithID(appID)
	a.Settings().SetTheme(theme.NewFyne())
	return a, nil
}

// makeCache makes the toolkit's folder for its cache. The toolkit makes the last two folders of the path only, and logs
// two errors at each start of a new user who has no ~/.cache. Where it cannot be made the toolkit says so.
func makeCache() {
	if dir, err := os.UserCacheDir(); err == nil {
		_ = os.MkdirAll(filepath.Join(dir, "fyne", appID), 0o700)
	}
}
