package virtual_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"infomat/device/virtual"
)

// The programs of others are installed from the locked versions in testdata/foreign, without running their scripts.
const (
	foreign     = "testdata/foreign"
	foreignInto = "../../build/foreign-escpos"
)

// installForeign installs the programs once, and returns the folder in which node finds them.
var installForeign = sync.OnceValues(func() (string, error) {
	into, err := filepath.Abs(foreignInto)
	if err != nil {
		return "", err
	}
	lock, err := os.ReadFile(filepath.Join(foreign, "package-lock.json"))
	if err != nil {
		return "", err
	}
	mark, want := filepath.Join(into, "installed"), fmt.Sprintf("%x", sha256.Sum256(lock))
	if have, err := os.ReadFile(mark); err == nil && string(have) == want {
		return into, nil
	}
	if err := os.MkdirAll(into, 0o755); err != nil {
		return "", err
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(foreign, name))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(into, name), data, 0o644); err != nil {
			return "", err
		}
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")
	cmd.Dir = into
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm (from the package npm; the project's setup installs it): %w\n%s", err, out)
	}
	return into, os.WriteFile(mark, []byte(want), 0o644)
})

// node runs a script of testdata/foreign, or of an installed package, with its arguments, and returns its standard
// output and exit code.
func node(t *testing.T, input []byte, args ...string) ([]byte, int) {
	t.Helper()
	folder, err := installForeign()
	if err != nil {
		t.Fatal(err)
	}
	args = slices.Clone(args)
	if strings.HasSuffix(args[0], ".cjs") {
		if args[0], err = filepath.Abs(filepath.Join(foreign, args[0])); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", args...)
	cmd.Dir, cmd.Stdin = folder, bytes.NewReader(input)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		t.Logf("%q: %s%s", args, out, problems.Bytes())
		return out, exit.ExitCode()
	case err != nil:
		t.Fatalf("node (from the package nodejs; the project's setup installs it): %v\n%s", err, problems.Bytes())
	}
	return out, 0
}

// foreignReceipt is what print.cjs prints.
const foreignReceipt = "Поликлиника №3\nЩербакова Елена Юрьевна\nсъешь ещё этих булок\n" +
	"[QR: 9d8ea16f-205b-4bc7-92e5-752cd84cb0db]"

// checkReceipt fails if the first paper of a printer is not the receipt of print.cjs.
func checkReceipt(t *testing.T, v *virtual.Printer) {
	t.Helper()
	eventually(t, "the receipt", func() bool { return len(v.Papers()) > 0 })
	paper := v.Papers()[0]
	var lines []string
	for line := range strings.Lines(paper.Text()) { // some programs centre by spaces
		lines = append(lines, strings.TrimSpace(line))
	}
	if text := strings.TrimSpace(strings.Join(lines, "\n")); text != foreignReceipt || !paper.Cut || len(paper.Notes) > 0 {
		t.Errorf("cut %t, notes %q: %q", paper.Cut, paper.Notes, text)
	}
	for i, it := range paper.Items[:3] {
		times := map[bool]int{true: 2, false: 1}[i == 0]
		if r := it.Runs[len(it.Runs)-1]; r.W != times || r.H != times || r.Bold != (i == 0) {
			t.Errorf("%+v", r)
		}
	}
	if v.Lost() > 0 {
		t.Errorf("%d bytes were lost", v.Lost())
	}
}

// The numbers of the code pages that another program knows for a make of printer are those of our profile.
func TestForeignEncoder(t *testing.T) {
	for _, c := range []struct{ profile, codepages, page string }{
		{"epson", "epson", "cp866"},
		{"epson", "epson", "windows1251"},
		{"epson-tm-m30", "epson", "windows1251"},
		{"epson-old", "epson/legacy", "cp866"},
		{"citizen", "citizen", "cp866"},
		{"star", "star", "cp866"},
		{"bixolon", "bixolon", "cp866"},
		{"bixolon", "bixolon", "windows1251"},
		{"xprinter", "xprinter", "cp866"},
		{"xprinter", "xprinter", "windows1251"},
		{"clone58", "pos-5890", "cp866"},
		{"clone58", "pos-5890", "windows1251"},
		{"rongta", "mpt", "cp866"},
		{"rongta", "mpt", "windows1251"},
		{"mpt", "youku", "cp866"},
		{"mpt", "youku", "windows1251"},
	} {
		t.Run(c.profile+" "+c.page, func(t *testing.T) {
			v := started(t, c.profile)
			if _, code := node(t, nil, "print.cjs", "encoder", v.Path(), c.codepages, c.page); code != 0 {
				t.Fatal(code)
			}
			checkReceipt(t, v)
		})
	}
}

func TestForeignThermalPrinter(t *testing.T) {
	v := started(t, "epson")
	if _, code := node(t, nil, "print.cjs", "thermal", v.Path()); code != 0 {
		t.Fatal(code)
	}
	checkReceipt(t, v)
}

// started is a printer that is switched on.
func started(t *testing.T, name string) *virtual.Printer {
	t.Helper()
	v, err := virtual.Start(virtual.Options{Profile: profile(t, name)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}
