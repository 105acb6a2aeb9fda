// Package fonts embeds the type family of the screens: Golos Text (SIL Open Font Licence, see OFL.txt). Its
// capitals are 0.7 em high, and it covers the full Russian alphabet.
package fonts

import _ "embed"

// CapHeight is the height of a capital letter as a fraction of the font size (sCapHeight in the OS/2 table).
const CapHeight = 0.7

// The four weights that the screens use.
var (
	//go:embed GolosText-Regular.ttf
	Regular []byte
	//go:embed GolosText-Medium.ttf
	Medium []byte
	//go:embed GolosText-SemiBold.ttf
	SemiBold []byte
	//go:embed GolosText-Bold.ttf
	Bold []byte
)
