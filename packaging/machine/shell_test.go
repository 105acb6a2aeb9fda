package machine

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"time"
)

// shell is the root shell that exists only on the test's disk. It is not safe for concurrent use.
type shell struct {
	conn net.Conn
	in   *bufio.Reader
	n    int
}

// openShell connects to the socket at path. The line waits until the shell has started.
func openShell(ctx context.Context, path string) (*shell, error) {
	conn, err := dial(ctx, path)
	if err != nil {
		return nil, err
	}
	return &shell{conn: conn, in: bufio.NewReaderSize(conn, 1<<20)}, nil
}

// run runs a command line and returns what it writes. An exit code other than 0 is an error.
func (s *shell) run(within time.Duration, command string) (string, error) {
	s.n++
	_ = s.conn.SetDeadline(time.Now().Add(within))
	if _, err := fmt.Fprintf(s.conn, "%d %s\n", s.n, base64.StdEncoding.EncodeToString([]byte(command))); err != nil {
		return "", fmt.Errorf("machine: %s: %w", command, err)
	}
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return "", fmt.Errorf("machine: %s: %w", command, err)
		}
		var n, code int
		var encoded string
		_, _ = fmt.Sscan(line, &n, &code, &encoded) // no output leaves encoded blank
		if n != s.n {
			continue // of a command that came too late
		}
		output, err := base64.StdEncoding.DecodeString(encoded)
		if err == nil && code != 0 {
			err = fmt.Errorf("machine: %s: exit code %d: %s", command, code, output)
		}
		return strings.TrimRight(string(output), "\n"), err
	}
}
