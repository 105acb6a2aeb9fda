package registrysim

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/encoding/ianaindex"
)

// Kind is a kind of fault.
type Kind string

// The faults. Where the cell is reserved, the registry has done its work before the answer is lost.
const (
	Delay       Kind = "delay"        // the right answer, Delay later
	Refuse      Kind = "refuse"       // a documented error: Code
	Status      Kind = "status"       // an answer with HTTP status Code and Body, and Retry-After where RetryAfter is set
	Success     Kind = "success"      // the right answer, with HTTP status Code if it is a success
	Charset     Kind = "charset"      // the right answer in the charset Code; a character that it lacks becomes "?"
	ResetBefore Kind = "reset-before" // the connection breaks before anything was done
	ResetAfter  Kind = "reset-after"  // the cell is reserved, and the connection breaks before the answer
	Cut         Kind = "cut"          // the cell is reserved, and half of the answer arrives
	Garbage     Kind = "garbage"      // the cell is reserved, and the answer is no JSON
	Drip        Kind = "drip"         // the right answer, a byte every Delay
	Endless     Kind = "endless"      // the cell is reserved, and the answer never ends: 64 KiB of blanks every Delay
	Empty       Kind = "empty"        // the cell is reserved, and the answer has neither num nor ticketGuid
	Long        Kind = "long"         // the cell is reserved, and 5 MiB of spaces follow the right answer
)

// Fault is a fault of the next requests.
type Fault struct {
	Kind       Kind          `json:"kind"`
	Code       string        `json:"code,omitempty"`       // of Refuse, Status, Success and Charset
	Body       string        `json:"body,omitempty"`       // of Status: what is answered instead of the right answer
	Delay      time.Duration `json:"delay,omitempty"`      // nanoseconds
	RetryAfter int           `json:"retryAfter,omitempty"` // seconds
	Method     string        `json:"method,omitempty"`     // only requests of this method; blank: POST
	Path       string        `json:"path,omitempty"`       // regular expression of the paths; blank: all
	Times      int           `json:"times,omitempty"`      // how many requests; 0: one; below 0: all until it is cleared
}

// AddFault adds a fault.
func (r *Registry) AddFault(f Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f.Times == 0 {
		f.Times = 1
	}
	if f.Method == "" {
		f.Method = http.MethodPost
	}
	r.faults = append(r.faults, f)
}

// ClearFaults removes all faults.
func (r *Registry) ClearFaults() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = nil
}

func (r *Registry) nextFault(q *http.Request) (Fault, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.faults, func(f Fault) bool {
		matches, err := regexp.MatchString(f.Path, q.URL.Path)
		return f.Method == q.Method && matches && err == nil
	})
	if i < 0 {
		return Fault{}, false
	}
	f := r.faults[i]
	if f.Times > 0 {
		r.faults[i].Times--
		if r.faults[i].Times == 0 {
			r.faults = slices.Delete(r.faults, i, i+1)
		}
	}
	return f, true
}

// fail answers a request with a fault.
func (r *Registry) fail(w http.ResponseWriter, q *http.Request, f Fault) {
	switch f.Kind {
	case Refuse:
		r.refuse(w, f.Code)
	case Status:
		answerStatus(w, f)
	case ResetBefore:
		reset(w)
	case Delay:
		if pause(q.Context(), f.Delay) {
			r.answer(w, q)
		}
	default:
		r.spoil(w, q, f)
	}
}

// answerStatus answers with a fault of kind Status. A code that is no HTTP status is answered with 500.
func answerStatus(w http.ResponseWriter, f Fault) {
	status, err := strconv.Atoi(f.Code)
	if err != nil || status < 200 || status > 599 {
		status = http.StatusInternalServerError
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	if f.Body != "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, f.Body) // the client may have disconnected
}

// changed returns the right answer's body and status as a fault of kind Success or Charset changes them, and sets
// the header. A code that is neither a success nor a charset changes nothing.
func changed(w http.ResponseWriter, f Fault, right *httptest.ResponseRecorder) (status int, body []byte) {
	status, body = right.Code, right.Body.Bytes()
	if n, err := strconv.Atoi(f.Code); f.Kind == Success && err == nil && status/100 == 2 && n/100 == 2 {
		return n, body
	}
	charset, err := ianaindex.IANA.Encoding(f.Code)
	if f.Kind != Charset || err != nil || charset == nil {
		return status, body
	}
	known := bytes.Map(func(c rune) rune {
		if _, err := charset.NewEncoder().String(string(c)); err != nil {
			return '?'
		}
		return c
	}, body)
	if text, err := charset.NewEncoder().Bytes(known); err == nil {
		w.Header().Set("Content-Type", "application/json; charset="+f.Code)
		body = text
	}
	return status, body
}

// spoil lets the registry do its work and then spoils the answer.
func (r *Registry) spoil(w http.ResponseWriter, q *http.Request, f Fault) {
	right := httptest.NewRecorder()
	r.answer(right, q)
	body := right.Body.Bytes()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	switch f.Kind {
	case Success, Charset:
		status, body := changed(w, f, right)
		w.WriteHeader(status)
		_, _ = w.Write(body)
	case ResetAfter:
		reset(w)
	case Cut:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush() // else the buffer is lost with the connection
		reset(w)
	case Garbage:
		_, _ = w.Write(bytes.Repeat([]byte("<html>\x00\xff"), 40))
	case Empty:
		_, _ = w.Write([]byte(`{"lpu":{"name":""},"num":" ","ticketGuid":null}`))
	case Drip:
		drip(q.Context(), w, body, f.Delay)
	case Long:
		_, _ = w.Write(append(body, bytes.Repeat([]byte(" "), 5<<20)...))
	case Endless:
		for pause(q.Context(), f.Delay) {
			if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<16)); err != nil {
				return
			}
		}
	case Delay, Refuse, Status, ResetBefore: // done before there is an answer
	}
}

func drip(ctx context.Context, w http.ResponseWriter, body []byte, every time.Duration) {
	for i := range body {
		if !pause(ctx, every) {
			return
		}
		if _, err := w.Write(body[i : i+1]); err != nil {
			return
		}
		_ = http.NewResponseController(w).Flush() // an httptest.ResponseRecorder cannot, a connection can
	}
}

// reset breaks the connection with RST.
func reset(w http.ResponseWriter) {
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // if this fails, Close sends FIN instead of RST
	}
	_ = c.Close()
}

// pause waits, and reports whether the client is still connected.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// faultPage is POST /sim/fault: see AddFault.
func (r *Registry) faultPage(w http.ResponseWriter, q *http.Request) {
	var f Fault
	if err := json.NewDecoder(q.Body).Decode(&f); err != nil || f.Kind == "" {
		http.Error(w, `write a fault such as {"kind":"refuse","code":"4009","times":1}`, http.StatusBadRequest)
		return
	}
	if _, err := regexp.Compile(f.Path); err != nil {
		http.Error(w, "path is no regular expression", http.StatusBadRequest)
		return
	}
	r.AddFault(f)
	w.WriteHeader(http.StatusNoContent)
}

// clearFaultsPage is DELETE /sim/fault: see ClearFaults.
func (r *Registry) clearFaultsPage(w http.ResponseWriter, _ *http.Request) {
	r.ClearFaults()
	w.WriteHeader(http.StatusNoContent)
}

// bookingsPage is GET /sim/bookings: see Bookings.
func (r *Registry) bookingsPage(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, r.Bookings())
}
