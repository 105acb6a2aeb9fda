package terminal

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/kiosk/config"
)

// The settings and the client take the same addresses. Each decides by itself, because neither imports the other.
func TestSettingsAndClientTakeTheSameAddresses(t *testing.T) {
	for _, address := range []string{
		"https://registry.example/api", "http://registry.example", "http://localhost:1", "http://LOCALHOST.",
		"http://a.localhost", "http://localhost.example", "http://127.0.0.1:1",
		"http://127.1.2.3", "http://[::1]", "http://[::ffff:127.0.0.1]:1",
		"http://0.0.0.0", "http://10.0.0.1", "http://[fe80::1]", "https://user:password@registry.example",
		"http://user:password@registry.example", "https://registry.example?x=1", "ftp://127.0.0.1", "https://",
		"registry.example", "https://:8443/api", "https://registry.example/api?", "https://registry.example/api#",
		"https://registry.example/#x", "http://[::1%25lo]:1", "https:registry.example", "https://registry.example:x",
		"https://registry.example/ api", "https://u:p%zz@registry.example", "HTTPS://registry.example",
	} {
		for _, plain := range []string{"", "allow_plain = true\n"} {
			text := "[registry]\nurl = \"" + address + "\"\nlpu_guid = \"c3c977af-c3b4-4517-9d57-50a6844ec660\"\n" + plain
			_, bySettings := config.Parse("f.toml", []byte(text))
			_, byClient := apiclient.New(apiclient.Config{
				BaseURL: address, AllowPlain: plain != "", LPU: uuid.New(), Timeout: time.Second,
			})
			if (bySettings == nil) != (byClient == nil) {
				t.Errorf("%s %s: the settings say %v, the client %v", address, plain, bySettings, byClient)
			}
		}
	}
}
