package virtual_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"

	"infomat/device/virtual"
)

// The exit codes of receiptio.
const (
	receiptioPrinted = 0
	receiptioOnline  = 100
	receiptioCover   = 101
	receiptioNoPaper = 102
)

// receiptio knows a printer's state before and after a job as we do: by DLE EOT, the automatic status and GS r. By
// itself it finds out which kind of printer it has by GS I.
func TestReceiptio(t *testing.T) {
	for name, language := range map[string]string{
		"epson": "", "epson-tm-m30": "epson", "bixolon": "escpos", "xprinter": "escpos",
	} {
		t.Run(name, func(t *testing.T) {
			v := started(t, name)
			host := serialServer(t, v.Path())
			to := []string{receiptioProgram, "-d", host}
			if language != "" {
				to = append(to, "-p", language)
			}
			ask := func() int { _, code := node(t, nil, append(to, "-q")...); return code }
			states := map[virtual.Fault]int{
				virtual.None: receiptioOnline, virtual.CoverOpen: receiptioCover, virtual.PaperOut: receiptioNoPaper,
			}
			for _, fault := range []virtual.Fault{virtual.None, virtual.CoverOpen, virtual.PaperOut, virtual.None} {
				v.SetFault(fault)
				if code := ask(); code != states[fault] {
					t.Errorf("%v: receiptio ends with %d, want %d", fault, code, states[fault])
				}
			}
			receipt := []byte("^^^ТАЛОН №008\nЩербакова Елена Юрьевна\n{code: 9d8ea16f; option: qrcode, 6, m}\n")
			args := append(to, "-l", "ru", "-c", "48")
			v.SetFault(virtual.PaperOut)
			if _, code := node(t, receipt, args...); code != receiptioNoPaper {
				t.Errorf("printed without paper: %d", code)
			}
			v.LoadPaper(10_000)
			v.SetFault(virtual.None)
			if _, code := node(t, receipt, args...); code != receiptioPrinted {
				t.Errorf("printing ends with %d", code)
			}
			papers := v.Papers()
			if len(papers) != 1 || !papers[0].Cut {
				t.Fatalf("%d papers: %+v", len(papers), papers)
			}
			if len(papers[0].Notes) > 0 && language != "" { // to find out, it tries a command of Star printers first
				t.Errorf("notes %q", papers[0].Notes)
			}
			text := papers[0].Text()
			if !strings.Contains(text, " ТАЛОН №008\n") || !strings.Contains(text, " Щербакова Елена Юрьевна\n") {
				t.Errorf("it reads\n%s", text)
			}
			img, err := virtual.Draw(papers[0], profile(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if code := scan(t, img); code != "9d8ea16f" {
				t.Errorf("the QR code reads %q", code)
			}
		})
	}
}

// receiptioProgram is its command, in the folder of the installed programs.
const receiptioProgram = "node_modules/receiptio/bin/cli.js"

// serialServer connects port 9100 of a loopback address with a line, as a serial device server does, and returns the
// address.
func serialServer(t *testing.T, line string) string {
	t.Helper()
	host, server := listen9100(t)
	port, err := os.OpenFile(line, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(errors.Join(err, server.Close()))
	}
	hub := &hub{}
	var running sync.WaitGroup
	running.Go(func() { _, _ = io.Copy(hub, port) }) // ends when the port is closed
	running.Go(func() {
		for {
			conn, err := server.Accept()
			if err != nil {
				return
			}
			hub.set(conn)
			_, _ = io.Copy(port, conn) // ends when the host hangs up
			hub.set(nil)
			_ = conn.Close()
		}
	})
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), port.Close()); err != nil {
			t.Error(err)
		}
		running.Wait()
	})
	return host
}

// listen9100 listens on port 9100 of the first loopback address where nobody else does.
func listen9100(t *testing.T) (host string, server net.Listener) {
	t.Helper()
	var err error
	for n := range 250 {
		host = fmt.Sprintf("127.0.91.%d", n+1)
		if server, err = net.Listen("tcp", host+":9100"); err == nil {
			return host, server
		}
	}
	t.Fatal(err)
	return "", nil
}

// hub passes what a printer says to the host that is connected, if one is.
type hub struct {
	mu   sync.Mutex
	conn net.Conn
}

func (h *hub) set(c net.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.conn = c
}

func (h *hub) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.conn != nil {
		_, _ = h.conn.Write(p) // a host that hangs up misses it
	}
	return len(p), nil
}
