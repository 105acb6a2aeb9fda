package fhirpeer

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

//go:embed server
var files embed.FS

// Bounds of the start and of a request.
const (
	installTimeout = 5 * time.Minute
	startTimeout   = time.Minute
	timeout        = 10 * time.Second
)

// Server is a running FHIR server. It is empty at first.
type Server struct {
	URL string // base address, such as http://127.0.0.1:40123/fhir/R4

	cmd   *exec.Cmd
	input io.Closer // the server ends when it is closed
}

// Start installs what is missing and starts a server. The caller has to close it.
func Start(ctx context.Context) (*Server, error) {
	dir, err := install(ctx)
	if err != nil {
		return nil, fmt.Errorf("fhirpeer: %w", err)
	}
	cmd := exec.Command("node", "server.mjs")
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("fhirpeer: %w", err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("fhirpeer: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("fhirpeer: Node.js is needed (Debian: nodejs): %w", err)
	}
	s := &Server{cmd: cmd, input: input}
	late := time.AfterFunc(startTimeout, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("fhirpeer: the server did not start: %w", err)
	}
	s.URL = strings.TrimSpace(line)
	return s, nil
}

// Close ends the server and waits for its end.
func (s *Server) Close() {
	_ = s.input.Close()
	late := time.AfterFunc(timeout, func() { _ = s.cmd.Process.Kill() })
	defer late.Stop()
	_ = s.cmd.Wait() // a server that was killed has ended too
}

// Put creates or replaces resources. Each is encoded as JSON and has a resourceType and an id.
func (s *Server) Put(ctx context.Context, resources ...any) error {
	for i, r := range resources {
		if err := s.put(ctx, r); err != nil {
			return fmt.Errorf("fhirpeer: resource %d: %w", i, err)
		}
	}
	return nil
}

func (s *Server) put(ctx context.Context, resource any) error {
	data, err := json.Marshal(resource)
	if err != nil {
		return err
	}
	var head struct {
		ResourceType string `json:"resourceType"`
		ID           string `json:"id"`
	}
	if err := json.Unmarshal(data, &head); err != nil || head.ResourceType == "" || head.ID == "" {
		return errors.New("it needs a resourceType and an id")
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	address := fmt.Sprintf("%s/%s/%s", s.URL, head.ResourceType, head.ID)
	q, err := http.NewRequestWithContext(ctx, http.MethodPut, address, bytes.NewReader(data))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/fhir+json")
	q.Close = true // no connection stays when the server ends
	resp, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusMultipleChoices {
		answer, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10)) // what there is of it
		return fmt.Errorf("HTTP %d: %s", resp.StatusCode, answer)
	}
	return nil
}

// install returns a folder with the server and its packages. Tests of several packages may call it at once:
// one of them installs, the others wait.
func install(ctx context.Context) (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	lock, err := files.ReadFile("server/package-lock.json")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(root, "build", "fhirpeer", hex.EncodeToString(sum[:8]))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, installTimeout)
	defer cancel()
	only := flock.New(filepath.Join(dir, "lock"))
	defer only.Close()
	if _, err := only.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return "", fmt.Errorf("waiting for another test that installs: %w", err)
	}
	for _, name := range []string{"package.json", "package-lock.json", "server.mjs"} {
		if err := copyFile(dir, name); err != nil {
			return "", err
		}
	}
	done := filepath.Join(dir, "installed")
	if _, err := os.Stat(done); err == nil {
		return dir, nil
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci (Debian: npm; it needs the network once): %w\n%s", err, out)
	}
	return dir, os.WriteFile(done, nil, 0o644)
}

// copyFile writes a file of the server if it differs from what is there: another test may be reading it.
func copyFile(dir, name string) error {
	want, err := files.ReadFile("server/" + name)
	if err != nil {
		return err
	}
	target := filepath.Join(dir, name)
	if have, err := os.ReadFile(target); err == nil && bytes.Equal(have, want) {
		return nil
	}
	return os.WriteFile(target, want, 0o644)
}

// moduleRoot returns the folder of go.mod: go test runs in the folder of the package.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}
