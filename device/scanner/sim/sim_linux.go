package sim

import (
	"errors"
	"fmt"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Scanner is a scanner in software.
type Scanner struct {
	suffix     string
	link       string // the port's name, which stays when the scanner is pulled and put back
	host, plug *os.File
}

// Start plugs a scanner in at a name, such as a file of an empty folder, where a link to its pseudo-terminal is made.
func Start(link, suffix string) (*Scanner, error) {
	s := &Scanner{suffix: suffix, link: link}
	return s, s.Plug()
}

// Plug puts the scanner back.
func (s *Scanner) Plug() error {
	host, plug, err := pty.Open()
	if err != nil {
		return fmt.Errorf("sim: %w", err)
	}
	if err := errors.Join(raw(plug), os.Symlink(plug.Name(), s.link)); err != nil {
		return errors.Join(fmt.Errorf("sim: %w", err), host.Close(), plug.Close())
	}
	s.host, s.plug = host, plug
	return nil
}

// Pull pulls the scanner out: the line hangs up, and the port is gone.
func (s *Scanner) Pull() error {
	return errors.Join(os.Remove(s.link), s.host.Close(), s.plug.Close())
}

// Scan sends a code with the suffix.
func (s *Scanner) Scan(code string) error { return s.Send([]byte(code + s.suffix)) }

// Send sends bytes as they are.
func (s *Scanner) Send(data []byte) error {
	if _, err := s.host.Write(data); err != nil {
		return fmt.Errorf("sim: %w", err)
	}
	return nil
}

// raw switches off all processing of the bytes, as on a serial line.
func raw(f *os.File) error {
	t, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		return err
	}
	t.Iflag, t.Oflag = 0, 0
	t.Lflag &^= unix.ECHO | unix.ICANON | unix.ISIG | unix.IEXTEN
	return unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, t)
}
