package main_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// canary is a text that the simulated registry puts wherever a name can be, and that is used as the token.
const canary = "Kanareykin7f3a"

// TestLogsHoldNoNameOrToken checks at log level debug that neither a name in a registry's answer nor the token is
// written to the log, the journal or a diagnostics bundle.
func TestLogsHoldNoNameOrToken(t *testing.T) {
	sample, err := os.ReadFile(sampleFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		code   int
		answer string
	}{
		"reserved": {0, reply("200 OK", strings.NewReplacer(
			`". ."`, `"@"`, `"doctorRole": ""`, `"doctorRole": "@"`, `"editor": ""`, `"editor": "@"`,
		).Replace(string(sample)))},
		"reserved, and more than was asked for": {0, reply("200 OK", string(sample)) + "@ @"},
		"already booked": {
			3, reply("400 Bad Request", `{"message":"Вы уже записаны @","message_code":"4008"}`),
		},
		"no self-booking": {3, reply("400 Bad Request", `{"message":"@","message_code":"4007"}`)},
		"access":          {3, reply("403 Forbidden", `{"message":"@","message_code":"5009"}`)},
		"broken":          {4, reply("500 @", `@`)},
		"no JSON":         {4, reply("200 OK", `{"docFio": @}`)},
		"no HTTP":         {4, "@ @\r\n\r\n"},
		"no header":       {4, "HTTP/1.1 200 OK\r\n@\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.url = rawServer(t, strings.ReplaceAll(c.answer, "@", canary))
			token := filepath.Join(s.dir, "token")
			if err := os.WriteFile(token, []byte(canary), 0o600); err != nil {
				t.Fatal(err)
			}
			s.more = fmt.Sprintf("[registry.auth]\ntoken_file = %q\n[log]\nlevel = \"debug\"\n", token)
			s.write()
			b, r := s.reserve(uuid.New())
			if r.code != c.code {
				t.Errorf("%d %+v\n%s", r.code, b, r.err)
			}
			_, journal := s.stages()
			if strings.Contains(r.err+journal, canary) || !strings.Contains(r.err, "level=") {
				t.Errorf("the log is\n%s\nthe journal is\n%s", r.err, journal)
			}
			bundle := filepath.Join(s.dir, "bundle.zip")
			_, d := s.diag("--bundle", bundle)
			parts := unzip(t, bundle)
			parts["standard output"], parts["standard error"] = d.out, d.err
			for name, text := range parts {
				if strings.Contains(text, canary) {
					t.Errorf("%s of diag holds the canary:\n%s", name, text)
				}
			}
		})
	}
}

// reply returns a raw HTTP answer. @ stands for the canary.
func reply(status, body string) string {
	return fmt.Sprintf(
		"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s",
		status,
		len(strings.ReplaceAll(body, "@", canary)),
		body,
	)
}

// rawServer starts a server that answers every request with the same bytes and keeps connections open. It returns
// the URL.
func rawServer(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
			if q, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
				_ = q.Body.Close() // short enough to be buffered already
				_, _ = c.Write([]byte(answer))
			}
		}
	}()
	return "http://" + l.Addr().String()
}
