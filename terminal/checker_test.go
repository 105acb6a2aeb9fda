package terminal

import (
	"context"
	"slices"
	"testing"

	"infomat/kiosk/config"
	"infomat/kiosk/diag"
	"infomat/kiosk/health"
)

// The parts that are checked are those of the report and of the technicians' page.
func TestChecksAndTheReportNameTheSameParts(t *testing.T) {
	c, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	c.Journal.Path = "/nowhere/journal"
	printer := func(context.Context) health.Finding { return health.Finding{} }
	all, err := Checks(func() config.Config { return c }, printer)
	if err != nil {
		t.Fatal(err)
	}
	var checked []health.Part
	for _, check := range all {
		checked = append(checked, check.Parts...)
	}
	names := slices.Clone(diag.Names)
	slices.Sort(names)
	slices.Sort(checked)
	if !slices.Equal(names, checked) {
		t.Errorf("checked are %v, the report names %v", checked, names)
	}
}
