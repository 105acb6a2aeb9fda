package diag

import (
	"strings"
	"testing"
)

// A password in an address is hidden with whatever characters an address may have there (RFC 3986 §3.2.1).
func TestMaskHidesEveryPasswordOfAnAddress(t *testing.T) {
	none := func(string) bool { return false }
	for _, line := range []string{
		`url = "https://user:ge'heim@host/x"`, `url = "https://user:ge@heim@host/x"`, `url = 'https://user:geheim@host/x'`,
		`url = "https://user:ge!$&'()*+,;=%20heim@host"`, `other = "https://u'heim@host"`,
	} {
		if masked := Mask(line+"\n", none); strings.Contains(masked, "heim") || !strings.Contains(masked, "@host") {
			t.Errorf("%s: %s", line, masked)
		}
	}
}
