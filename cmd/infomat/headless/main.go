// Command headless is infomat without its window: the commands of the folder commands, and no Fyne. It is built where
// there is no display, and under the race detector for the tests.
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
