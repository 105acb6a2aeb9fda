package escpos

import (
	"bytes"
	"strings"
	"testing"
)

// Every printer that confirms its jobs names what tells a restart, where that is written, and how sure it is.
func TestEveryProfileNamesItsMarker(t *testing.T) {
	for name, p := range all(t) {
		switch m := p.Marker; {
		case p.Confirm == ConfirmNone && m != nil:
			t.Errorf("%s confirms nothing, and has a marker", name)
		case p.Confirm == ConfirmNone:
		case m == nil || m.Kind != MarkerMacro || len(m.Source) < 20 || m.Sure == "":
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestMarkerOnTheWire(t *testing.T) {
	for name, want := range map[string]struct{ define, execute string }{
		"epson":         {"\x1d:\x1dr\x01\x1d:", "\x1d^\x03\x00\x00"},
		"epson-tm-m30":  {"\x1d:\x1dr\x01\x1d:", "\x1d^\x03\x00\x00"},
		"custom-vkp80":  {"\x1d:\x1dr\x01\x1d:", "\x1d^\x03\x00\x00"},
		"star":          {"\x1d:\x1da\xff\x1da\x00\x1d:", "\x1d^\x03\x00\x00"},
		"nippon-np2511": {"\x1d:\x1bv\x1d:", "\x1d^\x03\x00\x00"},
	} {
		p := all(t)[name]
		define, execute := p.DefineMarker(), p.ExecuteMarker(3)
		if string(define.Ask) != want.define || string(execute.Ask) != want.execute ||
			len(execute.Shape) != len(define.Shape) {
			t.Errorf("%s: % x, % x, %d patterns", name, define.Ask, execute.Ask, len(execute.Shape))
		}
		if p.ASB != nil && !bytes.Equal(p.ASB.Ask, []byte{0x1D, 'a', 0xFF}) {
			t.Errorf("%s: the profile was changed: % x", name, p.ASB.Ask)
		}
	}
}

func TestMarkerInASitesProfile(t *testing.T) {
	for text, says := range map[string]string{
		`marker = { kind = "macro" }`:                  "",
		`marker = { kind = "none" }`:                   "",
		`marker = { kind = "counter" }`:                "write macro or none",
		`marker = { kind = "macro", sure = "perhaps"}`: "manual, family or guess",
		"confirm = \"none\"":                           "",
	} {
		got, err := Parse("own.toml", []byte("[mine]\nlike = \"epson\"\n"+text+"\n"), all(t))
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
		if says == "" && (got["mine"].Marker == nil) != strings.Contains(text, "none") {
			t.Errorf("%s: %+v", text, got["mine"].Marker)
		}
	}
}
