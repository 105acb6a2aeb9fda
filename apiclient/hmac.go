package apiclient

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"
)

// minKeyLength is the least length of a key in bytes.
const minKeyLength = 16

// HMAC signs requests with HMAC-SHA256. The scheme is our own, for a gateway before the registry: the
// registry's is not documented. Signed are the method, the path with the query, the header X-Request-ID,
// the seconds since 1970 that are sent as X-Signature-Time, and the body's SHA-256 in lower-case
// hexadecimal, each followed by a line feed. The result is sent as X-Signature in lower-case hexadecimal.
//
// An HMAC is made by NewHMAC. The zero value signs nothing and returns an error.
type HMAC struct{ key []byte }

// NewHMAC reads the key: the file's content without white space at its ends, at least 16 bytes.
func NewHMAC(keyFile string) (*HMAC, error) {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("apiclient: key_file: %w", err)
	}
	key = bytes.TrimSpace(key)
	if len(key) < minKeyLength {
		return nil, errors.New("apiclient: key_file " + keyFile + " must hold at least 16 bytes")
	}
	return &HMAC{key: key}, nil
}

// Sign adds the headers X-Signature-Time and X-Signature.
func (h *HMAC) Sign(r *http.Request, body []byte) error {
	if len(h.key) < minKeyLength {
		return errors.New("the HMAC has no key: it must be made by NewHMAC")
	}
	at := strconv.FormatInt(time.Now().Unix(), 10)
	sum := sha256.Sum256(body)
	mac := hmac.New(sha256.New, h.key)
	signed := [...]string{
		r.Method, r.URL.RequestURI(), r.Header.Get("X-Request-ID"), at, hex.EncodeToString(sum[:]),
	}
	for _, part := range signed {
		mac.Write([]byte(part + "\n"))
	}
	r.Header.Set("X-Signature-Time", at)
	r.Header.Set("X-Signature", hex.EncodeToString(mac.Sum(nil)))
	return nil
}
