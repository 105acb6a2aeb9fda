package terminal

import (
	"bytes"
	"encoding/pem"
	"image"
	"image/png"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"infomat/kiosk"
	"infomat/kiosk/config"
	"infomat/kiosk/health"
)

func pngFile(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A file that the settings name and that is missing or broken never keeps the terminal from starting: it closes
// booking, takes the paper, or only warns. Once it is mended the terminal works, without a restart.
func TestFilesOfOthersHeal(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	for name, c := range map[string]struct {
		set     func(c *config.Config, file string)
		good    []byte
		reason  kiosk.Reason
		noPaper bool
	}{
		"ca_file": {func(c *config.Config, file string) { c.Registry.TLS.CAFile = file }, ca, kiosk.ReasonRegistry, false},
		"token_file": {
			func(c *config.Config, file string) { c.Registry.Auth.TokenFile = file }, []byte("right"), kiosk.ReasonAccess, false,
		},
		"key_file": {func(c *config.Config, file string) {
			c.Registry.Auth.Signer, c.Registry.Auth.KeyFile = "hmac-sha256", file
		}, []byte("0123456789abcdef0123456789abcdef"), kiosk.ReasonAccess, false},
		"profiles_file": {
			func(c *config.Config, file string) { c.Printer.ProfilesFile = file },
			[]byte("[mine]\nlike = \"epson\"\n"), "", true,
		},
		"logo": {func(c *config.Config, file string) { c.Ticket.Logo = file }, pngFile(t), "", false},
		"guide": {
			func(c *config.Config, file string) { c.Clinic.Guide = file }, []byte(way), "", false,
		},
		"template": {
			func(c *config.Config, file string) { c.Ticket.Template = file }, []byte("{{.Num}} {{.Room}}\n"), "", false,
		},
	} {
		for what, bad := range map[string]func(file string) error{
			"missing": func(string) error { return nil },
			"broken":  func(file string) error { return os.WriteFile(file, []byte("\x00{{"), 0o600) },
		} {
			if what == "broken" && name == "token_file" {
				continue // any text may be a token
			}
			t.Run(name+" "+what, func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), name)
				if err := bad(file); err != nil {
					t.Fatal(err)
				}
				w := newBrokenWorld(t, func(w *brokenWorld) { c.set(&w.config, file) })
				f := w.part(health.PartConfig)
				if f.Level == health.OK || f.Closes != c.reason || f.NoPaper != c.noPaper || f.Kind != name {
					t.Errorf("while it is %s: %+v", what, f)
				}
				if err := os.WriteFile(file, c.good, 0o600); err != nil {
					t.Fatal(err)
				}
				if f := w.part(health.PartConfig); f.Level != health.OK {
					t.Errorf("when it is mended: %+v", f)
				}
				w.heals(t)
			})
		}
	}
}

// part returns what the watch finds about a part now.
func (w *brokenWorld) part(p health.Part) health.Finding {
	for _, f := range w.watched() {
		if f.Part == p {
			return f
		}
	}
	w.t.Fatalf("the part %s is not watched", p)
	return health.Finding{}
}

// heals waits until the terminal books and prints.
func (w *brokenWorld) heals(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		_, err := w.terminal.registry.get()
		w.terminal.press.tryAgain()
		if paper := w.terminal.press.paper.Load(); err == nil && paper != nil && len(paper.lacks) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not heal: %v", err)
		}
	}
	if f := w.part(health.PartPrinter); f.Level != health.OK {
		t.Errorf("the printer: %+v", f)
	}
}
