// Package fonts embeds the one type family of the screens: Golos Text (SIL Open Font Licence, see OFL.txt). Its
// capitals are 0.7 em high, its full Russian was drawn first, not added.
package fonts

import _ "embed"

// CapHeight is the height of a capital in parts of the font size, from the files' own OS/2 table.
const CapHeight = 0.7

// The four weights in use.
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
