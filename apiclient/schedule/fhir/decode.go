package fhir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"infomat/apiclient"
)

// maxEntry bounds an entry of a page in bytes, and with it the memory for decoding.
const maxEntry = 4 << 20

var errEntryTooLong = fmt.Errorf("an entry is longer than %d bytes", maxEntry)

// place is a position in a search's result. The first page is page 1.
type place struct{ page, entry int32 }

func (p place) String() string { return fmt.Sprintf("page %d, entry[%d]", p.page, p.entry) }

// page is what is left of a page after its entries were handed over.
type page struct {
	kind  string
	next  string // the address of the next page; "" if this is the last one
	total int    // how many resources the search matches; below 0 if the page does not say
	issue listR4[issueR4]
}

// issueR4 is an issue of an OperationOutcome. Its texts are not read.
type issueR4 struct{ Severity, Code string }

type entryR4 struct {
	FullURL  string          `json:"fullUrl"`
	Resource json.RawMessage `json:"resource"`
}

// decodePage decodes a page entry by entry, so that memory is bounded by the largest entry. It calls add with
// each entry; at is its position. An entry that cannot be read has no resource.
func decodePage(data []byte, number int, add func(e *entryR4, at place) error) (page, error) {
	source := &pageReader{data: data}
	d := json.NewDecoder(source)
	p := page{total: -1}
	if err := readObject(d, source, func(name string) error {
		switch strings.ToLower(name) {
		case "resourcetype":
			return p.decode(d, &p.kind)
		case "total":
			var total json.RawMessage
			err := p.decode(d, &total)
			if n, e := strconv.Atoi(string(total)); e == nil { // else the page does not say
				p.total = n
			}
			return err
		case "issue":
			return p.decode(d, &p.issue)
		case "link":
			var links listR4[struct{ Relation, URL string }]
			err := p.decode(d, &links)
			for _, l := range links {
				if l.Relation == "next" {
					p.next = l.URL
				}
			}
			return err
		case "entry":
			return readEntries(d, source, number, add)
		}
		return p.decode(d, new(ignored))
	}); err != nil {
		return p, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return p, errors.New("something follows the document")
	}
	return p, nil
}

// decode decodes a value.
func (p *page) decode(d *json.Decoder, into any) error {
	if err := d.Decode(into); err != nil {
		return decodeFailure(err)
	}
	return nil
}

// readObject reads an object and calls value after each name.
func readObject(d *json.Decoder, source *pageReader, value func(name string) error) error {
	source.limit(d)
	if err := delimiter(d, '{'); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return decodeFailure(err)
		}
		source.limit(d)
		if err := value(fmt.Sprint(name)); err != nil {
			return err
		}
		source.limit(d)
	}
	return delimiter(d, '}')
}

// readEntries decodes the entries of a page.
func readEntries(d *json.Decoder, source *pageReader, number int, add func(e *entryR4, at place) error) error {
	if err := delimiter(d, '['); err != nil {
		return err
	}
	var e entryR4
	for at := (place{page: int32(number)}); d.More(); at.entry++ {
		source.limit(d)
		e.FullURL, e.Resource = "", e.Resource[:0]
		err := d.Decode(&e)
		var kind *json.UnmarshalTypeError
		if err != nil && !errors.As(err, &kind) {
			return &entryError{at, decodeFailure(err)}
		}
		if err := add(&e, at); err != nil {
			return err
		}
	}
	return delimiter(d, ']')
}

// entryError is an error of an entry.
type entryError struct {
	at  place
	err error
}

func (e *entryError) Error() string { return e.at.String() + ": " + e.err.Error() }

// Unwrap returns the cause.
func (e *entryError) Unwrap() error { return e.err }

// delimiter reads a bracket.
func delimiter(d *json.Decoder, want json.Delim) error {
	switch token, err := d.Token(); {
	case err != nil:
		return decodeFailure(err)
	case token != want:
		return fmt.Errorf("it cannot be read: %s is missing", want)
	}
	return nil
}

// decodeFailure returns an error whose text quotes nothing of the data.
func decodeFailure(err error) error {
	for _, own := range []error{errEntryTooLong, errElementTooLong} {
		if errors.Is(err, own) {
			return own
		}
	}
	return apiclient.Unreadable(err)
}

// ignored is a value that is not read.
type ignored struct{}

// UnmarshalJSON does nothing.
func (*ignored) UnmarshalJSON([]byte) error { return nil }

// pageReader is the document that a decoder reads. It ends with errEntryTooLong where a value is too long.
type pageReader struct {
	data   []byte
	offset int
	end    int // up to where the decoder may read
}

// limit lets the decoder read maxEntry bytes from where it is.
func (r *pageReader) limit(d *json.Decoder) { r.end = int(d.InputOffset()) + maxEntry }

// Read returns the next bytes.
func (r *pageReader) Read(p []byte) (int, error) {
	switch {
	case r.offset >= len(r.data):
		return 0, io.EOF
	case r.offset >= r.end:
		return 0, errEntryTooLong
	}
	n := copy(p, r.data[r.offset:min(len(r.data), r.end)])
	r.offset += n
	return n, nil
}
