package dots

import (
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// Level is how much of a QR code may be lost before it cannot be read any more.
type Level byte

// The levels, as printers number them ('0' to '3'): 7, 15, 25 and 30 of a hundred.
const (
	L Level = '0'
	M Level = '1'
	Q Level = '2'
	H Level = '3'
)

var levels = map[Level]qr.ErrorCorrectionLevel{L: qr.L, M: qr.M, Q: qr.Q, H: qr.H}

// QR is a QR code, a dot a module, without the blank edge that a reader needs around it (four modules).
func QR(data string, level Level) (*Bitmap, error) {
	code, err := qr.Encode(data, levels[level], qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("dots: %w", err)
	}
	r := code.Bounds()
	b := New(r.Dx(), r.Dy())
	for y := range b.Height {
		for x := range b.Width {
			if grey, _, _, _ := code.At(r.Min.X+x, r.Min.Y+y).RGBA(); grey == 0 {
				b.Set(x, y)
			}
		}
	}
	return b, nil
}
