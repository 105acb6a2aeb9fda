package escpos

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// CodePage is a page of characters and the number by which a printer selects it.
type CodePage struct {
	Name   string
	Number byte // n of ESC t n
	Map    *charmap.Charmap
}

// Profile is what differs from printer to printer.
type Profile struct {
	Name    string
	Source  string // where the facts come from
	Columns int    // characters of font A in a line
	Dots    int    // printable dots in a line
	Pages   []CodePage
	Page    CodePage // the one in use
	QR      bool     // has GS ( k
	Cut     []byte   // cuts the paper; nil: torn by hand

	// Confirm is sent behind a job; the printer executes it in the order of its buffer and answers one byte that Confirmed accepts. It does not answer
	// when paper is out: silence is no confirmation.
	Confirm   []byte
	Confirmed func(b byte) bool
}

// profiles are the known printers.
var profiles = map[string]Profile{
	"epson": {
		Name:    "epson",
		Source:  "Epson TM-T88 series, ESC/POS Application Programming Guide; code pages after escpos-printer-db",
		Columns: 48, // 80 mm paper, font A of 12×24 dots, 576 dots at 203 dpi
		Dots:    576,
		Pages: []CodePage{
			{"cp866", 17, charmap.CodePage866},
			{"wpc1251", 46, charmap.Windows1251},
		},
		QR:        true,
		Cut:       []byte{0x1D, 'V', 66, 0}, // GS V 66 0: feed to the cutter, then cut
		Confirm:   []byte{0x1D, 'r', 1},     // GS r 1: paper sensor status
		Confirmed: func(b byte) bool { return b&0x90 == 0 },
	},
}

// ByName finds a profile; the error lists those that there are.
func ByName(name string) (Profile, error) {
	p, ok := profiles[name]
	if !ok {
		return Profile{}, fmt.Errorf("there is no printer profile %q; there are: %s", name, strings.Join(Names(), ", "))
	}
	p.Page = p.Pages[0]
	return p, nil
}

// Names are the profiles' names in the order of the alphabet.
func Names() []string { return slices.Sorted(maps.Keys(profiles)) }

// The columns that a ticket can be laid out for.
const (
	MinColumns = 24
	MaxColumns = 64
)

// fontADots is the width of a character of font A.
const fontADots = 12

// With is the profile with a site's own columns (0: the profile's) and code page ("": the profile's).
func (p Profile) With(columns int, page string) (Profile, error) {
	if columns != 0 {
		if columns < MinColumns || columns > MaxColumns {
			return p, fmt.Errorf("columns has to be 0 or from %d to %d, not %d", MinColumns, MaxColumns, columns)
		}
		p.Columns, p.Dots = columns, columns*fontADots
	}
	if page == "" {
		return p, nil
	}
	i := slices.IndexFunc(p.Pages, func(c CodePage) bool { return strings.EqualFold(c.Name, page) })
	if i < 0 {
		var names []string
		for _, c := range p.Pages {
			names = append(names, c.Name)
		}
		return p, fmt.Errorf("the profile %s has no code page %q; it has: %s", p.Name, page, strings.Join(names, ", "))
	}
	p.Page = p.Pages[i]
	return p, nil
}
