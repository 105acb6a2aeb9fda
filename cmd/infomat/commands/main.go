package commands

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	_ "time/tzdata" // a small system has no time zones of its own

	"github.com/alecthomas/kong"

	"infomat/device/escpos"
	"infomat/terminal"
)

// Headless are the commands that need no screen.
type Headless struct {
	Reserve Reserve `cmd:"" help:"Reserve one cell with no screen, print the ticket, and write JSON."`
	Ticket  Ticket  `cmd:"" help:"Lay the ticket of a registry's answer out to a file, without a printer."`
	Journal Journal `cmd:"" help:"Show the journal of bookings; also while the terminal runs."`
	Config  Config  `cmd:"" help:"Check a configuration file, or print a commented one."`
	Setup   Setup   `cmd:"" help:"Ask for what a new terminal needs, find its printer, and write its settings."`
	Diag    Diag    `cmd:"" help:"Check what works; also while it runs. Exit code 0 only if it can serve."`
	Idle    Idle    `cmd:"" help:"Exit code 0 only if no visit is going on: before a restart or an upgrade."`
	PIN     PIN     `cmd:"" name:"pin" help:"Set the PIN of the diagnostics mode, or unlock it."`

	Version kong.VersionFlag `help:"Print the version."`
}

// memoryLimit is the size in bytes at which Go's memory is collected more often (GOMEMLIMIT): the collector would
// otherwise let a large timetable take twice what it needs.
const memoryLimit = 96 << 20

// Main parses the arguments into flags, a pointer to a struct of commands, runs the command and returns the exit code.
// Standard output is the commands' own; errors go to standard error.
func Main(ctx context.Context, flags any, args []string) int {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	profiles, err := escpos.Embedded()
	if err != nil {
		return Report(err)
	}
	parser, err := kong.New(flags, kong.Name("infomat"),
		kong.Description("A terminal on which a patient books a doctor's appointment."), kong.UsageOnError(),
		kong.Vars{"version": terminal.Version, "profiles": strings.Join(profiles.Names(), ", ")},
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		return Report(err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return Report(Usage(fmt.Errorf("%w (see infomat --help)", err)))
	}
	return Report(parsed.Run())
}
