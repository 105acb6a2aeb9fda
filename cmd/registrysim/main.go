// Command registrysim serves the simulated registry.
//
// The rule of this folder: it has only flags and a listener; everything else is in apiclient/registrysim.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient/registrysim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if errors.Is(err, errUsage) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "registrysim:", err)
		os.Exit(1)
	}
}

// errUsage is returned for an invalid command line, after the error was printed.
var errUsage = errors.New("usage")

func run(ctx context.Context, args []string, out io.Writer) error {
	var o registrysim.Options
	flags := flag.NewFlagSet("registrysim", flag.ContinueOnError) // prints its errors itself
	listen := flags.String("listen", "127.0.0.1:8089", "address to listen on")
	base := ""
	flags.Func("base", "path before all addresses, such as /api/v2", func(s string) error {
		base = strings.TrimRight(s, "/")
		if base != "" && base[0] != '/' {
			return errors.New("it must begin with a slash")
		}
		return nil
	})
	flags.Uint64Var(&o.Seed, "seed", 1, "seed of the timetable")
	flags.BoolVar(&o.Children, "children", false, "simulate a children's clinic")
	flags.StringVar(&o.Token, "token", "", "require this bearer token")
	flags.StringVar(&o.Client, "client", "", "require this header ClientApplication")
	flags.DurationVar(&o.Latency, "latency", 0, "duration of a reservation")
	export := flags.Uint("export-timetable", 0,
		"write the timetable of this number of days for source \"file\" to standard output, and exit")
	flags.Func("lpu", "GUID of the clinic", func(s string) (err error) { o.LPU, err = uuid.Parse(s); return err })
	if err := flags.Parse(args); err != nil {
		return errUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(flags.Output(), "unexpected argument %q\n", flags.Arg(0))
		return errUsage
	}
	sim, err := registrysim.New(o)
	if err != nil {
		return err
	}
	if *export > 0 {
		document, err := sim.Export(int(*export))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, string(document))
		return err
	}
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "url = \"http://%s%s\"\nlpu_guid = \"%s\"\n", l.Addr(), base, sim.LPU())
	server := &http.Server{Handler: http.StripPrefix(base, sim), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err = <-ended:
		return err
	case <-ctx.Done():
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(bounded); err != nil {
		return server.Close() // a request is still being answered
	}
	return nil
}
