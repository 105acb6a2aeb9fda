package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"infomat/device/escpos"
)

// version is set by the build.
var version = "dev"

// started is the instant from which the first frame is measured.
var started = time.Now()

// The exit codes, fixed: other programs rely on them.
const (
	exitDone        = 0
	exitUnexpected  = 1
	exitUsage       = 2 // usage or configuration
	exitRefused     = 3 // by the registry
	exitUnknown     = 4 // sent, and no valid answer
	exitNoPaper     = 5 // reserved, not (surely) printed
	exitUnreachable = 6 // nothing reserved

	exitLeft = 10 // of run: a technician has ended the program, and systemd leaves it so
)

// exit is an error that knows its exit code. Without an error it is only the code.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// usage marks an error as the caller's: exit code 2.
func usage(err error) error { return exit{exitUsage, err} }

// commands are the program's commands; each has a Run method in a file of its own.
type commands struct {
	Run     runCommand     `cmd:"" help:"Run the terminal."`
	Demo    demoCommand    `cmd:"" help:"Run the terminal with a simulated registry and a virtual printer: nothing to configure."`
	Reserve reserveCommand `cmd:"" help:"Reserve one cell with no screen, print the ticket, and print the result as JSON."`
	Ticket  ticketCommand  `cmd:"" help:"Lay the ticket of a registry's answer out to a file, without a printer."`
	Journal journalCommand `cmd:"" help:"Show the journal of bookings; also while the terminal runs."`
	Config  configCommand  `cmd:"" help:"Check a configuration file, or print a commented one."`
	Setup   setupCommand   `cmd:"" help:"Ask for what a new terminal needs, find its printer, and write its settings."`
	Diag    diagCommand    `cmd:"" help:"Find out what works on this terminal and what does not; also while it runs. Exit code 0 only if it can serve."`
	PIN     pinCommand     `cmd:"" name:"pin" help:"Set the PIN of the diagnostics mode, or unlock it."`

	Version kong.VersionFlag `help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run parses the arguments, runs the command and tells the exit code. Standard output is the commands' own; errors go to standard error.
func run(ctx context.Context, args []string) int {
	var c commands
	profiles, err := escpos.Embedded()
	if err != nil {
		return report(err)
	}
	parser, err := kong.New(&c, kong.Name("infomat"), kong.Description("A terminal on which a patient books a doctor's appointment."),
		kong.UsageOnError(), kong.Vars{"version": version, "profiles": strings.Join(profiles.Names(), ", ")}, kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "infomat:", err)
		return exitUnexpected
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "infomat:", err, "(see infomat --help)")
		return exitUsage
	}
	return report(parsed.Run())
}

func report(err error) int {
	if err == nil {
		return exitDone
	}
	var e exit
	if !errors.As(err, &e) {
		e = exit{exitUnexpected, err}
	}
	if e.err != nil {
		fmt.Fprintln(os.Stderr, "infomat:", e.err)
	}
	return e.code
}
