// Command headless is infomat without a window: the commands of the folder commands, without Fyne. It is built on
// systems without a display, and for the tests with the race detector.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"infomat/cmd/infomat/commands"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var f struct {
		commands.Headless `embed:""`
	}
	code := commands.Main(ctx, &f, os.Args[1:])
	stop()
	os.Exit(code)
}
