package apiclient_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"infomat/apiclient"
)

// renegotiator is openssl s_server: crypto/tls does not renegotiate as a server. As IIS does, it
// asks for a certificate when it has read the request, and answers when it has one.
type renegotiator struct {
	command *exec.Cmd
	input   io.WriteCloser
	output  *io.PipeReader
	address string
}

func newRenegotiator(t *testing.T, cert, key string) *renegotiator {
	t.Helper()
	c := exec.CommandContext(t.Context(), "openssl", "s_server", "-accept", "127.0.0.1:0", "-tls1_2",
		"-cert", cert, "-key", key)
	input, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, sink := io.Pipe()
	c.Stdout, c.Stderr = sink, sink
	if err := c.Start(); err != nil {
		t.Fatalf("%v: the package openssl is missing: scripts/setup.sh installs it", err)
	}
	r := &renegotiator{command: c, input: input, output: output}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = output.Close()
		_ = c.Wait()
	})
	line := r.until(regexp.MustCompile(`ACCEPT (\S+)\n`))
	r.address = line[1]
	return r
}

// until reads the output until it matches, and returns the match; nil: it ended before.
func (r *renegotiator) until(want *regexp.Regexp) []string {
	var seen bytes.Buffer
	one := make([]byte, 1)
	for {
		if _, err := r.output.Read(one); err != nil {
			return nil
		}
		seen.Write(one)
		if m := want.FindStringSubmatch(seen.String()); m != nil {
			return m
		}
	}
}

// serve answers one request after a second handshake with a certificate.
func (r *renegotiator) serve(answer string) {
	if r.until(regexp.MustCompile(`"reserveTime":10\}`)) == nil {
		return
	}
	_, _ = io.WriteString(r.input, "R\n") // renegotiate and ask for a certificate
	if r.until(regexp.MustCompile(`depth=0 CN = own`)) == nil {
		return
	}
	_, _ = fmt.Fprintf(r.input, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
	_, _ = io.Copy(io.Discard, bufio.NewReader(r.output))
}

// A server may ask for the terminal's certificate after the request, by a second handshake. Without a
// certificate there is no second handshake. Either way the hook runs once, and what was sent is not repeated.
func TestRenegotiation(t *testing.T) {
	dir := t.TempDir()
	end := time.Now().Add(time.Hour)
	serverCert, serverKey := certificate(t, dir, "server", end)
	ownCert, ownKey := certificate(t, dir, "own", end)
	answer := strings.ReplaceAll(string(sample(t)), "\n", " ") // s_server obeys a line that begins with a letter
	for _, withCertificate := range []bool{true, false} {
		server := newRenegotiator(t, serverCert, serverKey)
		var work sync.WaitGroup
		work.Go(func() { server.serve(answer) })
		client := clientOf(t, "https://"+server.address, func(c *apiclient.Config) {
			c.CAFile, c.Timeout = serverCert, 10*time.Second
			if withCertificate {
				c.CertFile, c.KeyFile = ownCert, ownKey
			}
		})
		o, hooks := order(), 0
		o.BeforeSend = func() error { hooks++; return nil }
		_, err := client.Reserve(t.Context(), o)
		want := apiclient.Unknown
		if withCertificate {
			want = apiclient.Reserved
		}
		if apiclient.OutcomeOf(err) != want || hooks != 1 {
			t.Errorf("with a certificate %v: %v, the hook ran %d times", withCertificate, err, hooks)
		}
		_ = server.command.Process.Kill()
		_ = server.output.Close()
		work.Wait()
	}
}
