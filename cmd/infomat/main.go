package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"infomat/cmd/infomat/commands"
)

// flags holds the commands of the program. Each has a Run method.
type flags struct {
	Run  runCommand  `cmd:"" help:"Run the terminal."`
	Demo demoCommand `cmd:"" help:"Run the terminal with a simulated registry and a virtual printer."`

	commands.Headless `embed:""`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := commands.Main(ctx, new(flags), os.Args[1:])
	stop()
	os.Exit(code)
}
