package usbprinter

import (
	"strings"
	"unicode"
)

// Info describes a USB printer of this computer.
type Info struct {
	Name         string // the stable name if there is one; the one for the configuration
	Device       string // such as /dev/usb/lp0; may change when the cable is put back
	Manufacturer string // by the printer itself; "" if unknown, also below
	Model        string
	Serial       string
	USB          string // vendor and product, such as 04b8:0202
}

// String returns the printer's make and model, or vendor and product if it tells neither.
func (i Info) String() string {
	model := i.Model
	if i.Manufacturer != "" && !strings.HasPrefix(strings.ToLower(model), strings.ToLower(i.Manufacturer)) {
		model = strings.TrimSpace(i.Manufacturer + " " + model)
	}
	if model == "" {
		return i.USB
	}
	return model
}

// maxText is the greatest number of characters that are taken over from a printer's description of itself.
const maxText = 64

// clean returns a text of a printer without control characters and without space around it, at most maxText
// characters long: it is shown on terminals and written to logs.
func clean(text string) string {
	var kept []rune
	for _, r := range text {
		if len(kept) == maxText {
			break
		}
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			r = ' '
		}
		kept = append(kept, r)
	}
	return strings.Join(strings.Fields(string(kept)), " ")
}

// describe fills i from an IEEE 1284 device ID, such as "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;".
// Keys have a short and a long form (IEEE 1284-2000, 7.6).
func (i *Info) describe(id string) {
	for field := range strings.SplitSeq(id, ";") {
		key, value, ok := strings.Cut(field, ":")
		if value = clean(value); !ok || value == "" {
			continue
		}
		switch strings.ToUpper(strings.TrimSpace(key)) {
		case "MFG", "MANUFACTURER":
			i.Manufacturer = value
		case "MDL", "MODEL":
			i.Model = value
		case "SN", "SERN", "SERIALNUMBER":
			i.Serial = value
		}
	}
}
