package diag_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"infomat/kiosk/diag"
	"infomat/kiosk/health"
)

// secrets are the keys whose values the tests hide.
func secrets(keys ...string) func(string) bool {
	return func(key string) bool { return slices.Contains(keys, key) }
}

func TestMask(t *testing.T) {
	secret := secrets("registry.auth.client_application", "top", "sms.accounts.password", "a.b c.d")
	for name, c := range map[string]struct{ in, want string }{
		"a value": {
			"[registry.auth]\nclient_application = \"5e9c\" # why\n",
			"[registry.auth]\nclient_application = \"***\" # why\n",
		},
		"single quotes": {
			"[registry.auth]\nclient_application='5e#9c'#why",
			"[registry.auth]\nclient_application=\"***\" #why",
		},
		"bare": {"top = 12345 # a number\n", "top = \"***\" # a number\n"},
		"before any table": {
			"client_application = \"kept\"\ntop = \"gone\"\n",
			"client_application = \"kept\"\ntop = \"***\"\n",
		},
		"dotted": {
			"[registry]\nauth.client_application = \"gone\"\nauth.signer = \"none\"\n",
			"[registry]\nauth.client_application = \"***\"\nauth.signer = \"none\"\n",
		},
		"quoted key": {
			"[registry.\"auth\"]\n  \"client_application\" = \"gone\"\n",
			"[registry.\"auth\"]\n  \"client_application\" = \"***\"\n",
		},
		"spaces in the head": {
			"[ registry.auth ]\nclient_application = \"gone\"",
			"[ registry.auth ]\nclient_application = \"***\"",
		},
		"a list of tables": {
			"[[sms.accounts]]\npassword = \"gone\"\nuser = \"kept\"\n",
			"[[sms.accounts]]\npassword = \"***\"\nuser = \"kept\"\n",
		},
		"another table": {
			"[registry.auth]\nsigner = \"none\"\n[other]\nclient_application = \"kept\"\n",
			"[registry.auth]\nsigner = \"none\"\n[other]\nclient_application = \"kept\"\n",
		},
		"an inline table": {
			"[registry]\nauth = { signer = \"none\", client_application = \"gone\" } # c\n" +
				"x = { y = 1 }\n",
			"[registry]\nauth = \"***\"\nx = { y = 1 }\n",
		},
		"several lines":      {"top = \"\"\"\ngone\nand gone\"\"\"\nnext = 1\n", "top = \"***\"\nnext = 1\n"},
		"three quotes, once": {"top = '''gone'''\nnext = 1\n", "top = \"***\"\nnext = 1\n"},
		"no end":             {"top = \"gone\nnext = 1\n", "top = \"***\"\nnext = 1\n"},
		"an empty value":     {"top = \"\" # empty\n", "top = \"***\" # empty\n"},
		"a mark at its end":  {"top = \"gone#\"\n", "top = \"***\"\n"},
		"an address": {
			"url = \"https://user:se@cret@host/api\" # https://u:p@h\n",
			"url = \"https://***@host/api\" # https://***@h\n",
		},
		"an address alone": {"https://user@host", "https://***@host"},
		"no secret":        {"# a comment\r\n\r\n[a]\r\nb = \"c@d\"\r\n", "# a comment\r\n\r\n[a]\r\nb = \"c@d\"\r\n"},
	} {
		if got := diag.Mask(c.in, secret); got != c.want {
			t.Errorf("%s:\n%q, want\n%q", name, got, c.want)
		}
	}
}

// words is a language that gives back what it was asked for.
type words struct{}

func (words) Text(id string, _ map[string]any) string { return "<" + id + ">" }

// What an error of a foreign server says is text, and never part of the page.
func TestReportPage(t *testing.T) {
	var out bytes.Buffer
	f := health.New(health.PartTLS, "broken")
	f.Detail = "<script>alert(1)</script>"
	r := diag.Report{Findings: []health.Finding{f}}
	if err := diag.HTML(&out, r, words{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"&lt;service.finding.tls.broken&gt;", "&lt;service.serve.no&gt;",
		"&lt;service.level.failure&gt;", "&lt;service.check.tls&gt;",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(out.String(), "<script>") {
		t.Errorf("%s", out.String())
	}
}

// The object that `diag --json` prints has these fields and words, which programs rely on.
func TestTheObjectForPrograms(t *testing.T) {
	f := health.New(health.PartDisk, "low").With(map[string]any{"FreeMB": 12})
	f.Detail, f.TookMS, f.At = "why", 1.5, time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	r := diag.Report{At: f.At, Version: "1", Host: "h", CanServe: true, TookMS: 2, Findings: []health.Finding{f}}
	data, err := json.Marshal(diag.Spoken(r, echo{}))
	const want = `{"at":"2026-11-27T09:00:00Z","version":"1","host":"h","canServe":true,"tookMs":2,` +
		`"verdict":"service.serve.yes","findings":[` +
		`{"check":"disk","finding":"low","level":"warning","data":{"FreeMB":12},"detail":"why",` +
		`"tookMs":1.5,"at":"2026-11-27T09:00:00Z",` +
		`"title":"service.check.disk","text":"service.finding.disk.low"}]}`
	if err != nil || string(data) != want {
		t.Errorf("%v\n%s, want\n%s", err, data, want)
	}
}

type echo struct{}

func (echo) Text(id string, _ map[string]any) string { return id }
