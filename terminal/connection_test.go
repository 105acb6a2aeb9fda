package terminal

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// pemBlock returns a PEM block.
func pemBlock(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// newCertificate returns a certificate that signs itself, with its key.
func newCertificate(t *testing.T) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "terminal"}, NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, like, like, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pemBlock("CERTIFICATE", der), pemBlock("PRIVATE KEY", secret)
}

// newFile writes a file for a test.
func newFile(t *testing.T, content []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	replaceFile(t, name, content)
	return name
}

func replaceFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// line returns what a look at the line to the registry finds, once the time to read the files again has come.
func (c *connection) line(t *testing.T) health.Finding {
	t.Helper()
	c.mu.Lock()
	c.tried = time.Time{}
	c.mu.Unlock()
	return c.look(t.Context(), func() checks.Certificates { return checks.Certificates{} })
}

// A ca_file that is replaced while the terminal runs is used without a restart. While the new one cannot be read the
// old one stays in use.
func TestConnectionUsesAReplacedCAFile(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	other, _ := newCertificate(t)
	r := registryAt(t, server.URL)
	r.TLS.CAFile = newFile(t, other)
	c := newConnection(r)
	defer c.close()

	if f := c.line(t); f.Kind != "no_line" {
		t.Fatalf("with the certificate of another authority: %+v", f)
	}
	replaceFile(t, r.TLS.CAFile, pemBlock("CERTIFICATE", server.Certificate().Raw))
	if f := c.line(t); f.Level != health.OK {
		t.Errorf("with the right one: %+v", f)
	}
	replaceFile(t, r.TLS.CAFile, []byte("-----BEGIN"))
	if f := c.line(t); f.Level != health.OK {
		t.Errorf("while the file is being written: %+v", f)
	}
}

// A signing key that is replaced while the terminal runs signs the next reservation.
func TestConnectionUsesAReplacedKeyFile(t *testing.T) {
	key := []byte("0123456789abcdef")
	signed := make(chan string, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed <- r.Header.Get("X-Signature-Time") + r.Header.Get("X-Signature")
		w.WriteHeader(http.StatusBadRequest)
	}))
	defer server.Close()
	r := registryAt(t, server.URL)
	r.Auth.Signer, r.Auth.KeyFile = "hmac-sha256", newFile(t, key)
	c := newConnection(r)
	defer c.close()

	first, err := c.get()
	if err != nil {
		t.Fatal(err)
	}
	c.tried = time.Time{}
	if again, err := c.get(); again != first || err != nil {
		t.Errorf("a key that stays the same has the client built again: %v", err)
	}
	replaceFile(t, r.Auth.KeyFile, []byte("fedcba9876543210"))
	c.tried = time.Time{}
	second, err := c.get()
	if err != nil {
		t.Fatal(err)
	}
	order := apiclient.ReserveRequest{
		Operation: uuid.New(), TimeTable: uuid.New(), AgeCategory: apiclient.Adult, ReserveMinutes: 5,
	}
	for _, client := range []*apiclient.Client{first, second} {
		_, _ = client.Reserve(t.Context(), order) // what was sent counts, not the answer
	}
	if one, two := <-signed, <-signed; one == two || second == first {
		t.Error("the old key signs on")
	}
}

// A source that was opened with a client is opened again when that has been replaced.
func TestSourceFollowsItsConnection(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	other, _ := newCertificate(t)
	c, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	c.Registry = registryAt(t, server.URL)
	c.Registry.TLS.CAFile = newFile(t, other)
	connection := newConnection(c.Registry)
	defer connection.close()
	store, _ := newStore(c, connection, func() {}, slog.New(slog.DiscardHandler))
	before, err := store.Source.(*source).get()
	if err != nil {
		t.Fatal(err)
	}
	replaceFile(t, c.Registry.TLS.CAFile, pemBlock("CERTIFICATE", server.Certificate().Raw))
	connection.tried = time.Time{}
	after, err := store.Source.(*source).get()
	if err != nil {
		t.Fatal(err)
	}
	if after == before {
		t.Error("the timetable is read with the old certificates")
	}
	if same, err := store.Source.(*source).get(); same != after || err != nil {
		t.Errorf("the source is opened again although its client stayed: %v", err)
	}
}

func registryAt(t *testing.T, url string) config.Registry {
	t.Helper()
	c, err := config.Default()
	if err != nil {
		t.Fatal(err)
	}
	c.Registry.URL, c.Registry.LPU.UUID = url, uuid.New()
	c.Registry.Timeout.Duration = 5 * time.Second
	return c.Registry
}
