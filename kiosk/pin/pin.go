package pin

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"slices"
	"strings"

	"golang.org/x/crypto/argon2"

	"infomat/kiosk/durable"
)

// Digits is how many digits a PIN has.
const Digits = 6

// ErrFormat is returned for a PIN that is not six digits.
var ErrFormat = errors.New("pin: a PIN is six digits")

// ErrWeak is returned for a PIN that is easy to guess.
var ErrWeak = errors.New("pin: this PIN is too easy to guess: take one without a row, a pattern or a repetition")

// ErrPublished is returned for a PIN that anybody can have read.
var ErrPublished = errors.New("pin: this PIN is printed in the documents of the program: take one that only you know")

// published are the PINs that documents and tests of this program have named.
var published = []string{"402795", "731904"}

// The cost of a guess: argon2id as in RFC 9106, section 4, second recommendation, with one lane and half its memory,
// because a terminal has little memory.
const (
	passes  = 3
	memory  = 32 << 10 // KiB
	lanes   = 1
	keySize = 32
)

// scheme is the head of the one line of a PIN file. It names the hash and its parameters.
var scheme = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, memory, passes, lanes)

// Check returns ErrFormat, ErrWeak, ErrPublished, or nil for a PIN that may be set.
func Check(pin string) error {
	if len(pin) != Digits || strings.Trim(pin, "0123456789") != "" {
		return ErrFormat
	}
	if weak(pin) {
		return ErrWeak
	}
	if slices.Contains(published, pin) {
		return ErrPublished
	}
	return nil
}

// Random returns a PIN that Check takes.
func Random() string {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(1e6))
		if err != nil {
			panic(err) // rand.Reader does not fail
		}
		if pin := fmt.Sprintf("%0*d", Digits, n); Check(pin) == nil {
			return pin
		}
	}
}

// columns are patterns of keys on a keypad.
var columns = []string{
	"147258", "258369", "369258", "258147", "159753", "753159", "159357", "357159", "147369", "369147", "789456",
	"456123", "321654", "654987",
}

// weak reports whether a PIN is a row (123456, 975319), has less than three different digits (110110), is a repetition
// (123123, 121212), pairs (112233), a mirror (123321) or a pattern of the keypad.
func weak(pin string) bool {
	kinds := map[rune]bool{}
	for _, d := range pin {
		kinds[d] = true
	}
	const half = Digits / 2
	mirrored := []byte(pin)
	slices.Reverse(mirrored)
	return len(kinds) < 3 || row(pin) || pin[:half] == pin[half:] || pin[:2] == pin[2:4] && pin[2:4] == pin[4:] ||
		pin[0] == pin[1] && pin[2] == pin[3] && pin[4] == pin[5] || pin == string(mirrored) || slices.Contains(columns, pin)
}

// row reports whether the step from each digit to the next is the same, modulo 10.
func row(pin string) bool {
	step := (pin[1] - pin[0] + 10) % 10
	for i := 1; i < len(pin); i++ {
		if (pin[i]-pin[i-1]+10)%10 != step {
			return false
		}
	}
	return true
}

// Set writes a new PIN to a file and clears its failures. It returns the error of Check for a PIN that is refused.
func Set(file, pin string) error {
	if err := Check(pin); err != nil {
		return err
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return fmt.Errorf("pin: %w", err)
	}
	// A file that exists keeps its mode, which must not let others read the new hash.
	if err := os.Chmod(file, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("pin: %w", err)
	}
	text := scheme + encode(salt) + "$" + encode(hash(pin, salt)) + "\n"
	if err := durable.WriteFile(file, []byte(text), 0o600); err != nil {
		return fmt.Errorf("pin: %w", err)
	}
	return Unlock(file)
}

func hash(pin string, salt []byte) []byte {
	return argon2.IDKey([]byte(pin), salt, passes, memory, lanes, keySize)
}

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

// matches reports whether a PIN is that of the line of a PIN file. It returns errDamaged for any other line.
func matches(line, pin string) (bool, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), scheme)
	salt, key, whole := strings.Cut(rest, "$")
	if !ok || !whole {
		return false, errDamaged
	}
	s, err := base64.RawStdEncoding.DecodeString(salt)
	if err != nil {
		return false, errDamaged
	}
	k, err := base64.RawStdEncoding.DecodeString(key)
	if err != nil || len(k) != keySize {
		return false, errDamaged
	}
	return subtle.ConstantTimeCompare(k, hash(pin, s)) == 1, nil
}
