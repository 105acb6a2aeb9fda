package machine

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// pullScreen pulls the monitor's cable. QEMU starts with a size of 0×0 and takes the same size for no news.
func (c *computer) pullScreen(ctx context.Context) error {
	if err := showOn(ctx, c.socket("viewer"), width, height); err != nil {
		return err
	}
	return showOn(ctx, c.socket("viewer"), 0, 0)
}

// showOn tells the graphics card of the size of the monitor at its connector; 0×0 is a cable that was pulled. QEMU
// takes that only from a viewer, so this is the least of one (RFC 6143, and the message SetDesktopSize).
func showOn(ctx context.Context, socket string, width, height uint16) error {
	conn, err := dial(ctx, socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	version := make([]byte, 12)
	if _, err := io.ReadFull(conn, version); err != nil {
		return fmt.Errorf("machine: the viewer: %w", err)
	}
	const none, shared = 1, 1
	// The version, the kind of security, and ClientInit; the answers are two kinds, a result, and ServerInit.
	if _, err := conn.Write(append([]byte("RFB 003.008\n"), none, shared)); err != nil {
		return fmt.Errorf("machine: the viewer: %w", err)
	}
	greeting := make([]byte, 2+4+24)
	if _, err := io.ReadFull(conn, greeting); err != nil {
		return fmt.Errorf("machine: the viewer: %w", err)
	}
	name := make([]byte, binary.BigEndian.Uint32(greeting[len(greeting)-4:]))
	if _, err := io.ReadFull(conn, name); err != nil {
		return fmt.Errorf("machine: the viewer: %w", err)
	}
	const setEncodings, setDesktopSize, extendedDesktopSize = 2, 251, -308
	var out []byte
	out = append(out, setEncodings, 0, 0, 1)
	out = binary.BigEndian.AppendUint32(out, uint32(0x100000000+extendedDesktopSize))
	out = append(out, setDesktopSize, 0)
	out = binary.BigEndian.AppendUint16(out, width)
	out = binary.BigEndian.AppendUint16(out, height)
	out = append(out, 1, 0)
	out = append(out, make([]byte, 8)...) // the only screen: its number and its corner
	out = binary.BigEndian.AppendUint16(out, width)
	out = binary.BigEndian.AppendUint16(out, height)
	out = append(out, 0, 0, 0, 0)
	if _, err := conn.Write(out); err != nil {
		return fmt.Errorf("machine: the viewer: %w", err)
	}
	// QEMU handles the messages in order, and answers the size.
	if _, err := io.ReadFull(conn, make([]byte, 4)); err != nil {
		return fmt.Errorf("machine: the viewer: %w", err)
	}
	time.Sleep(time.Second) // the card tells of it a moment later
	return nil
}
