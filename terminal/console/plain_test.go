package console

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"Принтер: бумага есть\n": "Принтер: бумага есть\n",
		"a\tb\n":                          "a\tb\n",
		"\x1b[2J\x1b]0;title\a":           `\u001b[2J\u001b]0;title\u0007`,
		"ok\rno":                          `ok\u000dno`,
		"csi \u009b31m del \x7f nul \x00": `csi \u009b31m del \u007f nul \u0000`,
		"\u202egnp\u2069 \u2028":          `\u202egnp\u2069 \u2028`,
		"\x9b31m \xff":                    "\ufffd31m \ufffd",
	} {
		var out bytes.Buffer
		if n, err := Plain(&out).Write([]byte(in)); err != nil || n != len(in) || out.String() != want {
			t.Errorf("%q: %q, %d, %v; want %q", in, out.String(), n, err, want)
		}
	}
}

// JSON is the same JSON afterwards.
func TestPlainJSON(t *testing.T) {
	want := "\u009b \x7f \u202e \x1b текст"
	var out bytes.Buffer
	if err := json.NewEncoder(Plain(&out)).Encode(want); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	if strings.ContainsFunc(strings.TrimSpace(out.String()), unicode.IsControl) {
		t.Errorf("%q", out.String())
	}
}
