package diag

import (
	"regexp"
	"strings"
)

const masked = `"***"`

// What a line of a settings file can be: the head of a table, or a key with its value. Keys may be quoted and dotted.
var (
	tableHead = regexp.MustCompile(`^\s*\[\[?\s*([\w."'-]+)\s*\]?\]`)
	keyValue  = regexp.MustCompile(`^(\s*([\w."'-]+(?:\s*\.\s*[\w."'-]+)*)\s*=\s*)(.*)$`)
	innerKey  = regexp.MustCompile(`([\w."'-]+)\s*=`)
	inAddress = regexp.MustCompile(`(//)[^/\s"]*@`)
	unquoted  = strings.NewReplacer(`"`, "", `'`, "", " ", "", "\t", "")
)

// Mask hides the secrets of a settings file: the values of the keys that secret reports, such as
// registry.auth.client_application, and name and password in any address. Comments, order and all other values stay.
func Mask(settings string, secret func(key string) bool) string {
	var out strings.Builder
	table, end := "", "" // end: the mark that ends the masked text of several lines
	for line := range strings.Lines(settings) {
		text, newline := strings.TrimRight(line, "\r\n"), ""
		newline = line[len(text):]
		if end != "" {
			if strings.Contains(text, end) {
				end = ""
			}
			continue
		}
		if m := tableHead.FindStringSubmatch(text); m != nil {
			table = unquoted.Replace(m[1]) + "."
		} else if m := keyValue.FindStringSubmatch(text); m != nil {
			if key := table + unquoted.Replace(m[2]); secret(key) || innerSecret(key, m[3], secret) {
				end = longEnd(m[3])
				text = m[1] + masked + comment(m[3])
			}
		}
		out.WriteString(inAddress.ReplaceAllString(text, `${1}***@`) + newline)
	}
	return out.String()
}

// innerSecret reports whether a value is a table in one line with a secret in it. The whole table is masked then.
func innerSecret(key, value string, secret func(string) bool) bool {
	if !strings.HasPrefix(value, "{") {
		return false
	}
	for _, m := range innerKey.FindAllStringSubmatch(value, -1) {
		if secret(key + "." + unquoted.Replace(m[1])) {
			return true
		}
	}
	return false
}

// longEnd is the mark that ends a value of several lines, or blank where the value ends in its line.
func longEnd(value string) string {
	for _, mark := range []string{`"""`, `'''`} {
		if rest, ok := strings.CutPrefix(value, mark); ok && !strings.Contains(rest, mark) {
			return mark
		}
	}
	return ""
}

// comment is the comment behind a value that is quoted or bare, with a space before it.
func comment(value string) string {
	rest := value
	for _, quote := range []string{`"`, `'`} {
		if inner, ok := strings.CutPrefix(value, quote); ok {
			last := strings.LastIndex(inner, quote)
			if last < 0 {
				return ""
			}
			rest = inner[last+1:]
		}
	}
	if i := strings.Index(rest, "#"); i >= 0 && !strings.HasPrefix(value, "{") {
		return " " + rest[i:]
	}
	return ""
}
