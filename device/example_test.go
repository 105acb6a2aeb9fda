package device_test

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"infomat/device"
	"infomat/device/escpos"
	"infomat/device/virtual"
)

// A job is printed once, and Printed means that the printer has confirmed its end. The printer here is one in software;
// the path of a real one is such as /dev/serial/by-id/….
func Example() {
	profile, err := escpos.ByName("epson")
	if err != nil {
		fmt.Println(err)
		return
	}
	paper, err := virtual.Start(virtual.Options{Profile: profile, Baud: 115200})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer paper.Close()

	printer := device.New(device.Config{
		Port: paper.Path(), Baud: 115200, Profile: profile, Timeout: 15 * time.Second,
	}, slog.New(slog.DiscardHandler))
	defer printer.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	status, err := printer.Status(ctx)
	fmt.Println(status.Device, status.Paper, err)

	e := escpos.NewEncoder(profile)
	e.Line("ТАЛОН № 008")
	e.Cut()
	job := device.Job{ID: uuid.New(), Data: e.Bytes()}
	fmt.Println(printer.Print(ctx, job).Outcome)
	fmt.Println(printer.Print(ctx, job).Outcome, "before, and not again")
	for _, p := range paper.Papers() {
		fmt.Print(p.Text())
	}
	// Output:
	// online full <nil>
	// printed
	// printed before, and not again
	// ТАЛОН № 008
}

// A printer says why it cannot print; the job has failed, and nothing came out.
func ExamplePrinter_Print_notReady() {
	profile, err := escpos.ByName("epson")
	if err != nil {
		fmt.Println(err)
		return
	}
	paper, err := virtual.Start(virtual.Options{Profile: profile})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer paper.Close()
	paper.SetFault(virtual.CoverOpen)

	printer := device.New(device.Config{
		Port: paper.Path(), Baud: 9600, Profile: profile, Timeout: 15 * time.Second,
	}, slog.New(slog.DiscardHandler))
	defer printer.Close()

	e := escpos.NewEncoder(profile)
	e.Line("ТАЛОН № 008")
	e.Cut()
	r := printer.Print(context.Background(), device.Job{ID: uuid.New(), Data: e.Bytes()})
	fmt.Println(r.Outcome, "-", r.Err)
	fmt.Println(len(paper.Papers()), "pieces of paper")
	// Output:
	// failed - the printer is not ready: cover open
	// 0 pieces of paper
}
