package terminal

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"sync"
	"time"

	"infomat/apiclient"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
	"infomat/terminal/checks"
)

// buildAgain is how often at most a connection reads its files again.
const buildAgain = 3 * time.Second

// connection is the client of one server. It is built when it is first needed. While a certificate or a key that it
// needs is missing or broken, each use after buildAgain tries again. When the CA certificates or the signing key have
// been replaced, the next use after buildAgain builds a new client; the client itself reads the other files again. It
// is safe for concurrent use.
type connection struct {
	config apiclient.Config
	hmac   string // file of the key that signs reservations; "": none does

	mu     sync.Mutex
	client *apiclient.Client
	files  [sha256.Size]byte // digest of the files that the client was built from
	err    error
	tried  time.Time
}

// newConnection returns the connection to the registry.
func newConnection(r config.Registry) *connection {
	c := &connection{config: apiclient.Config{
		BaseURL: r.URL, AllowPlain: r.AllowPlain, LPU: r.LPU.UUID, ShortAnswer: !r.FullResponse, Timeout: r.Timeout.Duration,
		ClientApplication: r.Auth.ClientApplication, TokenFile: r.Auth.TokenFile,
		CAFile: r.TLS.CAFile, CertFile: r.TLS.CertFile, KeyFile: r.TLS.KeyFile, UserAgent: "infomat/" + Version,
	}}
	if r.Auth.Signer == "hmac-sha256" {
		c.hmac = r.Auth.KeyFile
	}
	return c
}

// get returns the client, or the error for which there is none yet. A client that was replaced finishes its requests.
func (c *connection) get() (*apiclient.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.tried) < buildAgain {
		return c.client, c.err
	}
	c.tried = time.Now()
	files := c.digest()
	if c.client != nil && files == c.files {
		return c.client, nil
	}
	client, err := c.build()
	if err != nil && c.client != nil { // a file is being written, or was removed
		return c.client, nil
	}
	if c.client != nil {
		c.client.Close()
	}
	c.client, c.err, c.files = client, err, files
	return c.client, c.err
}

// digest returns the digest of the files that only a new client reads again.
func (c *connection) digest() (sum [sha256.Size]byte) {
	all := sha256.New()
	for _, name := range []string{c.config.CAFile, c.hmac} {
		var data []byte
		if name != "" {
			data, _ = os.ReadFile(name) // build returns the error
		}
		fmt.Fprintf(all, "%d %s", len(data), data)
	}
	all.Sum(sum[:0])
	return sum
}

func (c *connection) build() (*apiclient.Client, error) {
	full := c.config
	if c.hmac != "" {
		signer, err := apiclient.NewHMAC(c.hmac)
		if err != nil {
			return nil, err
		}
		full.Signer = signer
	}
	return apiclient.New(full)
}

// health returns what the client has noticed of the server; the zero value while there is no client.
func (c *connection) health() apiclient.Health {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client == nil {
		return apiclient.Health{}
	}
	return c.client.Health()
}

// close closes the connections that stand. The connection must not be used any more.
func (c *connection) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil {
		c.client.Close()
	}
}

// admitted asks the server whether it would take reservations of this terminal.
func (c *connection) admitted(ctx context.Context) (bool, error) {
	client, err := c.get()
	if err != nil {
		return false, err
	}
	return client.Admitted(ctx)
}

// look asks the server for a small page. Certificates returns those of all connections.
func (c *connection) look(ctx context.Context, certificates func() checks.Certificates) health.Finding {
	client, err := c.get()
	if err != nil {
		return health.New(health.PartRegistry, "not_begun").Because(err)
	}
	return checks.Line(ctx, client, certificates)
}
