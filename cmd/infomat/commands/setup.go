package commands

import (
	"context"

	"infomat/terminal/setup"
)

// Setup is the first start of a terminal. What a flag gives is not asked for.
type Setup struct {
	Config  string `default:"/etc/infomat/infomat.toml" placeholder:"F" help:"Configuration file; created if missing."`
	URL     string `name:"url" placeholder:"URL" help:"Address of the registry."`
	LPU     string `name:"lpu" placeholder:"GUID" help:"GUID of the clinic."`
	Port    string `placeholder:"PORT" help:"Port of the printer; without it the printer is looked for."`
	Profile string `placeholder:"P" help:"Profile of the printer."`
	Width   int    `name:"width-mm" placeholder:"MM" help:"Width of the visible panel in millimetres."`
	NoPIN   bool   `name:"no-pin" help:"Do not ask for the PIN of the diagnostics mode."`
}

// Run asks, looks, and writes.
func (c *Setup) Run(ctx context.Context) error {
	return Usage(setup.Run(ctx, setup.Answers{
		File: c.Config, URL: c.URL, LPU: c.LPU, Port: c.Port, Profile: c.Profile, Width: c.Width, NoPIN: c.NoPIN,
	}))
}
