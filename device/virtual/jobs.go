package virtual

import (
	"bytes"

	"infomat/device/escpos"
)

// Jobs returns the bytes of each job that the printer has received so far. See the function Jobs.
func (p *Printer) Jobs() [][]byte { return Jobs(p.Received(), p.options.Profile) }

// Jobs splits what a host has sent to a printer of profile p into jobs. A job begins with ESC @
// (initialise) and ends where the next one begins. Bytes before the first job are left out, and so is
// what the host sends around its jobs and between their parts: status questions, the question that confirms a job,
// the marker and its trial, commands that clear the buffer or retract a ticket, and the NUL bytes that end a broken
// picture. A command that has not arrived whole is left out too.
func Jobs(received []byte, p escpos.Profile) [][]byte {
	var jobs [][]byte
	var job []byte
	begun, end := false, 0 // end is the job's length without the NUL bytes behind its last command
	finish := func() {
		if begun {
			jobs = append(jobs, job[:end:end])
		}
	}
	data := withoutRealTime(received, p)
	for i := newInterpreter(p); len(data) > 0; {
		if bytes.HasPrefix(data, escpos.TryMacro) {
			data = data[len(escpos.TryMacro):]
			continue
		}
		n := i.step(data)
		if n == 0 {
			break
		}
		command := data[:n]
		data = data[n:]
		if bytes.Equal(command, []byte{0x1B, '@'}) {
			finish()
			job, begun, end = nil, true, 0
		}
		if !begun || aroundJobs(command, p) {
			continue
		}
		job = append(job, command...)
		if !bytes.Equal(command, []byte{0}) {
			end = len(job)
		}
	}
	finish()
	return jobs
}

// withoutRealTime returns data without the commands that the printer carries out as soon as they arrive,
// even in the middle of a picture.
func withoutRealTime(data []byte, p escpos.Profile) []byte {
	commands := [][]byte{goOn, p.Clear}
	for _, q := range p.Ask {
		commands = append(commands, q.Ask)
	}
	var rest []byte
next:
	for len(data) > 0 {
		for _, c := range commands {
			if len(c) > 0 && c[0] == dle && bytes.HasPrefix(data, c) {
				data = data[len(c):]
				continue next
			}
		}
		rest, data = append(rest, data[0]), data[1:]
	}
	return rest
}

// aroundJobs reports whether a command belongs to no job: a question, its switch, or a command that the
// host sends after a job has failed or a ticket was not taken.
func aroundJobs(command []byte, p escpos.Profile) bool {
	if bytes.Equal(command, p.Clear) || p.Presenter != nil && bytes.Equal(command, p.Presenter.Retract) {
		return true
	}
	for _, q := range p.Ask {
		if bytes.Equal(command, q.Ask) {
			return true
		}
	}
	// GS r n, GS a n, GS ( H; and the marker: GS :, GS ^
	for _, prefix := range []string{"\x1dr", "\x1da", "\x1d(H", "\x1d:", "\x1d^"} {
		if bytes.HasPrefix(command, []byte(prefix)) {
			return true
		}
	}
	return false
}

// dle begins the commands that are carried out as soon as they arrive.
const dle = 0x10

// firstJob returns where the first job begins in what a host has sent: at the first ESC @ behind which something else
// follows than the trial of the marker; -1 if there is none.
func firstJob(received []byte) int {
	initialise := []byte{0x1B, '@'}
	for at := 0; ; {
		n := bytes.Index(received[at:], initialise)
		if n < 0 {
			return -1
		}
		next := at + n + len(initialise)
		if next < len(received) && received[next] != escpos.TryMacro[len(initialise)] {
			return at + n
		}
		at = next
	}
}
