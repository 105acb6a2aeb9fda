package apiclient_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"infomat/apiclient"
)

func TestGet(t *testing.T) {
	c := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		_, _ = io.WriteString(w, `{"path":"`+q.URL.Path+`","day":"`+q.URL.Query().Get("day")+`"}`)
	}), nil)
	var got struct{ Path, Day string }
	if err := c.Get(t.Context(), "/lpu/1", url.Values{"day": {"5"}}, &got); err != nil || got.Path != "/lpu/1" ||
		got.Day != "5" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGetSaysWhatWentWrong(t *testing.T) {
	var into map[string]any
	denied := newClient(t, says(403, "", `{"message_code":"5403"}`), nil).Get(t.Context(), "/x", nil, &into)
	if !errors.Is(denied, apiclient.AccessDenied) {
		t.Errorf("%v is not an access that was denied", denied)
	}
	for _, h := range []http.Handler{
		says(500, "", ""), says(200, "", "<html>"), says(302, "Location: /y", ""), says(204, "", ""),
	} {
		if err := newClient(t, h, nil).Get(t.Context(), "/x", nil, &into); err == nil {
			t.Error("no error")
		}
	}
	slow := newClient(
		t,
		http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() }),
		func(c *apiclient.Config) { c.Timeout = 50 * time.Millisecond },
	)
	if err := slow.Get(t.Context(), "/x", nil, &into); err == nil {
		t.Error("no error of a registry that is silent")
	}
}

func TestSignatureCanBeChecked(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("0123456789abcdef\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	signer, err := apiclient.NewHMAC(key)
	if err != nil {
		t.Fatal(err)
	}
	var want, got string
	c := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		sum := sha256.Sum256(body)
		mac := hmac.New(sha256.New, []byte("0123456789abcdef"))
		_, _ = io.WriteString(
			mac,
			q.Method+"\n"+q.URL.RequestURI()+"\n"+q.Header.Get(
				"X-Request-ID",
			)+"\n"+q.Header.Get(
				"X-Signature-Time",
			)+"\n"+hex.EncodeToString(
				sum[:],
			)+"\n",
		)
		want, got = hex.EncodeToString(mac.Sum(nil)), q.Header.Get("X-Signature")
		_, _ = w.Write(sample(t))
	}), func(c *apiclient.Config) { c.Signer, c.ShortAnswer = signer, true })
	if _, err := c.Reserve(t.Context(), order()); err != nil || got != want || got == "" {
		t.Errorf("signature %q, want %q, %v", got, want, err)
	}
	if err := os.WriteFile(key, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := apiclient.NewHMAC(key); err == nil {
		t.Error("a key of five bytes was taken")
	}
	if _, err := apiclient.NewHMAC(key + ".none"); err == nil {
		t.Error("no key was taken")
	}
}

// An answer of 4 MiB is read, one that is longer by a byte is not.
func TestLongestAnswer(t *testing.T) {
	const most = 4 << 20
	for _, size := range []int{most, most + 1} {
		text := `{"x":"` + strings.Repeat("x", size-8) + `"}`
		for _, known := range []bool{true, false} {
			c := newClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if known {
					w.Header().Set("Content-Length", strconv.Itoa(size))
				}
				_, _ = io.WriteString(w, text)
			}), nil)
			data, _, err := c.Read(t.Context(), "/x", nil, apiclient.Version{})
			if (err == nil) != (size == most) || err == nil && string(data) != text {
				t.Errorf("%d bytes, known before: %v: %d bytes were read, %v", size, known, len(data), err)
			}
		}
	}
}
