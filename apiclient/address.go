package apiclient

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// ErrPlain is returned by New for an http:// address beyond the loopback without Config.AllowPlain: token,
// names and numbers would travel in clear.
var ErrPlain = errors.New("the address begins with http:// and its host is not this computer: " +
	"want https://, or AllowPlain")

// baseAddress returns the base address without a slash at its end, and the name and password before its host;
// nil: there are none. Its errors quote nothing of an address that may hold a password.
func baseAddress(address string, allowPlain bool) (base string, user *url.Userinfo, err error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Opaque != "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", nil, errors.New("apiclient: BaseURL is no address of a registry: want http://host/… or https://host/…")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(address, "#"):
		return "", nil, errors.New("apiclient: BaseURL has a query (?) or a fragment (#): want none")
	case u.Scheme == "http" && !allowPlain && !isLoopback(u.Hostname()):
		return "", nil, fmt.Errorf("apiclient: BaseURL: %w", ErrPlain)
	}
	user, u.User = u.User, nil
	return strings.TrimRight(u.String(), "/"), user, nil
}

// isLoopback reports whether a host is this computer: an address of the loopback, or localhost and the names
// below it (RFC 6761 §6.3).
func isLoopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// SameOrigin reports whether two addresses have the same scheme, host and port, so that credentials for the
// first may be sent to the second.
func SameOrigin(a, b *url.URL) bool {
	one := Origin(a)
	return one != "" && one == Origin(b)
}

// Origin returns scheme, host and port of an http or https address in their normal form (RFC 6454 §4, RFC 3986
// §6.2.3): in lower case, with the port. It returns "" for an address without a scheme or host.
func Origin(u *url.URL) string {
	if u == nil || u.Opaque != "" || u.Hostname() == "" {
		return ""
	}
	scheme, port := strings.ToLower(u.Scheme), u.Port()
	switch {
	case scheme != "http" && scheme != "https":
		return ""
	case port == "" && scheme == "http":
		port = "80"
	case port == "":
		port = "443"
	}
	return scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
