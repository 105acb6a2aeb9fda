package ticket_test

import (
	"errors"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
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

// file writes a picture to a file of its own.
func file(t *testing.T, img image.Image) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ticket.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
	return name
}
