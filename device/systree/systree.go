package systree

import (
	"os"
	"path/filepath"
	"testing"
)

// Make makes a tree in a folder of the test and returns its root. Files are texts and links are targets, by their names
// below the root.
func Make(t *testing.T, files, links map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(place(t, root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range links {
		if err := os.Symlink(target, place(t, root, name)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// place returns the path of a name, and makes the folder that it is in.
func place(t *testing.T, root, name string) string {
	t.Helper()
	full := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	return full
}
