package virtual_test

import (
	"fmt"
	"image/png"
	"io"
	"os"

	"infomat/device/escpos"
	"infomat/device/virtual"
)

// Any program can use the printer in software: its line is a file. It answers as the printer of the profile does.
func Example() {
	profile, err := escpos.ByName("epson")
	if err != nil {
		fmt.Println(err)
		return
	}
	printer, err := virtual.Start(virtual.Options{Profile: profile, PaperMM: 80_000})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer printer.Close()
	printer.SetFault(virtual.PaperLow)

	line, err := os.OpenFile(printer.Path(), os.O_RDWR, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer line.Close()
	// A receipt; then GS r 1, which is answered when all before it is printed.
	if _, err := line.WriteString("\x1b@\x1bt\x11\x92\x80\x8b\x8e\x8d \xfc 8\n\x1dV\x42\x00\x1dr\x01"); err != nil {
		fmt.Println(err)
		return
	}
	answer := make([]byte, 1)
	if _, err := io.ReadFull(line, answer); err != nil {
		fmt.Println(err)
		return
	}
	status, err := escpos.PaperSensor.Read(answer)
	fmt.Println(status.Has(escpos.PaperLow), err)
	fmt.Print(printer.Papers()[0].Text())
	// Output:
	// true <nil>
	// ТАЛОН № 8
}

// Bytes are looked at without a line: as text, or as a picture of the paper.
func ExampleInterpret() {
	profile, err := escpos.ByName("clone58")
	if err != nil {
		fmt.Println(err)
		return
	}
	e := escpos.NewEncoder(profile)
	e.Line("Кабинет 202")
	e.QR("infomat", 6)
	e.Cut()
	paper := virtual.Interpret(e.Bytes(), profile)[0]
	fmt.Print(paper.Text())
	fmt.Println(paper.Notes)
	picture, err := virtual.Draw(paper, profile)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(picture.Bounds().Dx(), "dots wide;", png.Encode(io.Discard, picture))
	// Output:
	// Кабинет 202
	// [picture 128×63]
	// []
	// 512 dots wide; <nil>
}
