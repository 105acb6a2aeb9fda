package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/go-resty/resty/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// errCharset is returned for an answer whose charset is not known. It does not quote the charset's name.
var errCharset = errors.New("the answer is in a charset that is not known")

// replacement stands for bytes that are no character. Decoders write it, encoding/json among them.
const replacement = string(utf8.RuneError)

// utf8Body returns a body in UTF-8, without a byte order mark. A byte order mark tells the charset, and else
// the header Content-Type; without both the body is taken for UTF-8 (RFC 8259 §8.1). Bytes that are no
// character stay invalid or become U+FFFD: whoever reads a text has to refuse it (see garbled). It returns
// errCharset if the header names a charset that is not known.
func utf8Body(header http.Header, data []byte) ([]byte, error) {
	if text, ok := bytes.CutPrefix(data, []byte(byteOrderMark)); ok {
		return text, nil
	}
	if bytes.HasPrefix(data, []byte("\xfe\xff")) || bytes.HasPrefix(data, []byte("\xff\xfe")) {
		return unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	}
	switch charset := charsetOf(header); charset {
	case "", "utf-8", "utf8":
		return data, nil
	case "utf-16":
		return utf16Of(data).NewDecoder().Bytes(data)
	default:
		known, err := lookUp(charset)
		if err != nil {
			return nil, errCharset
		}
		return known.NewDecoder().Bytes(data)
	}
}

// charsetOf returns the charset of Content-Type in lower case, or "" if the header names none.
func charsetOf(header http.Header) string {
	_, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(parameters["charset"]))
}

// lookUp returns the encoding of a charset: by the registry of IANA, which takes us-ascii and iso-8859-1
// literally, and else by the names that browsers know, such as cp1251.
func lookUp(charset string) (encoding.Encoding, error) {
	if known, err := ianaindex.IANA.Encoding(charset); err == nil && known != nil {
		return known, nil
	}
	return htmlindex.Get(charset)
}

// utf16Of returns the encoding of a JSON text in UTF-16 without a byte order mark. Its first character is
// ASCII, so one of the first two bytes is 0.
func utf16Of(data []byte) encoding.Encoding {
	if len(data) > 0 && data[0] == 0 {
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
}

// textBody reads an answer's body of at most limit bytes as UTF-8. The status of an answer that is no success
// counts without its body, so such a body in an unknown charset is left out and is no error.
func textBody(r *resty.Response, limit int64) ([]byte, error) {
	data, err := body(r, limit)
	if err != nil {
		return nil, err
	}
	text, err := utf8Body(r.Header(), data)
	if err != nil && !isSuccess(r.StatusCode()) {
		return nil, nil
	}
	return text, err
}

// documentBody is textBody with all garbled texts of the document blank, so that none is ever shown.
func documentBody(r *resty.Response, limit int64) ([]byte, error) {
	data, err := textBody(r, limit)
	return blankGarbled(data), err
}

// garbled reports whether a decoded text has lost characters.
func garbled(text string) bool { return strings.Contains(text, replacement) || !utf8.ValidString(text) }

// blankGarbled returns a JSON document in which each string that has lost characters is blank. What is not
// JSON is returned as it is between its quotes.
func blankGarbled(data []byte) []byte {
	if utf8.Valid(data) && !bytes.Contains(data, []byte(replacement)) && !bytes.Contains(data, []byte(`\u`)) {
		return data
	}
	clean := make([]byte, 0, len(data))
	for {
		begin := bytes.IndexByte(data, '"')
		if begin < 0 {
			return append(clean, data...)
		}
		end := begin + literalLength(data[begin:])
		clean = append(clean, data[:begin]...)
		if literal := data[begin:end]; !garbledLiteral(literal) {
			clean = append(clean, literal...)
		} else {
			clean = append(clean, `""`...)
		}
		data = data[end:]
	}
}

// literalLength returns the length of the string literal that data begins with, in bytes with both quotes.
// A literal without an end reaches to the end of data.
func literalLength(data []byte) int {
	for i := 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

// garbledLiteral reports whether the text of a string literal has lost characters. An escaped half of a
// surrogate pair is no character.
func garbledLiteral(literal []byte) bool {
	if garbled(string(literal)) {
		return true
	}
	var text string
	return bytes.Contains(literal, []byte(`\u`)) && json.Unmarshal(literal, &text) == nil && garbled(text)
}
