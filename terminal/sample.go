package terminal

import (
	"bytes"
	"errors"
	"image/png"
	"time"

	"github.com/google/uuid"

	"infomat/apiclient"
	"infomat/device/escpos"
	"infomat/device/ticket"
	"infomat/device/virtual"
	"infomat/kiosk"
)

// SampleTicket returns the ticket of an answer as it would have been printed when the answer says that it was made.
func SampleTicket(a *apiclient.TicketVisitWithLpu) ticket.Ticket {
	at := a.DateOfAppointment.Time
	if at.IsZero() {
		at = time.Now()
	}
	return paperTicket(kiosk.Paper{
		Ticket: ticketOf(a, ""), HoldUntil: at.Add(10 * time.Minute), Operation: uuid.NewSHA1(a.TicketGuid, nil),
	}, at)
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
