package diag_test

import (
	"bytes"
	"strings"
	"testing"

	"infomat/kiosk/diag"
)

func TestMask(t *testing.T) {
	got := diag.Mask("url = \"https://user:se@cret@host/api\"\npassword = \"hidden\" # why\nmetrics.token='hidden'\ntoken_file = \"/etc/t\"\npin_file = \"/p\"\n")
	for _, w := range []string{"https://***@host/api", "# why", `token_file = "/etc/t"`, `pin_file = "/p"`} {
		if !strings.Contains(got, w) {
			t.Errorf("%q is lost:\n%s", w, got)
		}
	}
	if strings.Contains(got, "hidden") || strings.Contains(got, "cret") {
		t.Errorf("a secret is left:\n%s", got)
	}
}

// words is a language that gives back what it was asked for.
type words struct{}

func (words) Text(id string, _ map[string]any) string { return "<" + id + ">" }

// What an error of a foreign server says is text, and never part of the page.
func TestReportPage(t *testing.T) {
	var out bytes.Buffer
	r := diag.Report{Findings: []diag.Finding{{Check: diag.TLS, Kind: "broken", Level: diag.Failure, Detail: "<script>alert(1)</script>"}}}
	if err := diag.HTML(&out, r, words{}); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); strings.Contains(s, "<script>") || !strings.Contains(s, "&lt;service.finding.tls.broken&gt;") || !strings.Contains(s, "service.serve.no") {
		t.Errorf("%s", s)
	}
}
