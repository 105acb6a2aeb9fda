package fhir

import (
	"net/url"
	"strings"

	"infomat/apiclient"
)

// The resources that are read.
const (
	kindSlot         = "Slot"
	kindSchedule     = "Schedule"
	kindPractitioner = "Practitioner"
	kindRole         = "PractitionerRole"
	kindLocation     = "Location"
	kindService      = "HealthcareService"
	kindOrganization = "Organization"
	kindOutcome      = "OperationOutcome"
)

// reference is a reference in a form that can be looked up.
//
// A key names a resource: "Practitioner/7" on this server, a whole address on another one, a URN, or the
// key of the container with "#id" for a contained resource.
type reference struct {
	key     string // blank: the reference has none
	logical string // its identifier, see logicalKey; blank: none
	kind    string // type of the resource; blank: not known
	display string
}

// elsewhere reports whether a reference leads to another server.
func (r reference) elsewhere() bool { return strings.Contains(r.key, "://") }

// origin is where a reference stands: what a relative one and a contained one are relative to.
type origin struct {
	base      string // of the server; blank: this one
	container string // key of the resource
}

// reference converts a reference.
func (b *bundle) reference(r referenceR4, from origin) reference {
	key, kind := b.keyOf(shortText(r.Reference), from)
	if kind == "" {
		kind = shortText(r.Type)
	}
	logical := ""
	if v := shortText(r.Identifier.Value); v != "" {
		logical = logicalKey(kind, shortText(r.Identifier.System), v)
	}
	return reference{b.keep(key), b.keep(logical), kind, b.keep(shortText(r.Display))}
}

// references converts a list.
func (b *bundle) references(all []referenceR4, from origin) (converted []reference) {
	for _, r := range all {
		converted = append(converted, b.reference(r, from))
	}
	return converted
}

// keyOf returns the key of a reference's text, and the type that it names (references.html#literal).
func (b *bundle) keyOf(text string, from origin) (key, kind string) {
	text, _, _ = strings.Cut(text, "/_history/")
	switch {
	case text == "":
		return "", ""
	case text[0] == '#':
		return from.container + text, ""
	case strings.HasPrefix(strings.ToLower(text), "urn:"):
		return strings.ToLower(text), ""
	}
	base := from.base
	if strings.Contains(text, "://") {
		if base, text = b.split(text); text == "" {
			return "", ""
		}
	}
	kind, id, ok := strings.Cut(strings.TrimPrefix(text, "/"), "/")
	if !ok || kind == "" || id == "" || strings.ContainsAny(id, "/?#") {
		return "", ""
	}
	if base == "" {
		return kind + "/" + id, kind
	}
	return base + "/" + kind + "/" + id, kind
}

// split returns the base and the rest "type/id" of an address. The base is blank if it is this server's.
func (b *bundle) split(address string) (base, rest string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", ""
	}
	path := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	if len(path) < 2 {
		return "", ""
	}
	at := len(path) - 2
	u.Path, u.RawPath = "/"+strings.Join(path[:at], "/"), ""
	if base = normalBase(u); base == b.base {
		base = ""
	}
	return base, strings.Join(path[at:], "/")
}

// normalBase returns origin and path of an address in one form, so that equal ones are equal texts.
func normalBase(u *url.URL) string {
	return apiclient.Origin(u) + strings.TrimRight(u.EscapedPath(), "/")
}

// logicalKey returns the key of an identifier of a resource of a type.
func logicalKey(kind, system, value string) string { return kind + "\x00" + system + "\x00" + value }

// find returns the resource of a reference, or nil.
func (b *bundle) find(r reference) *resource {
	if found := b.resources[r.key]; found != nil {
		return found
	}
	if r.logical == "" {
		return nil
	}
	return b.identified[r.logical]
}

// kindOf returns the type of what a reference leads to, or "" if that is not known.
func (b *bundle) kindOf(r reference) string {
	if found := b.find(r); found != nil {
		return found.kind
	}
	return r.kind
}
