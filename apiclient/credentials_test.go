package apiclient_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
)

// A secret may be read by its owner and its group, and written by its owner.
func TestModesOfSecrets(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a mode does not tell who may read")
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for mode, open := range map[fs.FileMode]bool{
		0o600: false, 0o400: false, 0o640: false, 0o440: false, 0o700: false, 0o750: false,
		0o644: true, 0o604: true, 0o602: true, 0o620: true, 0o660: true, 0o666: true,
	} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		err := apiclient.CheckSecret(file)
		var fault *apiclient.ModeError
		if errors.As(err, &fault) != open || (err != nil) != open {
			t.Errorf("%o: %v", mode, err)
		}
		if open && (fault.File != file || fault.Mode != mode) {
			t.Errorf("%o: %+v", mode, fault)
		}
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	want := file + " has the mode 0644: want 0600"
	if got := apiclient.CheckSecret(file).Error(); !strings.HasPrefix(got, want) {
		t.Errorf("%s, want %s…", got, want)
	}
	if err := apiclient.CheckSecret(file + ".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// A token can come from a function. It is called for each attempt with the request's context.
func TestATokenOfAFunction(t *testing.T) {
	type key struct{}
	token, fails := "first", error(nil)
	heard := ""
	client := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		heard = q.Header.Get("Authorization")
		_, _ = w.Write(sample(t))
	}), func(c *apiclient.Config) {
		c.Timeout = 300 * time.Millisecond
		c.Token = func(ctx context.Context) (string, error) {
			if ctx.Value(key{}) != "context" {
				t.Error("the function got another context")
			}
			return token, fails
		}
	})
	ctx := context.WithValue(t.Context(), key{}, "context")
	for _, token = range []string{"first", "second"} {
		if _, err := client.Reserve(ctx, order()); err != nil || heard != "Bearer "+token {
			t.Errorf("%q, %v", heard, err)
		}
		if err := client.Get(ctx, "/x", nil, new(any)); err != nil || heard != "Bearer "+token {
			t.Errorf("%q, %v", heard, err)
		}
	}
	heard = ""
	for _, token = range []string{"", "secret\r\nX: y", "secret secret"} {
		_, err := client.Reserve(ctx, order())
		if !errors.Is(err, apiclient.ErrCredentials) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", token, err)
		}
	}
	fails = errors.New("the server of tokens says: secret")
	_, err := client.Reserve(ctx, order())
	if !errors.Is(err, apiclient.ErrCredentials) || !errors.Is(err, fails) || strings.Contains(err.Error(), "secret") ||
		apiclient.OutcomeOf(err) != apiclient.Unreachable {
		t.Errorf("%v", err)
	}
	if heard != "" {
		t.Error("something was sent")
	}
}
