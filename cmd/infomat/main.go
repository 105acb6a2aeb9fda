package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"infomat/cmd/infomat/commands"
	"infomat/device/escpos"
	"infomat/terminal"
)

// version is set by the build.
var version = "dev"

// flags are the program's commands; each has a Run method.
type flags struct {
	Run     runCommand       `cmd:"" help:"Run the terminal."`
	Demo    demoCommand      `cmd:"" help:"Run the terminal with registry and printer in software."`
	Reserve commands.Reserve `cmd:"" help:"Reserve one cell with no screen; print the ticket, and the result as JSON."`
	Ticket  commands.Ticket  `cmd:"" help:"Lay the ticket of a registry's answer out to a file, without a printer."`
	Journal commands.Journal `cmd:"" help:"Show the journal of bookings; also while the terminal runs."`
	Config  commands.Config  `cmd:"" help:"Check a configuration file, or print a commented one."`
	Setup   commands.Setup   `cmd:"" help:"Ask for what a new terminal needs, find its printer, and write its settings."`
	Diag    commands.Diag    `cmd:"" help:"Find out what works, also while the terminal runs; exit code 0: it can serve."`
	PIN     commands.PIN     `cmd:"" name:"pin" help:"Set the PIN of the diagnostics mode, or unlock it."`

	Version kong.VersionFlag `help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run parses the arguments, runs the command and returns the exit code. Standard output is the commands' own; errors go
// to standard error.
func run(ctx context.Context, args []string) int {
	terminal.Version = version
	var f flags
	profiles, err := escpos.Embedded()
	if err != nil {
		return commands.Report(err)
	}
	parser, err := kong.New(&f, kong.Name("infomat"),
		kong.Description("A terminal on which a patient books a doctor's appointment."), kong.UsageOnError(),
		kong.Vars{"version": version, "profiles": strings.Join(profiles.Names(), ", ")},
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return commands.Report(err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return commands.Report(commands.Usage(fmt.Errorf("%w (see infomat --help)", err)))
	}
	return commands.Report(parsed.Run())
}
