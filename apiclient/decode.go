package apiclient

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// errNoTicket is returned for an answer that is no reservation: num or ticketGuid is missing.
var errNoTicket = errors.New("the answer has no num or no ticketGuid")

// DecodeTicket reads the answer to a reservation. It returns an error if num or ticketGuid is missing or
// invalid, or if num or room has lost characters: a number or a room is never changed or shortened. All other
// fields are optional: one that cannot be read is left at its zero value (see [DecodeLenient]).
func DecodeTicket(body []byte) (*TicketVisitWithLPU, error) {
	var t TicketVisitWithLPU
	problems, err := DecodeLenient(body, &t)
	if err != nil {
		return nil, fmt.Errorf("the answer: %w", err)
	}
	for _, p := range problems {
		if errors.Is(p, ErrFieldText) && slices.Contains([]string{"num", "room"}, p.Field) {
			return nil, fmt.Errorf("the answer: %w", p)
		}
	}
	t.Num = strings.TrimSpace(t.Num)
	if !strings.ContainsFunc(t.Num, isText) || t.TicketGUID == uuid.Nil {
		return nil, errNoTicket
	}
	return &t, nil
}
