package ticket_test

import (
	"os/exec"
	"strings"
	"testing"
)

// scan reads a QR code as a patient's telephone does.
func scan(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.Command("zbarimg", "--quiet", "--raw", name).Output()
	if err != nil {
		t.Fatalf("zbarimg (from the package zbar-tools; the project's setup installs it): %v", err)
	}
	return strings.TrimSpace(string(out))
}
