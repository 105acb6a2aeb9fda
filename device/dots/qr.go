package dots

import (
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// Level is the error correction level of a QR code.
type Level byte

// The levels as printers number them, '0' to '3': they restore 7, 15, 25 and 30 % of the code.
const (
	L Level = '0'
	M Level = '1'
	Q Level = '2'
	H Level = '3'
)

var levels = map[Level]qr.ErrorCorrectionLevel{L: qr.L, M: qr.M, Q: qr.Q, H: qr.H}

// QR returns a QR code, one dot per module, without the quiet zone of four modules around it. It returns an
// error if data is too long.
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
