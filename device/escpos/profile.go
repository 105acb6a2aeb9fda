package escpos

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// Profile is what differs from printer to printer; profiles.toml says what each value means and holds the known ones.
type Profile struct {
	Name      string     `toml:"-"`
	Like      string     `toml:"like"`
	Source    string     `toml:"source"`  // the manual
	Columns   int        `toml:"columns"` // characters of font A in a line
	Dots      int        `toml:"dots"`    // in a line
	Text      string     `toml:"text"`    // page, raster
	Pages     []CodePage `toml:"pages"`
	Raster    string     `toml:"raster"` // gs_v_0, esc_star, none
	QR        string     `toml:"qr"`     // native, raster
	Cut       Hex        `toml:"cut"`    // empty: torn by hand
	Clear     Hex        `toml:"clear"`  // drops what is in the printer's buffer
	Buffer    int        `toml:"buffer"` // of the printer, in bytes
	Confirm   Confirm    `toml:"confirm"`
	Ask       []Question `toml:"ask"`       // for the state; empty: nothing can be asked
	ASB       *Question  `toml:"asb"`       // nil: has none
	Marker    *Marker    `toml:"marker"`    // nil: has none
	Presenter *Presenter `toml:"presenter"` // nil: has none

	Page CodePage `toml:"-"` // the one a job begins with; without a Map the printer has none
}

// Confirm is how a printer says that it has come to the end of a job.
type Confirm string

// The methods; profiles.toml explains them.
const (
	ConfirmGSr   Confirm = "gs_r"
	ConfirmGSH   Confirm = "gs_h"
	ConfirmESCv  Confirm = "esc_v"
	ConfirmASB   Confirm = "asb"
	ConfirmMotor Confirm = "motor"
	ConfirmNone  Confirm = "none"
)

var confirms = []Confirm{ConfirmGSr, ConfirmGSH, ConfirmESCv, ConfirmASB, ConfirmMotor, ConfirmNone}

// The ways to print text and pictures.
const (
	TextPage      = "page"
	TextRaster    = "raster"
	RasterGSv0    = "gs_v_0"
	RasterESCStar = "esc_star"
	RasterNone    = "none"
	QRNative      = "native"
	QRRaster      = "raster"
)

// CodePage is a page of characters and the number by which a printer selects it.
type CodePage struct {
	Name   string           `toml:"name"`
	Number byte             `toml:"number"` // n of ESC t n
	Map    *charmap.Charmap `toml:"-"`
}

// Presenter holds a ticket until it is taken.
type Presenter struct {
	Eject   Hex      `toml:"eject"` // lets go of what is still held, before a job
	Present Hex      `toml:"present"`
	Retract Hex      `toml:"retract"` // empty: it cannot
	Wait    Duration `toml:"wait"`    // how long a ticket is held before it is retracted; 0: for ever
}

// Duration is a length of time as Go writes it.
type Duration struct{ time.Duration }

// charmaps are the pages with Cyrillic that printers have, by the names of a profile.
var charmaps = map[string]*charmap.Charmap{
	"cp866": charmap.CodePage866, "wpc1251": charmap.Windows1251, "cp855": charmap.CodePage855,
	"iso8859-5": charmap.ISO8859_5, "koi8-r": charmap.KOI8R,
}

// Profiles are profiles by their names.
type Profiles map[string]Profile

// ByName finds a built-in profile; the error lists those that there are.
func ByName(name string) (Profile, error) {
	all, err := Embedded()
	if err != nil {
		return Profile{}, err
	}
	return all.ByName(name)
}

// ByName finds a profile; the error lists those that there are.
func (all Profiles) ByName(name string) (Profile, error) {
	p, ok := all[name]
	if !ok {
		return Profile{}, fmt.Errorf("there is no printer profile %q; there are: %s", name, strings.Join(all.Names(), ", "))
	}
	return p, nil
}

// Names are the profiles' names in the order of the alphabet.
func (all Profiles) Names() []string {
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// The columns that a ticket can be laid out for.
const (
	MinColumns = 24
	MaxColumns = 64
)

// fontADots is the width of a character of font A.
const fontADots = 12

// With is the profile with a site's own columns (0: the profile's) and code page ("": the profile's). A
// page that a site names is the only one in use: whoever has to name it has seen on the test print that the
// others are not what the profile says.
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
		if names == nil {
			return p, fmt.Errorf("the profile %s has no code pages at all: it prints in raster", p.Name)
		}
		return p, fmt.Errorf("the profile %s has no code page %q; it has: %s", p.Name, page, strings.Join(names, ", "))
	}
	p.Page = p.Pages[i]
	p.Pages = []CodePage{p.Page}
	return p, nil
}

// Mute returns the profile on a line without a way back: nothing can be asked, and no job is confirmed.
func (p Profile) Mute() Profile {
	p.Ask, p.ASB, p.Confirm, p.Marker = nil, nil, ConfirmNone, nil
	return p
}

// Knows reports whether the printer can be asked for a thing at all.
func (p Profile) Knows(s Status) bool {
	for _, q := range p.Ask {
		if q.Bits.knows(s) {
			return true
		}
	}
	return p.ASB != nil && len(p.Ask) > 0 && p.ASB.Bits.knows(s)
}
