package machine

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"time"
)

// monitor is a connection to QEMU's monitor (QMP). It is not safe for concurrent use.
type monitor struct {
	conn   net.Conn
	in     *json.Decoder
	events []event // that nobody has asked for yet
}

// event is something that happened to the machine, such as RESET.
type event struct {
	Event string         `json:"event"`
	Data  map[string]any `json:"data"`
}

// maxEvents bounds the events that nobody asks for.
const maxEvents = 1000

// message is what QEMU sends: an answer, an error or an event.
type message struct {
	event
	Return json.RawMessage `json:"return"`
	Error  *struct {
		Class string `json:"class"`
		Desc  string `json:"desc"`
	} `json:"error"`
}

// openMonitor connects to the socket at path.
func openMonitor(ctx context.Context, path string) (*monitor, error) {
	conn, err := dial(ctx, path)
	if err != nil {
		return nil, err
	}
	m := &monitor{conn: conn, in: json.NewDecoder(conn)}
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	var greeting json.RawMessage
	if err := m.in.Decode(&greeting); err != nil {
		return nil, fmt.Errorf("machine: QEMU's greeting: %w", err)
	}
	return m, m.do("qmp_capabilities", nil, nil)
}

// do carries out a command and decodes its answer into result, which may be nil.
func (m *monitor) do(command string, arguments, result any) error {
	_ = m.conn.SetDeadline(time.Now().Add(5 * time.Minute))
	request := map[string]any{"execute": command}
	if arguments != nil {
		request["arguments"] = arguments
	}
	if err := json.NewEncoder(m.conn).Encode(request); err != nil {
		return fmt.Errorf("machine: %s: %w", command, err)
	}
	for {
		answer, err := m.next()
		if err != nil {
			return fmt.Errorf("machine: %s: %w", command, err)
		}
		if answer.Error != nil {
			return fmt.Errorf("machine: %s: %s: %s", command, answer.Error.Class, answer.Error.Desc)
		}
		if answer.Return == nil {
			continue
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(answer.Return, result)
	}
}

// tell carries out a command of the monitor for people, which answers if it fails.
func (m *monitor) tell(line string) error {
	var answer string
	err := m.do("human-monitor-command", map[string]any{"command-line": line}, &answer)
	if err == nil && answer != "" {
		err = fmt.Errorf("machine: %s: %s", line, answer)
	}
	return err
}

// next reads a message, and keeps it if it is an event.
func (m *monitor) next() (message, error) {
	var answer message
	if err := m.in.Decode(&answer); err != nil {
		return answer, err
	}
	if answer.Event != "" && len(m.events) < maxEvents {
		m.events = append(m.events, answer.event)
	}
	return answer, nil
}

// happened returns how often something happened since the machine started.
func (m *monitor) happened(name string) (n int, err error) {
	err = m.do("query-status", nil, nil) // reads what has arrived before its answer
	for _, e := range m.events {
		if e.Event == name {
			n++
		}
	}
	return n, err
}

// plug adds a device.
func (m *monitor) plug(id string, arguments map[string]any) error {
	arguments["id"] = id
	return m.do("device_add", arguments, nil)
}

// pull removes a device and waits until it has gone.
func (m *monitor) pull(id string) error {
	before := len(m.events)
	if err := m.do("device_del", map[string]any{"id": id}, nil); err != nil {
		return err
	}
	for {
		for _, e := range m.events[before:] {
			if e.Event == "DEVICE_DELETED" && e.Data["device"] == id {
				return nil
			}
		}
		if _, err := m.next(); err != nil {
			return fmt.Errorf("machine: pulling %s: %w", id, err)
		}
	}
}

// press presses keys, named as QEMU's qcodes, together and releases them.
func (m *monitor) press(keys ...string) error {
	var down, up []any
	for _, k := range keys {
		down = append(down, keyEvent(k, true))
		up = append([]any{keyEvent(k, false)}, up...)
	}
	for _, half := range [][]any{down, up} {
		if err := m.do("input-send-event", map[string]any{"events": half}, nil); err != nil {
			return err
		}
		time.Sleep(60 * time.Millisecond) // a finger is not faster, and the keyboard's queue holds 16 events
	}
	return nil
}

func keyEvent(key string, down bool) any {
	return map[string]any{"type": "key", "data": map[string]any{
		"down": down, "key": map[string]any{"type": "qcode", "data": key},
	}}
}

// tap touches the screen of width×height pixels at a pixel.
func (m *monitor) tap(x, y, width, height int) error {
	const full = 0x7fff
	axis := func(name string, value, of int) any {
		return map[string]any{"type": "abs", "data": map[string]any{"axis": name, "value": (2*value + 1) * full / (2 * of)}}
	}
	button := func(down bool) any {
		return map[string]any{"type": "btn", "data": map[string]any{"down": down, "button": "left"}}
	}
	for _, events := range [][]any{
		{axis("x", x, width), axis("y", y, height)}, {button(true)}, {button(false)},
	} {
		if err := m.do("input-send-event", map[string]any{"events": events}, nil); err != nil {
			return err
		}
		time.Sleep(120 * time.Millisecond) // a finger is not faster
	}
	return nil
}

// dial connects to a socket that may not be there yet.
func dial(ctx context.Context, path string) (net.Conn, error) {
	var d net.Dialer
	for {
		conn, err := d.DialContext(ctx, "unix", path)
		if err == nil {
			return conn, nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil, fmt.Errorf("machine: %w", err)
		}
	}
}
