// Package export writes a journal for people and for other programs.
//
// The rule of this folder: it reads the journal by kiosk/journal and changes nothing. Columns and keys are a contract:
// new ones are added at the end.
package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"infomat/kiosk"
	"infomat/kiosk/journal"
)

// JSON writes every entry as one JSON object a line. It holds no personal data: an entry has no place for any.
func JSON(out io.Writer, name string) error {
	lines := json.NewEncoder(out)
	return journal.Read(name, func(e journal.Entry) error { return lines.Encode(e) })
}

// columns are the export's columns, and keys the keys of JSON that they show. New ones are added at the end, so that a
// sheet made for the old ones still fits.
var (
	columns = strings.Fields(`seq at kind operation code stage retry_of cell doctor age begin num room floor
		ticket_guid hold_until http refusal_code job copy finding reason subject state detail stack`)
	keys = strings.Fields(`seq at kind operation - stage retryOf cell doctor age begin num room floor
		ticketGuid holdUntil http code job copy finding reason subject state detail stack`)
)

// CSV writes a line of names, and every entry as a line of comma-separated values (RFC 4180). Times are RFC 3339. What
// a spreadsheet would take for a formula has an apostrophe in front, so that it is shown as the text that it is.
func CSV(out io.Writer, name string) error {
	w := csv.NewWriter(out)
	_ = w.Write(columns) // Error tells
	err := journal.Read(name, func(e journal.Entry) error {
		row, err := row(e)
		for i := range row {
			row[i] = inert(row[i])
		}
		return errors.Join(err, w.Write(row))
	})
	w.Flush()
	return errors.Join(err, w.Error())
}

// formula is where a spreadsheet may take a text for a formula: at its beginning, and behind anything that begins
// another cell in some region's form of the file. The signs are those of OWASP's "CSV Injection", with their full-width
// forms.
var formula = regexp.MustCompile(`(^|[,;|"'\t\r\n])([\s\p{Z}\p{Cf}]*)([=+\-@＝＋－＠])`)

// inert returns a text with an apostrophe before everything that may begin a formula.
func inert(text string) string {
	if strings.HasPrefix(text, "\t") || strings.HasPrefix(text, "\r") {
		text = "'" + text
	}
	return formula.ReplaceAllString(text, "$1$2'$3")
}

// row returns the values of an entry in the order of the columns.
func row(e journal.Entry) (values []string, err error) {
	data, err := json.Marshal(e)
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = errors.Join(err, d.Decode(&fields))
	if e.Record != nil {
		fields["-"] = kiosk.Code(e.Operation)
	}
	for _, k := range keys {
		switch v := fields[k].(type) {
		case nil:
			values = append(values, "")
		case bool:
			values = append(values, "yes")
		case []any:
			values = append(values, strings.Join(e.Stack, " < "))
		default:
			values = append(values, fmt.Sprint(v))
		}
	}
	return values, err
}
