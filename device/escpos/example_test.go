package escpos_test

import (
	"errors"
	"fmt"

	"infomat/device/escpos"
)

func ExampleEncoder() {
	profile, err := escpos.ByName("epson")
	if err != nil {
		fmt.Println(err)
		return
	}
	e := escpos.NewEncoder(profile)
	e.Align(escpos.Centre)
	e.Size(2)
	e.Line("№ 8")
	e.Cut()
	fmt.Printf("% X\n", e.Bytes())
	// Output:
	// 1B 40 1C 2E 1B 74 11 1D 21 11 1B 61 01 FC 20 38 0A 1D 56 42 00
}

// A printer that lacks a letter gets the line as dots; one without pictures gets what a reader would write.
func ExampleEncoder_Plain() {
	profile, err := escpos.ByName("epson-old")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(escpos.NewEncoder(profile).Plain("«Әлия» — Հայկ"))
	profile.Raster = escpos.RasterNone
	fmt.Println(escpos.NewEncoder(profile).Plain("«Әлия» — Հայկ"))
	// Output:
	// "Әлия" - Հայկ
	// "Алия" - Hayk
}

// A site's printer is described by what differs from a known one. What is wrong is said with its line.
func ExampleParse() {
	known, err := escpos.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	all, err := escpos.Parse("hall.toml", []byte("[hall]\nlike = \"clone58\"\nbuffer = 45\n"), known)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(all["hall"].Columns, all["hall"].Dots, all["hall"].Buffer)

	_, err = escpos.Parse("hall.toml", []byte("[hall]\nlike = \"epson\"\nconfirm = \"always\"\n"), known)
	var wrong *escpos.FileError
	fmt.Println(errors.As(err, &wrong), err)
	// Output:
	// 32 384 45
	// true hall.toml:1: hall: confirm = "always"; write one of: gs_r gs_h esc_v asb motor none
}

func ExampleQuestion_Read() {
	s, err := escpos.PaperSensor.Read([]byte{0x03})
	fmt.Println(s.Has(escpos.PaperLow), s.Ready(), err)
	s, err = escpos.PaperSensor.Read([]byte{0x0F})
	fmt.Println(s.Trouble(), err)
	_, err = escpos.PaperSensor.Read([]byte{0xFF})
	fmt.Println(err)
	// Output:
	// true true <nil>
	// paper out <nil>
	// the printer answered FF, which is no status: speed or profile wrong?
}
