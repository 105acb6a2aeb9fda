package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
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

// Render turns the bytes of a job into what the ending of a file's name asks for: .bin, .txt or .png.
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
	return nil, fmt.Errorf("the file has to end in .bin, .txt or .png, not %q", ending)
}

// KeepTicket writes the bytes of the first job of the printer in software to ticket.bin in a folder, and its paper to
// ticket.png. It returns the number of bytes, 0 if nothing was printed.
func (t *Terminal) KeepTicket(folder string) (int, error) {
	jobs := t.VirtualPrinter().Jobs()
	if len(jobs) == 0 {
		return 0, nil
	}
	data := jobs[0]
	picture, err := PaperPNG(data, t.Profile())
	if err != nil {
		return 0, err
	}
	return len(data), errors.Join(
		os.WriteFile(filepath.Join(folder, "ticket.bin"), data, 0o644),
		os.WriteFile(filepath.Join(folder, "ticket.png"), picture, 0o644))
}
