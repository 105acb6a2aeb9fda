package machine

import (
	"slices"
	"strings"
	"testing"

	"infomat/device/virtual"
)

// visit plays a patient from the welcome screen to the ticket, and back to the welcome screen.
func (h *hall) visit(t *testing.T) {
	t.Helper()
	papers, bookings := len(h.tickets()), len(h.registry.Bookings())
	h.book(t, nil, "the booking", func() bool { return len(h.registry.Bookings()) > bookings })
	s := h.await(t, screenWithin, "ticket")
	h.keep(t, "ticket")
	until(t, screenWithin, "the ticket's paper", func() bool { return len(h.tickets()) > papers })
	h.judge(t, papers, bookings, "INTENT", "SENT", "CONFIRMED", "PRINTING", "PRINTED")
	h.leads(t, s, "nav.home")
	h.await(t, screenWithin, "welcome")
}

// void is what the next print puts below what a broken one may have left.
const void = "недействителен"

// tickets returns the pieces of paper that are not void.
func (h *hall) tickets() (all []virtual.Paper) {
	for _, p := range h.paper.Papers() {
		if !strings.Contains(p.Text(), void) {
			all = append(all, p)
		}
	}
	return all
}

// judge compares the books: the registry has made one booking more, for one request; the terminal's journal knows it
// and has come through the given stages; and one ticket with its number has been cut off.
func (h *hall) judge(t *testing.T, papers, bookings int, stages ...string) {
	t.Helper()
	all := h.registry.Bookings()
	if len(all) != bookings+1 {
		t.Fatalf("the registry has made %d bookings, not one", len(all)-bookings)
	}
	b := all[bookings]
	if n := h.registry.Posts(b.RequestID); n != 1 {
		t.Errorf("the booking was asked for %d times", n)
	}
	if cut := len(h.tickets()) - papers; cut != 1 {
		t.Fatalf("%d tickets came out, not one", cut)
	}
	if paper := h.tickets()[papers].Text(); !strings.Contains(paper, b.Num) {
		t.Errorf("the paper does not show the number %s:\n%s", b.Num, paper)
	}
	have, last := h.stages(t)
	if !slices.Equal(have, stages) {
		t.Errorf("the journal has %v, not %v", have, stages)
	}
	if last.Operation.String() != b.RequestID && !strings.EqualFold(last.Ticket.String(), b.Ticket.String()) {
		t.Errorf("the journal's newest booking is %v, the registry's %v", last, b)
	}
}

// visits books by taps. The ticket comes over the kernel's driver of a USB serial line.
func (h *hall) visits(t *testing.T) {
	driver := h.ask(t, `line=$(basename "$(readlink -f /dev/infomat-printer)")
		basename "$(readlink -f "/sys/class/tty/$line/device/driver")"`)
	if driver != "ftdi_sio" {
		t.Errorf("the printer's line has the driver %q", driver)
	}
	h.visit(t)
}
