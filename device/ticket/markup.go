package ticket

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxEncodings is how many times a text may have been encoded as HTML, one upon the other.
const maxEncodings = 16

// plain returns a text that may be HTML as plain text of visible characters. Character references (&amp;, &#1071;) are
// decoded, also where they were encoded more than once; comments and elements of HTML are removed. What only looks like
// HTML stays: «a < b», <нет>, <ivan@clinic>.
func plain(s string) string {
	for range maxEncodings {
		next := shown(untagged(s))
		if next == s {
			return s
		}
		s = next
	}
	return s
}

// inline are the elements within a word or a line. The other ones end it and are replaced by a line feed.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Big: true, atom.Code: true, atom.Em: true, atom.Font: true,
	atom.I: true, atom.Mark: true, atom.Nobr: true, atom.S: true, atom.Small: true, atom.Span: true, atom.Strike: true,
	atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.U: true, atom.Wbr: true,
}

// untagged decodes a text once.
func untagged(s string) string {
	if !strings.ContainsAny(s, "&<") {
		return s
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	hidden := false // in a script or a style sheet, which nobody reads
	for {
		kind := z.Next()
		raw := string(z.Raw()) // before TagName, which changes it
		switch kind {
		case html.ErrorToken: // the end; raw is a tag that is not whole
			b.WriteString(raw)
			return b.String()
		case html.TextToken:
			if !hidden {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			hidden = kind == html.StartTagToken && (tag == atom.Script || tag == atom.Style)
			switch {
			case tag == 0:
				b.WriteString(raw)
			case !inline[tag]:
				b.WriteByte('\n')
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}
