package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"strings"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
	"infomat/kiosk"
)

// SampleTicket returns the ticket of an answer as it would have been printed when the answer says that it was made.
func SampleTicket(a *apiclient.TicketVisitWithLPU) ticket.Ticket {
	at := a.DateOfAppointment.Time
	if at.IsZero() {
		at = time.Now()
	}
	return paperTicket(kiosk.Paper{
		Ticket: ticketOf(a, "", nil), HoldUntil: at.Add(10 * time.Minute), Operation: uuid.NewSHA1(a.TicketGUID, nil),
	}, at, nil)
}

// ErrEnding is the error of a file whose ending names no form.
var ErrEnding = errors.New("the file has to end in .bin, .txt or .png")

// Render returns the bytes of a print in the form of a file's ending: .bin as they are, .txt the text of the
// paper, .png its picture.
func Render(ending string, data []byte, p escpos.Profile) ([]byte, error) {
	switch strings.ToLower(ending) {
	case ".bin":
		return data, nil
	case ".txt":
		var text strings.Builder
		for _, paper := range virtual.Interpret(data, p) {
			text.WriteString(paper.Text())
		}
		return []byte(text.String()), nil
	case ".png":
		return PaperPNG(data, p)
	}
	return nil, fmt.Errorf("%w, not %q", ErrEnding, ending)
}

// PaperPNG draws the first piece of paper that the bytes of a job print.
func PaperPNG(data []byte, p escpos.Profile) ([]byte, error) {
	papers := virtual.Interpret(data, p)
	if len(papers) == 0 {
		return nil, errors.New("nothing was printed")
	}
	img, err := virtual.Draw(papers[0], p)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
