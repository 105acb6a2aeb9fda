package export

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// formulas are texts that some spreadsheet computes: the signs of OWASP's "CSV Injection" at the beginning of a cell,
// or of what a comma, a semicolon, a tab or a line's end makes one.
var formulas = []string{
	"=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\tx", "\rx", "＝1", "＋1", "－1", "＠A",
	" =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "12;=1", "12; =1", "12,=1", "12\t=1", "12\"=1", "12\"\";=1", "12\n+1",
	"'=1",
}

// begins is a text that a spreadsheet takes for a formula, whatever it skips before.
var begins = regexp.MustCompile(`^[\s\p{Z}\p{Cf}]*[=+\-@＝＋－＠]`)

// Whatever a registry writes into number and room, no cell of the sheet is a formula, in any form of separators.
func TestNoCellIsAFormula(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal.db")
	j, err := journal.Open(name, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range formulas {
		r := kiosk.Record{Operation: uuid.New(), Stage: kiosk.StageConfirmed, Num: f, Room: f}
		if err := j.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := CSV(&out, name); err != nil {
		t.Fatal(err)
	}
	for _, separator := range []rune{',', ';', '\t'} {
		r := csv.NewReader(bytes.NewReader(out.Bytes()))
		r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
		rows, err := r.ReadAll()
		if err != nil || len(rows) < len(formulas) {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, cell := range slices.Concat(rows...) {
			if begins.MatchString(cell) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
				t.Errorf("separated by %q, a cell is %q", separator, cell)
			}
		}
	}
}

// Everything else is written as it is.
func TestOrdinaryCellsStay(t *testing.T) {
	for _, text := range []string{
		"", "008", "каб. 202-а", "2026-11-27T10:25:00+05:00", "1a2b3c4d-0000-4000-8000-000000000000", "a=b", "cover open",
		"registry.go:12 < main.go:7",
	} {
		if got := inert(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
