package apiclient

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"
)

// Bounds of Config.MaxBody in bytes. A reservation has about 3 kB, a doctor's two weeks about 200 kB.
const (
	defaultMaxBody = 4 << 20
	greatestBody   = 1 << 30
)

// Config holds the settings of a Client. BaseURL, LPU and Timeout are required. A name and a password before
// the host of BaseURL are sent as Basic credentials (RFC 7617) if there is no token; better is a token in a file.
type Config struct {
	BaseURL           string        // {{url}} of the page: http or https, with the API's version
	LPU               uuid.UUID     // {{lpuGuid}}: the clinic
	ShortAnswer       bool          // ask with fullResponse=false
	Timeout           time.Duration // for the connection, and again for the answer
	MaxBody           int64         // greatest length of an answer's body in bytes, up to 1 GiB; 0: 4 MiB
	ClientApplication string        // header ClientApplication; blank: none
	AllowPlain        bool          // take an http:// address beyond the loopback, where everybody on the way reads along
	Signer            Signer        // signs each request; nil: none
	Accept            string        // header Accept; blank: application/json
	UserAgent         string        // header User-Agent, such as infomat/1.4; blank: infomat

	// The bearer token, from one of two sources; neither: none. The file is read, and the function called, for
	// each attempt.
	TokenFile string
	Token     func(ctx context.Context) (string, error)

	// The certificates to trust instead of the system's, from one of two sources; neither: the system's. They
	// also count for a proxy with an https:// address.
	CAFile  string // PEM
	RootCAs *x509.CertPool

	CertFile, KeyFile string // the terminal's certificate in PEM, read for each new connection; blank: none

	// Proxy returns the proxy for a request, or nil for none. If it is nil, the environment names the proxy
	// (HTTP_PROXY, HTTPS_PROXY, NO_PROXY), and a host of the loopback has none.
	Proxy func(*http.Request) (*url.URL, error)

	// RoundTripper sends the requests; nil: the package's own transport. What another one writes is not known, so
	// ReserveRequest.BeforeSend runs before it is called, and from then on a reservation counts as sent: an
	// error of it is an *UnknownError, also if there was no connection, and is not repeated. It cannot be
	// combined with CAFile, RootCAs, CertFile and Proxy, which it does not see. It should use a new connection for
	// each POST, as the package's own transport does.
	RoundTripper http.RoundTripper

	user *url.Userinfo // before the host of BaseURL
}

// Signer signs requests. Sign is called when the headers and the body are complete, and adds headers. The
// registry's own scheme is not documented.
type Signer interface {
	Sign(r *http.Request, body []byte) error
}

// checked returns the settings with their defaults, or an error that names the setting and what would be
// right.
func (c Config) checked() (Config, error) {
	var err error
	if c.BaseURL, c.user, err = baseAddress(c.BaseURL, c.AllowPlain); err != nil {
		return Config{}, err
	}
	bad := firstBad(map[string]string{
		"ClientApplication": c.ClientApplication, "Accept": c.Accept, "UserAgent": c.UserAgent,
	})
	switch {
	case bad != "":
		err = fmt.Errorf("%s holds a control character, and is sent as a header", bad)
	case c.LPU == uuid.Nil:
		err = errors.New("the clinic's GUID (LPU) is missing")
	case c.Timeout <= 0:
		err = errors.New("the timeout must be positive")
	case c.MaxBody < 0 || c.MaxBody > greatestBody:
		err = fmt.Errorf("MaxBody is %d: want 0 (4 MiB) to %d bytes", c.MaxBody, greatestBody)
	case c.TokenFile != "" && c.Token != nil:
		err = errors.New("TokenFile and Token are both set: want one of them")
	case c.CAFile != "" && c.RootCAs != nil:
		err = errors.New("CAFile and RootCAs are both set: want one of them")
	case (c.CertFile == "") != (c.KeyFile == ""):
		err = errors.New("cert_file and key_file: only one of them is set: want both or none")
	case c.RoundTripper != nil && (c.CAFile != "" || c.RootCAs != nil || c.CertFile != "" || c.Proxy != nil):
		err = errors.New("RoundTripper does not see CAFile, RootCAs, CertFile and Proxy: set them in it")
	}
	if err != nil {
		return Config{}, fmt.Errorf("apiclient: %w", err)
	}
	if c.MaxBody == 0 {
		c.MaxBody = defaultMaxBody
	}
	if c.Accept == "" {
		c.Accept = "application/json"
	}
	if c.UserAgent == "" {
		c.UserAgent = "infomat"
	}
	return c, nil
}

// firstBad returns the first name whose value holds a control character, or "".
func firstBad(headers map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		if strings.ContainsFunc(headers[name], unicode.IsControl) {
			return name
		}
	}
	return ""
}
